"""Check the licences of the installed packages: permissive or LGPL (or MPL), never GPL or AGPL.

Reads what each package says of itself: License-Expression, else the licence classifiers, else License.
"""

import re
import sys
from importlib.metadata import Distribution, distributions

_COPYLEFT = re.compile(r"(?<![A-Za-z])A?GPL|General Public License|Affero", re.IGNORECASE)
# taken out of a name before the search, since LGPL may be here
_LESSER = re.compile(r"Lesser General Public License|LGPL", re.IGNORECASE)
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


def main() -> int:
    """Print each package that may not be here; 0 where there is none."""
    wrong, counted = [], 0
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
