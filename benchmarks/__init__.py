"""What `make bench` runs: each prints its figures beside the nearest thing that others would use."""
