"""Which storage is used, from the environment alone."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from server_sync.errors import ServiceError
from server_sync.storage.directory import Directory
from server_sync.storage.interface import Storage
from server_sync.storage.s3 import Bucket
from server_sync.storage.signing import Credentials

EXAMPLES = "BLOB_URL=file:///srv/blobs, or s3://bucket/folder?region=eu-west-1&endpoint=https://host"


@dataclass(frozen=True)
class Choice:
    """Where chunks go. Holds a secret: never log it.

    Attributes:
        url: "" for rows of the database; file:///folder; s3://bucket/folder?region=…&endpoint=https://…
        key_id, secret: of a storage that speaks S3.
    """

    url: str = ""
    key_id: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return f"Choice(storage={urlsplit(self.url).scheme or 'rows'})"

    def open(self) -> Storage | None:
        """The storage; None for rows of the database. Nothing connects yet."""
        parts = urlsplit(self.url)
        if not self.url:
            return None
        if parts.scheme == "file":
            return Directory(Path(unquote(parts.path)))
        region, endpoint = _s3(self.url)
        who = Credentials(self.key_id, self.secret, region)
        return Bucket(endpoint, parts.netloc, unquote(parts.path), who, lambda: dt.datetime.now(dt.UTC))

    def require(self) -> None:
        """Look whether a folder is there; it is not made: it may be a disk that is not mounted. Raises ServiceError."""
        parts = urlsplit(self.url)
        if parts.scheme == "file" and not Path(unquote(parts.path)).is_dir():
            raise ServiceError("The folder of BLOB_URL is not there", "Make it, or mount its disk")

    @property
    def in_the_clear(self) -> bool:
        """Whether the way to it is not encrypted."""
        return urlsplit(self.url).scheme == "s3" and not _s3(self.url)[1].startswith("https://")


def choice_from(env: Mapping[str, str]) -> Choice:
    """Read the settings. Raises ServiceError: they cannot be used."""
    url = env.get("BLOB_URL", "")
    chosen = Choice(url, env.get("AWS_ACCESS_KEY_ID", ""), env.get("AWS_SECRET_ACCESS_KEY", "")) if url else Choice()
    parts = urlsplit(url)
    if url and not (
        (parts.scheme == "file" and not parts.netloc and Path(unquote(parts.path)).is_absolute())
        or (parts.scheme == "s3" and parts.netloc and _s3(url)[1].startswith(("https://", "http://")))
    ):
        raise ServiceError("BLOB_URL cannot be used", EXAMPLES)
    if parts.scheme == "s3" and not (chosen.key_id and chosen.secret):
        raise ServiceError(
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set", "The storage's console shows them"
        )
    return chosen


def _s3(url: str) -> tuple[str, str]:
    """Region and endpoint."""
    said = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    region = said.get("region", "us-east-1")
    return region, said.get("endpoint", f"https://s3.{region}.amazonaws.com").rstrip("/")
