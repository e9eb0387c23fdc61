"""python-telegram-bot told to handle 256 updates at once, on its default request."""

from __future__ import annotations

import sys

from benchmarks.peers.ptb_one_by_one import main

if __name__ == "__main__":
    main(sys.argv[1], 256)
