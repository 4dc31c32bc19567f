"""Exports: any filtered list as CSV, XLSX, JSON lines or Parquet, streamed.

`tables/` says what can be taken away and `formats/` in which form; `running` is the query behind a file, `answer` the
way of its bytes to the reader.
"""

from api.resources.exports.routes import router

__all__ = ["router"]
