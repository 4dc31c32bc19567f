"""The embedded servers: for any user, under any path, closed to others, and with their data kept."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from cli import embedded

ANSWER = """
import sys
from pathlib import Path
from sqlalchemy import create_engine, text
from cli import embedded
with embedded.servers(Path(sys.argv[1])) as running:
    engine = create_engine(running.database_url)
    with engine.connect() as connection:
        print(connection.scalar(text("SELECT current_setting('server_version_num')::int >= 180000")))
    engine.dispose()
"""


def test_nobody_gets_in_without_the_password(servers: embedded.Servers) -> None:
    engine = create_engine(make_url(servers.database_url).set(password="guess"))
    with pytest.raises(OperationalError, match="password"):
        engine.connect()
    with (
        Redis.from_url(servers.broker_url.replace("redis://:", "redis://:x")) as broker,
        pytest.raises(AuthenticationError),
    ):
        broker.ping()


def test_both_servers_keep_their_data(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="yq"))
    try:
        with embedded.servers(folder) as first:
            _write(first)
        with embedded.servers(folder) as second:
            engine = create_engine(second.database_url)
            with engine.connect() as connection, Redis.from_url(second.broker_url) as broker:
                assert connection.scalar(text("SELECT word FROM kept")) == "银企"
                assert broker.get("kept") == b"1"
            engine.dispose()
    finally:
        shutil.rmtree(folder)


def _write(servers: embedded.Servers) -> None:
    engine = create_engine(servers.database_url)
    with engine.begin() as connection, Redis.from_url(servers.broker_url) as broker:
        connection.execute(text("CREATE TABLE kept AS SELECT '银企' AS word"))
        broker.set("kept", 1)
    engine.dispose()


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100)
    with embedded.postgres(folder) as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        engine.dispose()


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can become another user")
def test_another_user_of_the_machine_has_servers_of_its_own(servers: embedded.Servers) -> None:
    """While root's run; that user may read the program, which may lie in root's folder, and write its own folder."""
    folder = Path(tempfile.mkdtemp(prefix="yq"))
    os.chown(folder, 65534, 65534)
    capability = "+dac_read_search"
    become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", f"--inh-caps={capability}"]
    command = [*become, f"--ambient-caps={capability}", sys.executable, "-c", ANSWER, str(folder / "home")]
    clean = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    try:
        done = subprocess.run(
            command, env={**clean, "HOME": str(folder)}, capture_output=True, text=True, timeout=100, check=False
        )
    finally:
        shutil.rmtree(folder)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == "True"
