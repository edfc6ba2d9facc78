"""From an article as received to its own text: what is cut, and why."""
