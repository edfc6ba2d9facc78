"""The two stages of a worker: preparing articles and assigning them."""
