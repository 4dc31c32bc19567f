"""What `yinqi extract --explain` shows: one article's explanation on a terminal and as a page of HTML, in Chinese."""

from cli.explain.html import page
from cli.explain.terminal import show

__all__ = ["page", "show"]
