"""Files read a little ahead, several at once: documents are read by processes of their own, which need not wait."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from ingest.files.read import Manner, Piece, Place
from ingest.files.read import pieces as of_file
from ingest.files.walk import Found, is_lines
from ingest.isolate import PROCESSES

_AHEAD = 2 * PROCESSES  # documents, each of which may hold 50 MiB until it is read


def pieces(files: Iterable[tuple[Found, Place]], manner: Manner) -> Iterator[Piece]:
    """The pieces of all files, in the order of the files. A file of lines is read as it goes, since it may be large."""
    waiting: deque[Future[list[Piece]]] = deque()
    with ThreadPoolExecutor(PROCESSES, thread_name_prefix="files") as pool:
        try:
            for found, start in files:
                if not is_lines(found.path):
                    waiting.append(pool.submit(_document, found, manner))
                    if len(waiting) < _AHEAD:
                        continue
                    yield from waiting.popleft().result()
                    continue
                while waiting:
                    yield from waiting.popleft().result()
                yield from of_file(found, manner, start)
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _document(found: Found, manner: Manner) -> list[Piece]:
    return list(of_file(found, manner))
