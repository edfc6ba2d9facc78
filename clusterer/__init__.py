"""Groups a stream of news articles into event clusters, and says why.

The library's entry point is :class:`clusterer.bootstrap.Clusterer`; nothing is imported or started here.
"""

__version__ = "0.1.0"
