"""How alike two articles are: named terms, one probability, and the reasons to show."""
