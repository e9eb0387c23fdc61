"""What a household does."""
