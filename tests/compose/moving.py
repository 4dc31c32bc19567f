"""A backup moves the installation out of Docker into embedded servers, and from there back into Docker."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.compose.stack import SERVICES, Stack

ROOT = Path(__file__).parent.parent.parent


def there_and_back(stack: Stack) -> str:
    """Backup in the stack, restore into embedded servers, backup there, restore into the emptied stack."""
    with tempfile.TemporaryDirectory(prefix="yq") as folder:
        Path(folder).chmod(0o777)  # the container's user writes here
        mount = f"{folder}:/backup"
        stack.compose("run", "--rm", "-v", mount, "init", "yinqi", "backup", "/backup/docker.tar.gz")
        home = Path(folder) / "home"
        told = _yinqi(home, "restore", f"{folder}/docker.tar.gz")
        _yinqi(home, "backup", f"{folder}/embedded.tar.gz")
        (Path(folder) / "embedded.tar.gz").chmod(0o644)
        stack.compose("stop", *SERVICES, timeout=180)
        given = ("init", "yinqi", "restore", "/backup/embedded.tar.gz", "--replace")
        stack.compose("run", "--rm", "-v", mount, *given)
    stack.up("--no-build")
    return "out of Docker and back: " + told.strip().splitlines()[-1].partition(": ")[2]


def _yinqi(home: Path, *command: str) -> str:
    """A `yinqi` command of this checkout on embedded servers with their data in `home`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YINQI_")}
    done = subprocess.run(
        [sys.executable, "-m", "cli", *command],
        cwd=ROOT,
        env={**clean, "YINQI_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"yinqi {command[0]} on embedded servers: {done.stdout}{done.stderr}"
    return done.stdout
