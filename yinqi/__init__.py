"""yinqi."""
