"""The curl calls of the pages, and what is shown as their answers."""

import json
import re
import shlex
from itertools import pairwise
from typing import Any, NamedTuple

import httpx

from tests.docs import pages


class Call(NamedTuple):
    """A curl call with the heading that it stands under, and the answer that is shown below it."""

    heading: str
    text: str
    shown: Any = None


def calls(page: str) -> list[Call]:
    """Every curl call of a page."""
    found = []
    for one in pages.sections(page):
        for (language, code), below in pairwise([*pages.all_fences(one.text), pages.Fence("", "")]):
            joined = code.replace("\\\n", " ") if language == "sh" else ""
            own = [Call(one.heading.text, call) for call in re.split(r"^(?=curl )", joined, flags=re.MULTILINE)[1:]]
            if own and below[0] == "json":
                own[-1] = own[-1]._replace(shown=json.loads(below[1]))
            found += own
    return found


def ask(call: str, variables: dict[str, str]) -> httpx.Response:
    """What curl would do with these arguments."""
    for name in sorted(variables, key=len, reverse=True):
        call = call.replace(f"${name}", variables[name])
    words, method, headers, data, url = iter(shlex.split(call)[1:]), "", {}, [], ""
    as_query = False
    for word in words:
        if word in ("-s", "-sG"):
            as_query = "G" in word
        elif word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word in ("-d", "--data-urlencode"):
            data.append(next(words))
        else:
            assert not word.startswith("-") and not url, f"this test does not know {word!r} in {call}"
            url = word
    query: Any = [(name, value) for name, _, value in (pair.partition("=") for pair in data)] if as_query else None
    body = "".join(data).encode() if data and not as_query else None
    with httpx.Client(trust_env=False, timeout=60) as client:  # an ingest process looks at a site meanwhile
        return client.request(method or ("POST" if body else "GET"), url, headers=headers, params=query, content=body)
