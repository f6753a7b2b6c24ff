"""What `autoenroll-server doctor --production` asks beyond `doctor`: whether these settings may face the internet.

Every finding names one setting or one item of the database, so that what is unsafe can be put right one by one.
"""

import datetime as dt
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import sqlalchemy as sa

from server_sync.database.engine import Database
from server_sync.doctor import Finding
from server_sync.settings import Settings
from server_sync.storage.interface import StorageFailed

HERE = {"localhost", "127.0.0.1", "::1", "", None}
FRESH = dt.timedelta(hours=24)
"""What may be lost at most is what was kept since the last backup."""
BEHIND = dt.timedelta(minutes=10)
LONG = 31_536_000
"""Seconds a browser shall remember that there is no unencrypted way: a year at least."""
SWITCHES = ("fsync", "full_page_writes", "data_checksums")
SETTING = sa.text("select current_setting(:name, true)")
ENCRYPTED = sa.text("select coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false)")
ROOM = sa.text("select current_setting('max_connections')::int")
ARCHIVED = sa.text(
    "select current_setting('archive_mode') <> 'off' and last_archived_time > now() - interval '1 day' "
    "and coalesce(last_failed_time < last_archived_time, true) from pg_stat_archiver"
)
LATE = sa.text(
    "select count(*) from jobs where failed_at is null and run_at < :before and coalesce(leased_until, :before) <= :now"
)
CLOCK = sa.text("select clock_timestamp()")


def examine_production(
    settings: Settings, url: str, now: dt.datetime, context: Callable[[], ssl.SSLContext] = ssl.create_default_context
) -> list[Finding]:
    """Check the settings, the database behind `url`, the storage and the public address. `context` checks its TLS."""
    return [
        *_keys(settings), *_address(settings, context), *_database(settings, url, now), *_backup(settings, url, now),
        *_selling(settings), *_storage(settings),
    ]  # fmt: skip


def _keys(settings: Settings) -> list[Finding]:
    keys = [*settings.signing_keys, settings.secret_key]
    good = len(set(keys)) == len(keys) and all(len(set(key)) >= 16 for key in keys)
    return [
        Finding(
            not settings.kept_keys,
            "AUTOENROLL_SIGNING_KEY and AUTOENROLL_SECRET_KEY are given, not kept beside the data",
            "put both into the environment from a place that is backed up",
        ),
        Finding(good, "the keys are random, and each is used for one thing", "make each with: admin new-key"),
    ]


def _address(settings: Settings, context: Callable[[], ssl.SSLContext]) -> list[Finding]:
    parts = urlsplit(settings.audience)
    encrypted = parts.scheme == "https" and parts.hostname not in HERE
    findings = [
        Finding(encrypted, "PUBLIC_URL is https and no address of this machine", "set it to where desktops find this"),
        Finding(settings.hops >= 1, "PROXY_HOPS counts the proxy", "a proxy that does TLS and buffers requests"),
        Finding(len(settings.metrics_token or "") >= 16, "METRICS_TOKEN is set, 16 characters or more", "set it"),
        Finding(settings.log_json, "the log is JSON", "take LOG_FORMAT=text away"),
    ]
    if not encrypted:
        return findings
    address = f"{settings.audience.rstrip('/')}/health"
    try:
        with urllib.request.urlopen(address, timeout=10, context=context()) as answer:  # noqa: S310 - https
            remembered = _remembered(answer.headers.get("Strict-Transport-Security", ""))
            findings.append(Finding(True, "PUBLIC_URL answers, and its certificate is good"))
    except (urllib.error.URLError, OSError, ValueError):
        findings.append(
            Finding(False, "PUBLIC_URL answers, and its certificate is good", "check DNS, proxy, certificate")
        )
        return findings
    findings.append(
        Finding(remembered >= LONG, "the proxy sends Strict-Transport-Security for a year", "two are better")
    )
    return findings


