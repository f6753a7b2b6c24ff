"""`doctor --production` names every setting that must not face the internet, and nothing else."""

import datetime as dt
import http.server
import ipaddress
import os
import ssl
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from server_sync.billing.selling import Selling
from server_sync.production import examine_production
from server_sync.settings import Settings, from_environment, new_key
from server_sync.storage.choice import Choice, choice_from
from tests.s3_server import S3Server
from tests.server.conftest import Databases
from tests.server.serving import program

ADDRESS = "127.0.0.2"
"""Loopback, yet not by a name the doctor takes for this machine."""
QUICK_DATABASE = {"fsync is on", "full_page_writes is on"}
"""What the tests' own PostgreSQL is guilty of."""


class Front(http.server.BaseHTTPRequestHandler):
    """A proxy as it should be."""

    remembers = "max-age=63072000; includeSubDomains"

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 404)
        self.send_header("Strict-Transport-Security", self.remembers)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of `ADDRESS` with its key, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "front")])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - dt.timedelta(1), now + dt.timedelta(1)
    )
    made = made.add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(ADDRESS))]), critical=False
    )
    path = tmp_path_factory.mktemp("front") / "front.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM) + private)
    return path


@pytest.fixture(scope="module")
def front(certificate: Path) -> Iterator[str]:
    if sys.platform == "darwin":
        pytest.skip("only 127.0.0.1 is there")
    server = http.server.ThreadingHTTPServer((ADDRESS, 0), Front)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"https://{ADDRESS}:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def good(databases: Databases, front: str, tmp_path: Path) -> Settings:
    """Settings as they should be."""
    (tmp_path / "stamp").touch()
    return Settings(
        data=tmp_path, database_url=databases.serve, migrate_url=databases.migrate, signing_keys=(os.urandom(32),),
        secret_key=os.urandom(32), audience=front, hops=1, metrics_token="0123456789abcdef", backup_stamp=tmp_path / "stamp",
    )  # fmt: skip


def bad(settings: Settings, certificate: Path | None, databases: Databases) -> set[str]:
    trusted = partial(ssl.create_default_context, cafile=certificate)
    found = examine_production(settings, databases.serve, dt.datetime.now(dt.UTC), trusted)
    for finding in found:
        assert finding.good or finding.action, f"{finding.item} does not say what to do"
    return {finding.item for finding in found if not finding.good} - QUICK_DATABASE


def test_good_settings_are_not_complained_of(good: Settings, certificate: Path, databases: Databases) -> None:
    found = examine_production(
        good, databases.serve, dt.datetime.now(dt.UTC), partial(ssl.create_default_context, cafile=certificate)
    )
    assert {finding.item for finding in found if not finding.good} == QUICK_DATABASE


STRIPE = Selling(stripe_key="sk_" + "live_12345678", smtp_url="smtps://mail.example.ie", mail_from="a@example.ie")


