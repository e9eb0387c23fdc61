"""What stands between the fund and Telegram."""

import os

os.environ["PTB_TIMEDELTA"] = "true"  # the library's own switch: without it every 429 warns of a future change
