"""Which of Apprise's services speak by `requests` alone: read from the imports of each plugin's source.

    python -m tests.alerts.apprise_plugins

prints the list that alerts/data/apprise.json holds; run it when Apprise is upgraded.
"""

import ast
import importlib
import json
import warnings
from pathlib import Path

from apprise.manager_plugins import NotificationManager

# what cannot open a connection, a program or a file; `open` and `urllib.request` are looked for by name below
HARMLESS = frozenset(
    "__future__ base64 binascii calendar collections contextlib copy cryptography dataclasses datetime email enum "  # noqa: SIM905
    "functools hashlib hmac html itertools json locale logging math operator os random re requests secrets string "
    "struct textwrap time typing unicodedata urllib uuid xml zlib".split()
)
# these take a template of the user's by it, whose address alerts/channels/apprise.py refuses
KNOWN_FOR = {"AppriseAttachment": {"discord", "slack", "telegram", "bale", "onebot"}}
FOREIGN = (
    "urllib.request",
    "HTTPAdapter",
    "subprocess",
    "socket",
    "from_file",
    "keyfile",
    "subfile",
    "NamedTemporaryFile",
)


def speaks_by_requests(module: str) -> bool:
    """Whether a plugin's module reaches the world by `requests` alone."""
    source = Path(str(importlib.import_module(module).__file__)).read_text("utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and any(not _is_harmless(one.name) for one in node.names):
            return False
        if isinstance(node, ast.ImportFrom) and not node.level and not _is_harmless(node.module or ""):
            return False
        if isinstance(node, ast.ImportFrom) and node.level and _reaches_out(module, node):
            return False
    return not any(word in source for word in FOREIGN)


def _is_harmless(name: str) -> bool:
    return name.partition(".")[0] in HARMLESS


def _reaches_out(module: str, node: ast.ImportFrom) -> bool:
    names = {one.name for one in node.names}
    own = module.rpartition(".")[2]
    if "AppriseAttachment" in names:
        return own not in KNOWN_FOR["AppriseAttachment"]
    return "socket" in (node.module or "")


def services() -> dict[str, str]:
    """The schemas of all such plugins, each with its module and class."""
    with warnings.catch_warnings(action="ignore"):  # of plugins that use what a later Python drops
        manager = NotificationManager()
        found = [(schema, manager[schema]) for schema in sorted(manager.schemas())]
        kept = [(schema, plugin) for schema, plugin in found if plugin and speaks_by_requests(plugin.__module__)]
    return {schema: f"{one.__module__.removeprefix('apprise.plugins.')}:{one.__name__}" for schema, one in kept}


if __name__ == "__main__":
    print(json.dumps(services()))
