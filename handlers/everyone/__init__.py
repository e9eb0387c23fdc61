"""What everybody may do, linked or not."""
