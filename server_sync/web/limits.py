"""How often something may be asked, counted over all processes in PostgreSQL.

A process counts by itself and adds what it counted to the shared table every `share` requests, so that a busy device
costs
one small write in fifty requests; whatever guards a secret is added each time.
"""

import hashlib
import hmac
import threading
from dataclasses import dataclass

from server_sync.contract.problems import Refused
from server_sync.database.engine import Database

ADD = (
    "insert into rates as r (key, slot, n) values (%(key)s, %(slot)s, %(n)s) "
    "on conflict (key, slot) do update set n = r.n + excluded.n returning n"
)
KEPT = 50_000


@dataclass(frozen=True)
class Limit:
    """At most `most` in `seconds`, counted in slots of that length, each named by the second it starts."""

    name: str
    most: int
    seconds: int


SIGN_IN = Limit("sign-in", 10, 900)
"""Passwords tried for one e-mail address, or one person."""
PASSWORDS = Limit("passwords", 300, 60)
"""Password hashes over everybody, so that strangers never take the whole service by making it hash."""


@dataclass
class _Count:
    slot: int
    shared: int = 0
    own: int = 0


class Limits:
    """Counts. `secret` hashes what is counted by, so that the table holds no address."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = hmac.digest(secret, b"rates", "sha256")
        self._counts: dict[bytes, _Count] = {}
        self._lock = threading.Lock()

    def hashed(self, text: str) -> bytes:
        """A keyed hash of an address."""
        return hmac.digest(self._secret, text.encode(), "sha256")

    def count(self, limit: Limit, about: bytes, now: float, *, strict: bool = False) -> None:
        """Count one request.

        Raises:
            Refused: too-many-requests.
        """
        passed = int(now) % limit.seconds
        slot = int(now) - passed
        key = hashlib.sha256(limit.name.encode() + about).digest()[:16]
        share = 1 if strict else max(1, limit.most // 50)
        with self._lock:
            entry = self._counts.get(key)
            if entry is None or entry.slot != slot:
                if len(self._counts) >= KEPT:
                    self._counts.clear()
                entry = self._counts[key] = _Count(slot)
            entry.own += 1
            send = entry.own if entry.own >= share else 0
            if send:
                entry.own = 0
            total = entry.shared + entry.own
        if send:
            total = int(self._database.one(ADD, {"key": key, "slot": slot, "n": send})[0])
            with self._lock:
                entry.shared = max(entry.shared, total)
        if total > limit.most:
            raise Refused("too-many-requests", retry_after=max(1, limit.seconds - passed))
