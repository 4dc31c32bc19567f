"""Looks at a page as people do: in both languages, on a desk and on a phone, with and without JavaScript.

Each look leaves a screenshot in var/screenshots and asserts what holds for every page: the console stays clean under
the policy, nothing scrolls sideways, axe finds no serious fault, the keyboard gets everywhere.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from playwright.sync_api import Browser, Page, ViewportSize

ROOT = Path(__file__).parent.parent.parent
SCREENSHOTS = ROOT / "var" / "screenshots"
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
WIDTHS = (360, 1280)
LANGUAGES = ("zh", "en")
_ADRIFT = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_REACHABLE = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
  .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex < 0)
  .map((one) => one.outerHTML.slice(0, 120))"""


class Look(NamedTuple):
    """How a page is looked at."""

    language: str
    width: int
    script: bool = True
    theme: str = "light"

    @property
    def name(self) -> str:
        """What its screenshot is called after."""
        return (
            f"{self.language}-{self.width}{'' if self.script else '-noscript'}{'-dark' if self.theme == 'dark' else ''}"
        )


LOOKS = (
    Look("zh", 1280),
    Look("zh", 360),
    Look("en", 1280, theme="dark"),
    Look("en", 360, theme="dark"),
    Look("zh", 360, script=False),
    Look("en", 1280, script=False),
)
"""Both languages at both widths with JavaScript, in light and dark; and both without."""
SEARCHED = (LOOKS[0], LOOKS[3])
"""Those in which axe looks for faults, which takes a second: both languages, widths and colours."""


class Visits:
    """A reader who is signed in."""

    def __init__(self, browser: Browser, base_url: str, key: str) -> None:
        self._browser, self._base_url, self._key = browser, base_url, key
        self._session: str | None = None

    @contextmanager
    def open(self, path: str, look: Look = LOOKS[0], *, signed_in: bool = True) -> Iterator[Page]:
        """The page at `path`, looked at so; what its console said is asserted to be nothing when this ends."""
        size = ViewportSize(width=look.width, height=800)
        context = self._browser.new_context(
            viewport=size, java_script_enabled=look.script, color_scheme="light", bypass_csp=False
        )
        context.set_default_timeout(15_000)
        cookies = {"lang": look.language, "theme": look.theme} | ({"yinqi": self._signed_in()} if signed_in else {})
        context.add_cookies([{"name": name, "value": value, "url": self._base_url} for name, value in cookies.items()])
        said: list[str] = []
        page = context.new_page()
        page.on("console", lambda message: message.type == "verbose" or said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("requestfailed", lambda failed: said.append(f"failed: {failed.url} {failed.failure}"))
        try:
            page.goto(self._base_url + path)
            yield page
            said = [one for one in said if not ("failed:" in one and "ERR_ABORTED" in one)]
            assert said == [], f"{path} ({look.name}): {said}"
        finally:
            context.close()

    def see(self, path: str, name: str, *, expect: dict[str, str], looks: tuple[Look, ...] = LOOKS) -> None:
        """Look at `path` in every way; `expect` is a text that must show, by language. `name` is its screenshots'."""
        for look in looks:
            with self.open(path, look) as page:
                assert expect[look.language] in page.inner_text("main"), f"{path} ({look.name})"
                self.judge(page, name, look)

    def judge(self, page: Page, name: str, look: Look) -> None:
        """What holds for every page; leaves its screenshot."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}-{look.name}.png", full_page=True)
        where = f"{name} ({look.name})"
        if not look.script:
            return
        assert page.evaluate(_ADRIFT) <= 0, f"{where} scrolls sideways"
        assert page.evaluate(_REACHABLE) == [], f"{where}: the keyboard does not reach these"
        if look in SEARCHED or look not in LOOKS:
            faults = axe(page)
            assert faults == [], f"{where}: {faults}"

    def _signed_in(self) -> str:
        """The session's token, got by the form as everyone gets it."""
        if self._session is None:
            with httpx.Client(base_url=self._base_url, trust_env=False, timeout=60) as client:
                token = re.search(r'name="csrf" value="(\w+)"', client.get("/sign-in").text)
                assert token
                form = {"csrf": token[1], "key": self._key}
                answer = client.post("/sign-in", data=form, headers={"origin": self._base_url})
                assert answer.status_code == 303
                self._session = answer.cookies["yinqi"]
        return self._session


def axe(page: Page) -> list[str]:
    """What axe finds that is serious or worse, each with the first element at fault."""
    page.evaluate(AXE)  # over the debugger, which the page's policy does not bind
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
