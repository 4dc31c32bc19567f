"""However much many sites send at once, the process that polls them stays small."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import Source
from tests.fakes.origin import Origin
from tests.ingest.polling import add_source

pytestmark = [
    pytest.mark.ssrf,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux listens on all of 127.0.0.0/8 by itself"),
]

_POLL = """
import asyncio, resource
from pathlib import Path
resource.setrlimit(resource.RLIMIT_DATA, ({most}, {most}))
from core.addresses import parse_networks
from core.http import AsyncOutbound
from ingest.isolate import Readers
from ingest.poll import Poller
async def work():
    out = AsyncOutbound(allow=parse_networks(["127.0.0.1"]), resolve=lambda *_: ["127.0.0.1"])
    async with out, Readers(1) as readers, Poller(out, readers) as poller:
        for _ in range(3):
            await poller.once()
asyncio.run(work())
# not ru_maxrss: that of a child counts what its parent held when it was made
told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(int(told["VmHWM"].split()[0]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux's /proc")
def test_many_bombs_at_once_do_not_fill_the_ingest_process(
    environment: dict[str, str], session: Session, site: Origin
) -> None:
    """Ten answers of a gibibyte each, unpacked, to a process that may have 450 MiB of data."""
    for number in range(10):
        add_source(session, site.url("/bomb?mb=1024", host=f"site{number}.example"), name=f"bomb {number}")
    made = _POLL.format(most=450 * 2**20)
    polling = {**environment, "YINQI_HOST_DELAY": "0"}
    ended = subprocess.run([sys.executable, "-c", made], env=polling, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    session.expire_all()
    failed = [row.last_error for row in session.scalars(select(Source))]
    assert all("larger than 15728640 bytes" in str(error) for error in failed), failed
    assert int(ended.stdout.split()[-1]) < 450
