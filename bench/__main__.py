"""`python -m bench [NAME …] [--events N]`: what is named, or everything."""

import argparse
import signal
import sys
from collections.abc import Callable

from bench import (
    asking,
    backfill,
    chain,
    cleaning,
    delivering,
    duplicates,
    export,
    extraction,
    latency,
    lexicon,
    matching,
    memory,
    polling,
    stream,
)
from bench.report import Row, machine, say, show
from bench.stack import Broken

BENCHES: dict[str, tuple[str, Callable[..., list[Row]]]] = {
    "extraction": ("Extraction (CPU time, one thread, best of three)", extraction.run),
    "chain": ("The whole embedded chain", chain.run),
    "latency": ("From push to webhook, one article after another", latency.run),
    "lexicon": ("Registers of very many names", lexicon.run),
    "polling": ("Polling of many sources", polling.run),
    "delivering": ("Delivering of many webhooks", delivering.run),
    "memory": ("Resident memory after work", memory.run),
    "cleaning": ("Web pages into articles (CPU time, one thread)", cleaning.run),
    "duplicates": ("Near-duplicates among a million articles", duplicates.run),
    "matching": ("Watchlists that want one event, among a million watch items", matching.run),
    "stream": ("The live stream to many listeners of one process", stream.run),
    "history": ("Questions to a large history, beside a small one", asking.run),
    "export": ("Exports of a large history", export.run),
    "backfill": ("An archive into the history", backfill.run),
}
SIZED = {"history", "export"}


def main(arguments: list[str]) -> int:
    """Run the benches named in `arguments`; the exit code, 1 where one could not be run."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(BENCHES)}; default: all")
    parser.add_argument("--events", type=int, metavar="N", help="size of the large history (history, export)")
    given = parser.parse_args(arguments)
    names = given.names or list(BENCHES)
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"no bench is called {', '.join(unknown)}; known are {', '.join(BENCHES)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    print(machine(), end="\n\n", flush=True)
    broken = 0
    for name in names:
        title, run = BENCHES[name]
        try:
            rows = run(many=given.events) if given.events and name in SIZED else run()
        except Broken as error:
            broken, rows = 1, [Row("could not be measured", str(error))]
        say("")
        show(title, rows)
    return broken


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
