"""The same work in its library's usual way. Each is a program: `python -m benchmarks.peers.NAME URL`."""
