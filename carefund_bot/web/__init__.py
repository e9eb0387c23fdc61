"""What the bot serves over HTTP: its health, and Telegram's webhook where that is how updates come."""
