"""What stands between the fund and Telegram."""
