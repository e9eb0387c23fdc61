"""What one may ask of the fund: one method = one request = one transaction. Each asks for the right to it first."""
