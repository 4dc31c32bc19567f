"""Check the licences of the installed packages: permissive or LGPL (or MPL), never GPL or AGPL.

Reads what each package says of itself: License-Expression, else the licence classifiers, else License; and of scripts
that `make vendor` brought what api/dashboard/vendor.toml says, whose licence must lie beside them.
"""

import re
import sys
import tomllib
from importlib.metadata import Distribution, distributions
from pathlib import Path

_COPYLEFT = re.compile(r"(?<![A-Za-z])A?GPL|General Public License|Affero", re.IGNORECASE)
# taken out of a name before the search, since LGPL may be here
_LESSER = re.compile(r"Lesser General Public License|LGPL", re.IGNORECASE)
ROOT = Path(__file__).parent.parent
# packages whose metadata name no licence, with where it was read instead
READ_BY_HAND: dict[str, str] = {}


def licence(package: Distribution) -> list[str]:
    """The licences that the package offers: one of them suffices."""
    meta = package.metadata
    if expression := meta.get("License-Expression"):
        return re.split(r"\s+OR\s+", expression)
    classifiers = [
        line.rsplit(" :: ", 1)[-1] for line in meta.get_all("Classifier") or () if line.startswith("License")
    ]
    named = [name for name in classifiers if name != "OSI Approved"]
    if named:
        return named
    return [text.splitlines()[0][:100]] if (text := (meta.get("License") or "").strip()) else []


def forbidden(name: str) -> bool:
    """Is this one licence GPL or AGPL?"""
    return bool(_COPYLEFT.search(_LESSER.sub("", name)))


def vendored() -> list[str]:
    """What is wrong with the scripts that were brought."""
    wrong = []
    for package in tomllib.loads((ROOT / "api/dashboard/vendor.toml").read_text())["package"]:
        if forbidden(package["licence"]):
            wrong.append(f"{package['name']}: {package['licence']}")
        beside = [ROOT / package["into"] / f"{package['name']}.{name}.txt" for name in package["licence_files"]]
        wrong += [f"{package['name']}: {path.name} does not lie beside it" for path in beside if not path.is_file()]
    return wrong


def main() -> int:
    """Print each package that may not be here; 0 where there is none."""
    wrong, counted = vendored(), 0
    for package in sorted(distributions(), key=lambda found: found.name.lower()):
        counted += 1
        offered = licence(package) or ([READ_BY_HAND[package.name]] if package.name in READ_BY_HAND else [])
        if not offered:
            wrong.append(
                f"{package.name} {package.version}: names no licence; read its sources, then add it to READ_BY_HAND"
            )
        elif all(forbidden(name) for name in offered):
            wrong.append(f"{package.name} {package.version}: {' or '.join(offered)}")
    for line in wrong:
        print(line)
    print(f"licences: {counted} packages, {len(wrong)} not allowed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
