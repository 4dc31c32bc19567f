"""The guard's rule: an address of one's own network is refused in whatever form it comes."""

from ipaddress import ip_address

import pytest

from core.addresses import parse_networks, refusal

pytestmark = pytest.mark.ssrf

REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.0.0.2 127.255.255.255 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.0 172.16.0.1
172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255
198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 254.1.1.1 255.255.255.255 :: ::1 ::127.0.0.1 ::8.8.8.8
::ffff:0.0.0.0 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:100.64.0.1 ::ffff:169.254.169.254 ::ffff:192.168.1.1
::ffff:224.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::100.64.0.1
64:ff9b:1::1 64:ff9b:1::8.8.8.8 64:ff9b:2::1 100::1 100:0:0:1::1 2001::1 2001:0:7f00:1::1 2001:2::1 2001:10::1
2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe::1 2002:808:808::1 3fff::1 2a00:1450::5efe:7f00:1
2a00:1450::200:5efe:808:808 4000::1 5f00::1 5f00:ffff::1 fc00::1 fd00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1
fec0::1 feff::1 ff00::1 ff02::1 ff0e::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
"""

PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255
169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 202.96.128.86
223.5.5.5 223.255.255.255 2400:3200::1 2606:4700:4700::1111 2a00:1450:4009::200e 2001:4860:4860::8888 2001:da8::1
240e::1 2003::1 ::ffff:8.8.8.8 64:ff9b::808:808
"""


@pytest.mark.parametrize("text", REFUSED.split())
def test_an_inside_address_is_refused_with_a_reason(text: str) -> None:
    assert refusal(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC.split())
def test_a_public_address_is_open(text: str) -> None:
    assert refusal(ip_address(text)) is None


@pytest.mark.parametrize("text", ["fe80::1%eth0", "2400:3200::1%1"])
def test_an_address_with_a_zone_is_refused_even_when_its_network_is_allowed(text: str) -> None:
    assert refusal(ip_address(text), parse_networks(["::/0"])) == "address with a zone"


def test_the_allow_list_opens_its_networks_and_no_others() -> None:
    allow = parse_networks(["10.1.0.0/16", " fd12::/32", "127.0.0.1"])
    for text in ("10.1.2.3", "::ffff:10.1.2.3", "fd12::5", "127.0.0.1"):
        assert refusal(ip_address(text), allow) is None
    for text in ("10.2.0.1", "127.0.0.2", "fd13::5", "::1"):
        assert refusal(ip_address(text), allow)


def test_a_hidden_address_is_refused_for_what_it_hides() -> None:
    assert refusal(ip_address("64:ff9b::a9fe:a9fe")) == "link-local, inside 64:ff9b::a9fe:a9fe"


def test_a_wrong_network_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        parse_networks(["10.0.0.0/99"])
