"""What is done from a terminal; one file per command, registered in `bot.py`."""
