"""The dossier: which banks stand behind these firms, as a table with sources, as JSON or a document.

`naming` tells who is meant, `store` reads, `compose` makes the dossier; `layout` puts it in the words of a language,
`markdown`, `docx` and `xlsx` write that down, and `answer` sends it.
"""

from api.resources.dossier.routes import router

__all__ = ["router"]
