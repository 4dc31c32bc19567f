"""One process of the lexicon's bench: `build` makes the name table, `start` opens it and waits for a new name."""

import json
import resource
import sys
import time

STARTED = time.perf_counter()
NEW = "穹天航芯今天开业。"


def main(task: str) -> None:
    """Print a line of JSON: seconds, megabytes and, for `start`, MB/s and the seconds until the new name counted."""
    told = _build() if task == "build" else _start()
    told["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps(told), flush=True)


def _build() -> dict[str, float]:
    from extractor import name_tables

    name_tables.main()
    return {"seconds": time.perf_counter() - STARTED}


def _start() -> dict[str, float]:
    import extractor.tasks  # noqa: F401 - what a worker loads
    from core import database
    from extractor import lexicon_live

    loaded = time.perf_counter()
    with database.transaction() as session:
        lexicon = lexicon_live.current(session)
    ready = time.perf_counter()
    from bench.lexicon import _searched  # which loads the embedded servers too: no part of a worker's start

    speed = float(_searched("", lexicon).value.split()[0])
    print("ready", flush=True)
    began = time.perf_counter()
    while not any(hit.entry for hit in lexicon.find(NEW)):
        time.sleep(0.02)
        with database.transaction() as session:
            lexicon = lexicon_live.current(session)
    new = time.perf_counter() - began
    return {"seconds": ready - STARTED, "lexicon": ready - loaded, "speed": speed, "new": new}


if __name__ == "__main__":
    main(sys.argv[1])