def _remembered(header: str) -> int:
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name.lower() == "max-age" and value.isascii() and value.isdigit():
            return int(value)
    return 0


def _database(settings: Settings, url: str, now: dt.datetime) -> list[Finding]:
    own = settings.database_url is not None
    parts = urlsplit(url)
    near = parts.hostname in HERE or parts.hostname == "/"
    checked = parse_qs(parts.query).get("sslmode") == ["verify-full"]
    database = Database(url, 1, pooler=settings.pooler)
    try:
        with database.transaction() as db:
            set_ = {name: db.execute(SETTING, {"name": name}).scalar_one() for name in SWITCHES}
            encrypted = bool(db.execute(ENCRYPTED).scalar_one())
            room = int(db.execute(ROOM).scalar_one())
            late = int(db.execute(LATE, {"before": now - BEHIND, "now": now}).scalar_one())
            apart = abs((db.execute(CLOCK).scalar_one() - now).total_seconds())
    finally:
        database.close()
    needed = 2 * (settings.places + 2) + 10
    split = settings.migrate_url not in (None, settings.database_url)
    return [
        Finding(own, "DATABASE_URL names a database of yours", "the embedded one is for trying and for small offices"),
        Finding(
            near or (encrypted and checked), "the way to the database is encrypted and checked", "sslmode=verify-full"
        ),
        Finding(split or not own, "MIGRATE_DATABASE_URL has a role of its own", "serve under autoenroll_serve"),
        *(Finding(value == "on", f"{name} is on", "set it on in PostgreSQL") for name, value in set_.items()),
        Finding(settings.pooler or room >= needed, f"max_connections is {needed} or more a process", "raise it"),
        Finding(late == 0, f"{late} jobs wait for more than ten minutes", "see that a worker runs"),
        Finding(apart < 5, "the database's clock is ours", "set both by NTP"),
    ]


def _backup(settings: Settings, url: str, now: dt.datetime) -> list[Finding]:
    stamp = settings.backup_stamp
    if stamp is not None:
        try:
            age = now - dt.datetime.fromtimestamp(stamp.stat().st_mtime, dt.UTC)
        except OSError:
            age = dt.timedelta.max
        return [Finding(age <= FRESH, "BACKUP_STAMP was touched within a day", "see why the last backup did not end")]
    database = Database(url, 1, pooler=settings.pooler)
    try:
        with database.transaction() as db:
            archived = bool(db.execute(ARCHIVED).scalar_one())
    finally:
        database.close()
    return [
        Finding(
            archived,
            "the database is backed up",
            "archive its WAL, or touch a file after each pg_dump and name it in BACKUP_STAMP",
        )
    ]


def _selling(settings: Settings) -> list[Finding]:
    selling = settings.selling
    findings = []
    if selling.stripe_key:
        findings = [
            Finding("_live_" in selling.stripe_key, "STRIPE_SECRET_KEY is a live key", "a test key sells nothing"),
            Finding(not selling.stripe_base, "STRIPE_API_BASE is not set", "take it away: it is for tests"),
        ]
    if selling.smtp_url:
        safe = urlsplit(selling.smtp_url).scheme in ("smtps", "smtp+starttls")
        findings.append(Finding(safe, "SMTP_URL is encrypted", "use smtp+starttls:// or smtps://"))
    return findings


def _storage(settings: Settings) -> list[Finding]:
    storage = settings.storage.open()
    if storage is None:
        return []
    key, content = f"{'0' * 32}/{uuid4().hex}", b"doctor"
    try:
        storage.put(key, content)
        good = storage.get(key) == content
        storage.delete(key)
        good = good and not storage.has(key)
    except StorageFailed:
        good = False
    return [
        Finding(good, "BLOB_URL keeps, gives back and deletes", "check its address, key and rights"),
        Finding(not settings.storage.in_the_clear, "BLOB_URL is encrypted on the way", "use an https endpoint"),
    ]
