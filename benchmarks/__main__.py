"""`python -m benchmarks`: the quick measurement that `make bench` runs."""

from benchmarks.throughput import main

main()
