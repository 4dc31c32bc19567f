"""`python -m bench.ready_made PORT FILE`: a FastAPI route that answers the page in FILE, to hold the API against."""

import sys
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI

app = FastAPI()
_page: Any = None


@app.get("/page")
def page() -> Any:
    """The page as FastAPI sends what a route returns."""
    return _page


if __name__ == "__main__":
    _page = orjson.loads(Path(sys.argv[2]).read_bytes())
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
