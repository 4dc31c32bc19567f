"""A small press: sets invented stories on newspaper pages, and knows what stands in which story."""
