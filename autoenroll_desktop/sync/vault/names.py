"""Ids of things as the service sees them: keyed hashes of what they stand for.

They are the same on every PC of an office, so that two of them never make one client's document twice, and say nothing
to whoever lacks the office key. `attempt` is raised where an id was spoilt on its way: the service
never takes one again.
"""

import hmac
from uuid import UUID


def thing_id(naming: bytes, what: str, kind: str, subject: str, attempt: int = 0) -> UUID:
    """The id of the thing that stands for `subject` ("8000074DH", a run's own id, a file's hash)."""
    said = "\0".join(("thing", what, kind, subject, str(attempt))).encode()
    return UUID(bytes=hmac.digest(naming, said, "sha256")[:16], version=4)


def write_key(*parts: bytes | str) -> str:
    """The Idempotency-Key of a write: the same request has the same key, however often and whenever it is made."""
    made = hmac.new(b"autoenroll/write/1", digestmod="sha256")
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return made.hexdigest()[:40]
