"""Bring the scripts that api/dashboard/vendor.toml names from their npm packages; `make vendor` calls it.

Needs npm, which only packs: nothing of a package is run. An archive of another integrity is refused.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
NAMED = ROOT / "api" / "dashboard" / "vendor.toml"


def fetch(package: dict[str, Any], folder: Path) -> Path:
    """The package's archive; SystemExit where it is not the one that was pinned."""
    named = f"{package['name']}@{package['version']}"
    subprocess.run(  # noqa: S603 - what is asked for stands in our own file
        ["npm", "pack", named, "--silent", "--ignore-scripts", "--pack-destination", str(folder)],  # noqa: S607 - npm is where PATH has it
        check=True,
        stdout=subprocess.DEVNULL,
    )
    [archive] = folder.glob("*.tgz")
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package["integrity"]:
        raise SystemExit(f"{named}: its archive has the integrity {found}, and {NAMED.name} names another")
    return archive


def unpack(package: dict[str, Any], archive: Path) -> None:
    """Write the named files and the licences into the package's folder."""
    into = ROOT / package["into"]
    into.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as packed:
        for name, digest in package["files"].items():
            content = _read(packed, name)
            if (found := hashlib.sha256(content).hexdigest()) != digest:
                raise SystemExit(f"{package['name']}: {name} has the sha256 {found}, and {NAMED.name} names another")
            (into / Path(name).name).write_bytes(content)
        for name in package["licence_files"]:
            (into / f"{package['name']}.{name}.txt").write_bytes(_read(packed, name))


def _read(packed: tarfile.TarFile, name: str) -> bytes:
    file = packed.extractfile(f"package/{name}")
    assert file is not None, f"{name} is no file"
    return file.read()


def main() -> int:
    """Bring all of them."""
    for package in tomllib.loads(NAMED.read_text())["package"]:
        with tempfile.TemporaryDirectory() as folder:
            unpack(package, fetch(package, Path(folder)))
        print(f"vendor: {package['name']} {package['version']} into {package['into']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
