"""What is true of money, people, funds, pledges and payouts: frozen dataclasses, plain functions, no SQL."""
