"""TLS is still judged by the name, although the connection goes to an address."""

import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.http import ConnectFailure
from tests.core.outbound import LOOPBACK, Fetch
from tests.fakes.origin import Origin

pytestmark = pytest.mark.ssrf

NAME = "named.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for NAME alone, its own authority, with its key in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def origin(certificate: Path) -> Iterator[Origin]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Origin(tls=context) as server:
        server.add("/", body=b"by name")
        yield server


def at_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


CLIENT = {"allow": LOOPBACK, "resolve": at_loopback}


def test_the_certificate_is_checked_against_the_name(
    fetch: Fetch, origin: Origin, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(origin.url("/", host=NAME), client=CLIENT).body == b"by name"
    with pytest.raises(ConnectFailure, match="other"):
        fetch(origin.url("/", host="other.example"), client=CLIENT)


def test_an_unknown_authority_is_not_trusted(fetch: Fetch, origin: Origin) -> None:
    with pytest.raises(ConnectFailure, match="verify failed"):
        fetch(origin.url("/", host=NAME), client=CLIENT)
    assert origin.seen == []
