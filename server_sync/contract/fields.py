"""The kinds of field the messages are made of, each with its bounds. Binary fields travel as base64."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

CHUNK_SIZE = 1_048_576
"""Bytes in every sealed chunk but the last of an upload."""
MAX_CHUNKS = 256
"""Chunks in one upload, so 256 MiB at most."""
MAX_SEALED = 262_144
"""Sealed bytes of one report or document."""
PAGE, MAX_PAGE = 50, 200
"""Rows a page holds when nothing is said, and at most."""

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", min_length=64, max_length=64)]
Key = Annotated[
    bytes, Meta(min_length=32, max_length=32, extra_json_schema={"pattern": "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"})
]
"""A public key of 32 bytes: Ed25519 to sign, X25519 to seal."""
Signature = Annotated[
    bytes, Meta(min_length=64, max_length=64, extra_json_schema={"pattern": "^[A-Za-z0-9+/]{85}[AQgw]==$"})
]
"""An Ed25519 signature, 64 bytes."""
SealedKey = Annotated[bytes, Meta(min_length=16, max_length=4096)]
"""The office key, and earlier ones where the desktop packs them, sealed to one sealing key (HPKE); opaque to the
service.
"""
Sealed = Annotated[bytes, Meta(min_length=1, max_length=MAX_SEALED)]
"""Sealed bytes; opaque to the service."""
Email = Annotated[str, Meta(pattern=r"^[!-?A-~]+@[!-?A-~]+$", min_length=3, max_length=254)]
"""An address in visible ASCII. Kept only as a keyed hash of its lower case."""
Password = Annotated[str, Meta(min_length=10, max_length=200, pattern=r"^[^\u0000]*$")]
"""Kept only as an Argon2id hash."""
Code = Annotated[str, Meta(pattern="^[0-9]{6}$", min_length=6, max_length=6)]
"""Six digits of a time-based one-time password (RFC 6238: SHA-1, 30 s)."""
Text = Annotated[str, Meta(max_length=512, pattern=r"^[!-~]*$")]
"""Opaque text the service made itself: tokens, challenges."""
Count = Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)]
Positive = Annotated[int, Meta(ge=1, le=2_147_483_647)]

Role = Literal["owner", "manager", "clerk", "read-only", "it"]
DeviceState = Literal["waiting", "active", "revoked"]
ReportKind = Literal["run", "report", "evidence", "notice", "ledger", "other"]
DocumentKind = Literal["client", "recipe", "column-map", "settings", "calendar", "other"]
UploadKind = Literal["file", "report", "export", "other"]
UploadState = Literal["partial", "complete"]
What = Literal["report", "document", "upload", "device", "person", "office"]


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the desktop sends; a field nobody knows is refused."""


class Answer(Struct, frozen=True, kw_only=True):
    """What the service sends; a field nobody knows is passed over, so that a later service may add one."""
