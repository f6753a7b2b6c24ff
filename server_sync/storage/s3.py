"""Sealed bytes in a bucket of anything that speaks S3: Amazon, DigitalOcean Spaces, Cloudflare R2, MinIO, Ceph."""

import datetime as dt
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from server_sync.storage.interface import StorageFailed
from server_sync.storage.signing import Credentials, escaped, signed

PATIENCE = (2, 4)
"""Seconds to connect, and for the next byte: three tries end before the database ends the transaction (20 s)."""
AGAIN = Retry(total=2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504), allowed_methods=None, redirect=0)
"""Every request here can be repeated: what stands under a key never changes."""
LINES = 32
NOT_FOUND = 404


class Bucket:
    """A bucket by path: `endpoint/bucket/prefix/key`. Nothing connects before the first use."""

    def __init__(
        self, endpoint: str, bucket: str, prefix: str, who: Credentials, clock: Callable[[], dt.datetime]
    ) -> None:
        self._endpoint, self._host = endpoint, urlsplit(endpoint).netloc
        self._folder = f"/{bucket}/{prefix.strip('/')}".rstrip("/")
        self._who, self._clock = who, clock
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=LINES, max_retries=AGAIN))

    def put(self, key: str, content: bytes) -> None:
        """Keep bytes, safely written when this returns."""
        self._ask("PUT", key, content, {"Content-Type": "application/octet-stream"})

    def get(self, key: str) -> bytes | None:
        """The bytes, or None where there are none."""
        answer = self._ask("GET", key)
        return None if answer.status_code == NOT_FOUND else answer.content

    def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""
        return self._ask("HEAD", key).status_code != NOT_FOUND

    def delete(self, key: str) -> None:
        """Delete bytes; nothing happens where there are none."""
        self._ask("DELETE", key)

    def _ask(
        self, method: str, key: str, body: bytes = b"", more: Mapping[str, str] | None = None
    ) -> requests.Response:
        """A success, or "not found" of a key; a bucket that is not found is a failure. Raises StorageFailed."""
        path = f"{self._folder}/{key}"
        headers = signed(self._who, method, self._host, path, body, self._clock(), more or {}, {})
        try:
            answer = self._session.request(
                method, self._endpoint + escaped(path), headers=headers, data=body or None, timeout=PATIENCE,
                allow_redirects=False, auth=_signed_already,
            )  # fmt: skip
        except requests.RequestException as error:
            raise StorageFailed("unreachable") from error
        if answer.status_code == NOT_FOUND and b"NoSuchBucket" not in answer.content and method != "PUT":
            return answer
        if not answer.ok or answer.is_redirect:
            raise StorageFailed(f"status-{answer.status_code}")
        return answer


def _signed_already(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from putting a password of a .netrc in the signature's place."""
    return request
