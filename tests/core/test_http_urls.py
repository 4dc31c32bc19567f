"""What may be written as a URL at all."""

import pytest

from core.errors import RejectedInput
from core.http import BadUrl, check_url

pytestmark = pytest.mark.ssrf


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "neither http"),
        ("example.com/feed", "neither http"),
        ("ftp://example.com/", "neither http"),
        ("file:///etc/passwd", "neither http"),
        ("gopher://127.0.0.1:6379/_x", "neither http"),
        ("javascript:alert(1)", "neither http"),
        ("//example.com/", "neither http"),
        ("http:example.com", "neither http"),
        ("http://", "no host"),
        ("http:///path", "no host"),
        ("http://?q=1", "no host"),
        ("http://user@example.com/", "user name"),
        ("http://user:secret@example.com/", "user name"),
        ("http://@example.com/", "user name"),
        ("http://example.com@127.0.0.1/", "user name"),
        ("http://169.254.169.254:8888\\@example.com/", "backslash"),
        ("http:\\\\example.com/", "backslash"),
        ("http://example.com/\\..", "backslash"),
        ("http://example.com/\r\nHost: inside", "control"),
        ("http://exa\tmple.com/", "control"),
        ("http://example.com/\x00", "control"),
        ("http://example.com/a b", "white space"),
        (" http://example.com/", "white space"),
        ("http://example.com/\u202e", "control"),
        ("http://exam\u200bple.com/", "control"),
        ("http://example.com/\ud800", "control"),
        ("http://2130706433/", "four decimal numbers"),
        ("http://0x7f000001/", "four decimal numbers"),
        ("http://0x7f.0.0.0x1/", "four decimal numbers"),
        ("http://0177.0.0.1/", None),
        ("http://127.1/", "four decimal numbers"),
        ("http://127.0.0.1./", "four decimal numbers"),
        ("http://256.1.1.1/", None),
        ("http://[::1/", None),
        ("http://[fe80::1%25eth0]/", None),
        ("http://[fe80::1%eth0]/", None),
        ("http://[v1.x]/", None),
        ("http://a..b/", None),
        ("http://-a.example/", None),
        ("http://exa%6dple.com/", None),
        ("http://127.0.0.1%2f/", None),
        ("http://exa<mple>.com/", None),
        ("http://☃☃\u0300.\u0301/", None),
        ("http://xn--/", None),
        ("http://" + "a" * 64 + ".com/", None),
        ("http://example.com:0/", "port 0"),
        ("http://example.com:99999/", "port 99999"),
        ("http://example.com:x/", None),
        ("http://example.com/" + "a" * 5000, "longer than"),
    ],
)
def test_a_trick_url_is_refused_with_its_reason(url: str, reason: str | None) -> None:
    with pytest.raises(BadUrl, match=reason):
        check_url(url)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("http://example.com", "http://example.com"),
        ("HTTPS://Example.COM:443/Feed?x=1", "https://example.com/Feed?x=1"),
        ("https://finance.example.cn/rss.xml", "https://finance.example.cn/rss.xml"),
        ("http://例子.中国/新闻", "http://xn--fsqu00a.xn--fiqs8s/%E6%96%B0%E9%97%BB"),
        ("http://8.8.8.8:8080/", "http://8.8.8.8:8080/"),
        ("http://[2400:3200::1]/a", "http://[2400:3200::1]/a"),
        ("http://under_score.example/", "http://under_score.example/"),
        ("http://receiver:9000/hook", "http://receiver:9000/hook"),
        ("http://example.com/a@b?c@d", "http://example.com/a@b?c@d"),
    ],
)
def test_an_ordinary_url_comes_back_in_normal_form(url: str, normal: str) -> None:
    assert check_url(url) == normal


def test_a_reason_never_shows_password_path_or_query() -> None:
    for url in ("http://user:hunter2@h/", "http://h/hunter2 x", "http://h\\?token=hunter2", "ftp://h/hunter2"):
        with pytest.raises(RejectedInput) as caught:
            check_url(url)
        assert "hunter2" not in str(caught.value)
