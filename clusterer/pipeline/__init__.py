"""The way of an article, stage by stage, over the ports."""
