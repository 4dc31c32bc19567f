"""Names: banks and firms by alias, stock code, pinyin, initials, and by what was typed almost right."""

from api.resources.names.routes import router

__all__ = ["router"]