@pytest.mark.parametrize(
    ("changes", "items"),
    [
        ({"kept_keys": True}, {"AUTOENROLL_SIGNING_KEY and AUTOENROLL_SECRET_KEY are given, not kept beside the data"}),
        ({"secret_key": bytes(32)}, {"the keys are random, and each is used for one thing"}),
        ({"signing_keys": (b"k" * 16 + bytes(range(16)),), "secret_key": b"k" * 16 + bytes(range(16))}, {"the keys are random, and each is used for one thing"}),
        ({"audience": "http://sync.example.ie"}, {"PUBLIC_URL is https and no address of this machine"}),
        ({"audience": "https://localhost"}, {"PUBLIC_URL is https and no address of this machine"}),
        ({"audience": "autoenroll-service"}, {"PUBLIC_URL is https and no address of this machine"}),
        ({"audience": f"https://{ADDRESS}:9"}, {"PUBLIC_URL answers, and its certificate is good"}),
        ({"hops": 0}, {"PROXY_HOPS counts the proxy"}),
        ({"metrics_token": None}, {"METRICS_TOKEN is set, 16 characters or more"}),
        ({"log_json": False}, {"the log is JSON"}),
        ({"database_url": None}, {"DATABASE_URL names a database of yours"}),
        ({"migrate_url": None}, {"MIGRATE_DATABASE_URL has a role of its own"}),
        ({"places": 500}, {"max_connections is 1014 or more a process"}),
        ({"backup_stamp": None}, {"the database is backed up"}),
        ({"backup_stamp": Path("nowhere")}, {"BACKUP_STAMP was touched within a day"}),
        ({"selling": STRIPE}, set()),
        ({"selling": replace(STRIPE, stripe_key="sk_" + "test_12345678")}, {"STRIPE_SECRET_KEY is a live key"}),
        ({"selling": replace(STRIPE, stripe_base="http://127.0.0.1:1")}, {"STRIPE_API_BASE is not set"}),
        ({"selling": replace(STRIPE, smtp_url="smtp://mail.example.ie")}, {"SMTP_URL is encrypted"}),
        ({"storage": Choice("file:///dev/null/blobs")}, {"BLOB_URL keeps, gives back and deletes"}),
    ],
)  # fmt: skip
def test_what_is_unsafe_is_named(
    good: Settings, certificate: Path, databases: Databases, changes: dict, items: set[str]
) -> None:
    assert bad(replace(good, **changes), certificate, databases) == items


def test_a_certificate_nobody_vouches_for_is_named(good: Settings, databases: Databases) -> None:
    assert bad(good, None, databases) == {"PUBLIC_URL answers, and its certificate is good"}


def test_a_proxy_that_allows_http_is_named(
    good: Settings, certificate: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Front, "remembers", "max-age=300")
    assert bad(good, certificate, databases) == {"the proxy sends Strict-Transport-Security for a year"}


def test_an_old_backup_and_work_left_lying_are_named(good: Settings, certificate: Path, databases: Databases) -> None:
    old = dt.datetime.now(dt.UTC).timestamp() - 2 * 86_400
    os.utime(good.backup_stamp, (old, old))
    with psycopg.connect(databases.superuser, autocommit=True) as above:
        above.execute("insert into jobs (kind, run_at) values ('sweep', now() - interval '1 hour')")
        assert bad(good, certificate, databases) == {
            "BACKUP_STAMP was touched within a day",
            "1 jobs wait for more than ten minutes",
        }
        above.execute("delete from jobs")


def test_a_way_in_the_clear_is_named(good: Settings, certificate: Path, databases: Databases) -> None:
    with S3Server() as s3:
        assert bad(replace(good, storage=choice_from(s3.settings)), certificate, databases) == {
            "BLOB_URL is encrypted on the way"
        }
        assert s3.objects == {}, "the doctor leaves nothing behind"
    far = databases.serve.replace("127.0.0.1", "db.example.ie") + "?hostaddr=127.0.0.1"
    elsewhere = replace(databases, serve=far)
    assert bad(good, certificate, elsewhere) == {"the way to the database is encrypted and checked"}


def test_the_program_says_it_and_ends_with_1(databases: Databases, tmp_path: Path) -> None:
    given = {
        "DATABASE_URL": databases.serve, "MIGRATE_DATABASE_URL": databases.migrate, "AUTOENROLL_SIGNING_KEY": new_key(),
        "AUTOENROLL_SECRET_KEY": new_key(), "PUBLIC_URL": "http://sync.example.ie", "BACKUP_STAMP": str(tmp_path),
    }  # fmt: skip
    assert not from_environment(given).kept_keys
    done = program("doctor", "--production", **given)
    assert done.returncode == 1, done.stderr
    told = {line[4:].partition(" - ")[0] for line in done.stdout.splitlines() if line.startswith("NOT ")}
    assert told == {
        "commits are durable", "fsync is on", "full_page_writes is on", "PUBLIC_URL is https and no address of this machine",
        "PROXY_HOPS counts the proxy", "METRICS_TOKEN is set, 16 characters or more",
    }  # fmt: skip
