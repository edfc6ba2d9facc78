"""How a cluster is shown: its title, keywords and names, and what its articles have in common."""
