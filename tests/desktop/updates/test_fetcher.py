"""Bytes over TLS: the office's own authority counts where the policy names it, and only there; proxies are used."""

import datetime as dt
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tuf.api.exceptions import DownloadError, DownloadHTTPError

from autoenroll_desktop.sync.connection import session
from autoenroll_desktop.updates.fetcher import Fetcher
from tests.releasing import served


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A private authority's certificate, and a server's certificate and key signed by it."""
    folder = tmp_path_factory.mktemp("authority")
    now = dt.datetime.now(dt.UTC)
    ours, theirs = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Office authority")])
    host = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])

    def made(subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        start = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(key.public_key())
        return (
            start.serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(1))
            .not_valid_after(now + dt.timedelta(1))
        )

    top = made(name, ours).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    top = top.add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True)
    top = top.add_extension(x509.SubjectKeyIdentifier.from_public_key(ours.public_key()), critical=False)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    leaf = made(host, theirs).add_extension(here, critical=False)
    leaf = leaf.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ours.public_key()), critical=False)
    (folder / "ca.pem").write_bytes(top.sign(ours, hashes.SHA256()).public_bytes(Encoding.PEM))
    key = theirs.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(leaf.sign(ours, hashes.SHA256()).public_bytes(Encoding.PEM) + key)
    return folder / "ca.pem", folder / "server.pem"


@pytest.fixture
def secure(authority: tuple[Path, Path]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_parts: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"signed")

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority[1])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_address[1]}/timestamp.json"
    server.shutdown()
    server.server_close()


def test_the_office_authority_counts_where_it_is_named(
    secure: str, authority: tuple[Path, Path], tmp_path: Path
) -> None:
    with session(extra_ca=authority[0]) as http_session:
        assert Fetcher(http_session, tmp_path).download_bytes(secure, 100) == b"signed"


def test_an_unknown_authority_is_refused(secure: str, tmp_path: Path) -> None:
    with session() as http_session:
        with pytest.raises(requests.exceptions.SSLError):
            http_session.get(secure, timeout=10)
        with pytest.raises(DownloadError):
            Fetcher(http_session, tmp_path).download_bytes(secure, 100)


def test_a_missing_certificate_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        session(extra_ca=tmp_path / "none.pem")


def test_the_policys_proxy_is_asked(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    with served(tmp_path / "site") as proxy, session(proxy=proxy.url) as http_session:
        with pytest.raises(DownloadHTTPError):
            Fetcher(http_session, tmp_path).download_bytes("http://updates.invalid/metadata/timestamp.json", 100)
        assert proxy.asked == ["http://updates.invalid/metadata/timestamp.json"]


@pytest.mark.parametrize("unwilling", [False, True])
def test_a_server_that_knows_no_ranges_starts_over(tmp_path: Path, unwilling: bool) -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_parts: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(400 if unwilling and self.headers.get("Range") else 200)
            self.end_headers()
            self.wfile.write(b"the whole of it")

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        parts = tmp_path / "parts"
        parts.mkdir()
        (parts / "abc.build.tar.xz").write_bytes(b"something else")
        with session() as http_session:
            url = f"http://127.0.0.1:{server.server_address[1]}/targets/abc.build.tar.xz"
            assert Fetcher(http_session, parts).download_bytes(url, 100) == b"the whole of it"
        server.shutdown()
