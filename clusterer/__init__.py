"""Groups a stream of news articles into event clusters, and says why.

`from clusterer import Clusterer` is the front for programs (see clusterer/library.py). Nothing else is imported or started here.
Which file to edit for which change: the table "To change X, edit Y" in docs/architecture.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clusterer.library import Cluster, Clusterer

__version__ = "0.1.0"
__all__ = ["Cluster", "Clusterer"]


def __getattr__(name: str) -> object:
    """The front, when it is first asked for: it brings FAISS and the model's libraries, which commands and clients need not load."""
    if name in __all__:
        from clusterer import library

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
