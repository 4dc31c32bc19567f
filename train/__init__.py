"""Training, never imported at run time: what the extractor has learnt comes from here, from the gold alone."""
