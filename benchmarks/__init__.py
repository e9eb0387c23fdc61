"""What the bot costs, measured beside what others do: `make bench`, or `python -m benchmarks.run NAME...` for parts.

Every figure is a ratio of two measurements that alternate in one run on one machine: this bot as a real process on a
store with half a million members, and a peer that does the same thing in its library's usual way, often with no store
at all. The bot under test has core 0 to itself, the pretended Bot API core 1.
"""
