"""Names as people type them: which banks and firms they may mean, for `/v1/names` and for watchlists."""
