"""What a party member does."""
