"""The web page: what people look at and correct. Handlers ask the lookups and render; they decide nothing."""
