"""What the stack promises of its containers: what they may write, reach, publish and use."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.compose.stack import SERVERS, SERVICES, Stack

MOST_BYTES = 700 * 1000**2
MAY_REACH_OUTSIDE = {"ingest", "alerts"}

# run inside a container: ends the service below the container's init, as a crash would
KILL_THE_SERVICE = """
import os, signal, pathlib
for stat in pathlib.Path('/proc').glob('[0-9]*/stat'):
    if stat.read_text().rpartition(')')[2].split()[1] == '1':
        os.kill(int(stat.parent.name), signal.SIGKILL)
"""

_CONNECT = "import socket,sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 4)"
_WRITE = "import pathlib,sys; pathlib.Path(sys.argv[1], 'x').write_text('x')"


def image_size(stack: Stack) -> str:
    size = int(stack.run("docker", "image", "inspect", "-f", "{{.Size}}", stack.image))
    assert size <= MOST_BYTES, f"the image has {size / 1e6:.0f} MB, more than {MOST_BYTES / 1e6:.0f}"
    return f"{size / 1e6:.0f} MB (at most {MOST_BYTES / 1e6:.0f})"


def health(stack: Stack) -> str:
    found = {name: one["State"].get("Health", {}).get("Status") for name, one in _running(stack).items()}
    assert {name.rsplit("-", 1)[0] for name in found} == {*SERVICES, *SERVERS, "receiver"}
    wrong = {name: state for name, state in found.items() if state != "healthy"}
    assert not wrong, f"not healthy: {wrong}"
    return f"{len(found)} of {len(found)} healthy"


def ports(stack: Stack) -> str:
    published = {
        (binding["HostIp"], int(binding["HostPort"]))
        for one in stack.containers().values()
        for bindings in (one["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or ()
    }
    expected = {("127.0.0.1", stack.api_port), ("127.0.0.1", stack.mail_port)}
    assert published == expected, f"published are {sorted(published)}"
    return "the API's and Mailpit's, on loopback"


def confinement(stack: Stack) -> str:
    for name, one in _running(stack).items():
        service, host = name.rsplit("-", 1)[0], one["HostConfig"]
        if service == "receiver":
            continue
        assert host["ReadonlyRootfs"], f"{name}: its root file system can be written"
        assert host["CapDrop"] == ["ALL"], f"{name}: keeps capabilities"
        assert any(option.startswith("no-new-privileges") for option in host["SecurityOpt"] or ()), name
        assert host["Memory"] > 0, f"{name}: no memory limit"
        assert host["RestartPolicy"]["Name"] == "unless-stopped", f"{name}: no restart policy"
    for service in SERVICES:
        user = stack.exec(service, "id", "-u").strip()
        assert user not in ("", "0"), f"{service} runs as root"
        for folder in ("/app", "/run/yinqi/secrets", "/"):
            refused = _refused(stack, service, _WRITE, folder)
            assert refused and re.search("Read-only|Permission", refused), f"{service} can write into {folder}"
    return "no root, read-only root, no capabilities, memory limits, restart policies"


def reach(stack: Stack) -> str:
    """Only ingest and alerts reach beyond this machine; asked of the machine's own name server, over TCP."""
    target = re.search(r"^nameserver\s+(\S+)", Path("/etc/resolv.conf").read_text(), re.MULTILINE)
    address = target[1] if target and not target[1].startswith("127.") else "1.1.1.1"
    reached = {service for service in SERVICES if _refused(stack, service, _CONNECT, address, "53") is None}
    assert reached <= MAY_REACH_OUTSIDE, f"{sorted(reached - MAY_REACH_OUTSIDE)} reach {address}"
    for service in SERVICES:
        assert _refused(stack, service, _CONNECT, "postgres", "5432") is None, f"{service} does not reach postgres"
    if not reached:
        return f"api, extractor, scheduler cannot; nothing here reaches {address}, so the rest is not shown"
    assert reached == MAY_REACH_OUTSIDE, f"only {sorted(reached)} reach {address}"
    return "ingest and alerts do; api, extractor and scheduler cannot"


def memory(stack: Stack) -> str:
    """What each service uses now, beside its limit."""
    names = [one["Name"].lstrip("/") for one in _running(stack).values()]
    lines = stack.run("docker", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}", *names).splitlines()
    told = (line.removeprefix(f"{stack.project}-").split(" / ") for line in lines)
    return ", ".join(used for used, _ in told)


CHECKS: tuple[tuple[str, Callable[[Stack], str]], ...] = (
    ("image size", image_size),
    ("health checks", health),
    ("published ports", ports),
    ("confinement", confinement),
    ("who reaches outside", reach),
)


def _running(stack: Stack) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in stack.containers().items() if not name.startswith(("secrets-", "init-"))}


def _refused(stack: Stack, service: str, code: str, *arguments: str) -> str | None:
    """Why `code` failed inside the service's container, None where it did not."""
    try:
        stack.exec(service, "python", "-c", code, *arguments)
    except RuntimeError as error:
        return str(error)
    return None
