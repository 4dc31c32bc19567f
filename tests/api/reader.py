"""A browser without its looks, for tests of what pages do."""

import re

import httpx


class Reader:
    """A browser without its looks: keeps cookies, sends forms as pages hold them."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.Client(base_url=base_url, trust_env=False, timeout=60, headers={"accept": "text/html"})
        self.origin = base_url

    def get(self, path: str, **options: object) -> httpx.Response:
        return self.http.get(path, **options)  # type: ignore[arg-type]

    def token(self, path: str = "/sign-in") -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.get(path).text)
        assert found
        return found[1]

    def send(self, path: str, form: dict[str, str], *, origin: str | None = None) -> httpx.Response:
        return self.http.post(path, data=form, headers={"origin": origin or self.origin})

    def sign_in(self, key: str, **fields: str) -> httpx.Response:
        return self.send("/sign-in", {"csrf": self.token(), "key": key, **fields})
