"""Implementations of the ports; only `clusterer.bootstrap` imports them."""
