"""How one service is set up: from the environment alone, read once at start."""

import base64
import binascii
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server_sync.billing.selling import Selling, selling_from
from server_sync.errors import ServiceError
from server_sync.storage.choice import Choice, choice_from


@dataclass(frozen=True)
class Settings:
    """Everything a process of the service is told. Holds secrets: never log it.

    Attributes:
        data: where the embedded database and generated keys live.
        database_url: the database to use; None for the embedded one.
        migrate_url: the same database under the role that owns the tables.
        signing_keys: Ed25519 seeds, 32 bytes each; the first signs tokens, all verify them.
        secret_key: 32 bytes; what e-mail addresses are hashed and TOTP secrets are sealed with.
        audience: who tokens are for: the service's public address.
        pooler: a transaction pooler stands before the database, so no prepared statements.
        requests_per_minute: how many requests one device may make in a minute.
        strangers_per_minute: how many requests without a token one address may make in a minute.
        places: how many requests one process works on at once, and connections in each of its two pools.
        hops: how many proxies of ours stand in front and set X-Forwarded-For.
        log_json: one JSON object a line rather than text.
        selling: licences and Stripe.
        storage: where chunks of uploads are kept.
        kept_keys: a key was made here and is kept beside the data, for none was given.
        backup_stamp: the file whatever backs the database up touches when it has ended.
        metrics_token: who may read /metrics from elsewhere; None: this machine alone.
    """

    data: Path
    database_url: str | None
    migrate_url: str | None
    signing_keys: tuple[bytes, ...]
    secret_key: bytes
    audience: str
    pooler: bool = False
    requests_per_minute: int = 3000
    strangers_per_minute: int = 600
    places: int = 8
    hops: int = 0
    log_json: bool = True
    metrics_token: str | None = None
    selling: Selling = field(default=Selling())
    storage: Choice = field(default=Choice())
    kept_keys: bool = False
    backup_stamp: Path | None = None

    def __repr__(self) -> str:
        return f"Settings(data={self.data}, embedded={self.database_url is None})"


def from_environment(env: Mapping[str, str], data: Path | None = None) -> Settings:
    """Read the settings; keys that are not given are made once and kept beside the embedded database.

    Raises:
        ServiceError: a value cannot be used, or keys are missing beside a database of the operator's own.
    """
    folder = data or Path(env.get("AUTOENROLL_SERVER_DATA") or default_data())
    url = env.get("DATABASE_URL") or None
    signing, secret = env.get("AUTOENROLL_SIGNING_KEY"), env.get("AUTOENROLL_SECRET_KEY")
    generated = not (signing and secret)
    if not (signing and secret):
        if url:
            raise ServiceError(
                "AUTOENROLL_SIGNING_KEY and AUTOENROLL_SECRET_KEY are not set",
                "Make each with: autoenroll-server admin new-key",
            )
        kept = _kept_keys(folder)
        signing, secret = signing or kept["signing"], secret or kept["secret"]
    return Settings(
        data=folder,
        database_url=_with_driver(url) if url else None,
        migrate_url=_with_driver(env.get("MIGRATE_DATABASE_URL") or url or "") or None,
        signing_keys=tuple(_key("AUTOENROLL_SIGNING_KEY", one) for one in signing.split(",")),
        secret_key=_key("AUTOENROLL_SECRET_KEY", secret),
        audience=env.get("PUBLIC_URL") or "autoenroll-service",
        pooler=env.get("DB_POOLER") == "transaction",
        requests_per_minute=_number(env, "REQUESTS_PER_MINUTE", 3000),
        strangers_per_minute=_number(env, "STRANGERS_PER_MINUTE", 600),
        places=max(1, _number(env, "PLACES", 8)),
        hops=_number(env, "PROXY_HOPS", 0),
        metrics_token=env.get("METRICS_TOKEN") or None,
        log_json=env.get("LOG_FORMAT", "json") != "text",
        selling=selling_from(env, folder, embedded=url is None),
        storage=choice_from(env),
        kept_keys=generated,
        backup_stamp=Path(env["BACKUP_STAMP"]) if env.get("BACKUP_STAMP") else None,
    )


def default_data() -> Path:
    """Where data goes when nothing is said: the system's folder for root, the user's own otherwise."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "AutoEnroll Server"
    if os.geteuid() == 0:
        return Path("/var/lib/autoenroll-server")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "autoenroll-server"


def new_key() -> str:
    """32 random bytes as text, for either key."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _kept_keys(folder: Path) -> dict[str, str]:
    """The keys made at first start, from a file only we can read. Losing it signs everybody out and locks e-mail
    sign-in.
    """
    path = folder / "keys.json"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
            return kept
        made = {"signing": new_key(), "secret": new_key()}
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, ValueError) as error:
        raise ServiceError(
            f"The keys in {path} cannot be used", "Give AUTOENROLL_SERVER_DATA a folder we may write"
        ) from error
    return made


def _with_driver(url: str) -> str:
    """The address with the scheme SQLAlchemy knows; hosts hand out `postgres://`, which it refuses."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    if url and not url.startswith("postgresql+psycopg://"):
        raise ServiceError("DATABASE_URL is not the address of a PostgreSQL database", "It starts with postgresql://")
    return url


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip().translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ServiceError(f"{name} is not 32 bytes in base64", "Make one with: autoenroll-server admin new-key")
    return key


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()):
        raise ServiceError(f"{name} is not a whole number")
    return int(text)
