"""The nightly reclustering: snapshot, plan, publication."""
