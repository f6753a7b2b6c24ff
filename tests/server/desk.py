"""A PC of an office as the tests see it: real keys, real signatures, and requests to a service in this process or elsewhere."""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import falcon.testing
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from server_sync.contract import signing
from server_sync.contract.problems import PREFIX
from server_sync.contract.routes import BY_NAME

PASSWORD = "correct horse battery"


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@dataclass
class Reply:
    """What came back."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def slug(self) -> str:
        """The slug of the problem, "" for a success."""
        return str(self.json["type"]).removeprefix(PREFIX) if self.status >= 400 else ""


Send = Callable[[str, str, dict[str, str], bytes | None], Reply]
"""(method, path, headers, body) → reply."""


def in_process(app: Any) -> Send:
    client = falcon.testing.TestClient(app)

    def send(method: str, path: str, headers: dict[str, str], body: bytes | None) -> Reply:
        path, _, query = path.partition("?")
        done = client.simulate_request(method, path, query_string=query, headers=headers, body=body)
        return Reply(done.status_code, done.content, {name.lower(): value for name, value in done.headers.items()})

    return send


def ask(
    send: Send, name: str, body: Any = None, *, token: str | None = None, key: str | None = None, query: str = "", **parts: Any
) -> Reply:  # fmt: skip
    """Call a route by its name. A write gets a fresh Idempotency-Key unless one is given."""
    route = BY_NAME[name]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if route.writes:
        headers["Idempotency-Key"] = key or uuid4().hex
    raw = None
    if route.request is bytes:
        raw, headers["Content-Type"] = body, route.body_media
    elif route.request is not None:
        raw, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    return send(route.method, route.address(**parts) + (f"?{query}" if query else ""), headers, raw)


@dataclass
class Desk:
    """One device and its person."""

    send: Send
    id: UUID = field(default_factory=uuid4)
    person: UUID = field(default_factory=uuid4)
    office: UUID | None = None
    email: str = field(default_factory=lambda: f"{uuid4().hex}@example.ie")
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sealing: bytes = field(default_factory=lambda: X25519PrivateKey.generate().public_key().public_bytes_raw())
    recovery: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    token: str | None = None

    def __call__(self, name: str, body: Any = None, **more: Any) -> Reply:
        return ask(self.send, name, body, token=self.token, **more)

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def device(self) -> dict[str, Any]:
        proof = self.key.sign(signing.registration(self.id, self.public, self.sealing))
        return {
            "id": str(self.id),
            "signing_key": b64(self.public),
            "sealing_key": b64(self.sealing),
            "proof": b64(proof),
        }

    def me(self, password: str = PASSWORD) -> dict[str, Any]:
        return {"id": str(self.person), "email": self.email, "password": password}

    def office_body(self, office: UUID) -> dict[str, Any]:
        recovery = {
            "signing_key": b64(self.recovery.public_key().public_bytes_raw()),
            "sealed_key": b64(os.urandom(48)),
        }
        return {
            "office": str(office), "person": self.me(), "device": self.device(), "sealed_key": b64(os.urandom(48)),
            "recovery": recovery,
        }  # fmt: skip

    def make_office(self) -> "Desk":
        self.office = uuid4()
        made = self("make_office", self.office_body(self.office))
        assert made.status == 201, made.body
        return self.sign()

    def sign(self) -> "Desk":
        """Get a token."""
        got = self.try_sign()
        assert got.status == 200, got.body
        self.token = got.json["token"]
        self.office = UUID(got.json["office"])
        return self

    def try_sign(self) -> Reply:
        text = self("challenge", {"device": str(self.id)}).json["challenge"]
        return self("token", self.token_body(text))

    def token_body(self, challenge: str) -> dict[str, Any]:
        signature = self.key.sign(signing.token_request(self.id, challenge))
        return {"device": str(self.id), "challenge": challenge, "signature": b64(signature)}

    def approval(self, other: "Desk", generation: int = 1, key: Ed25519PrivateKey | None = None) -> dict[str, Any]:
        assert self.office
        sealed = os.urandom(80)
        message = signing.approval(self.office, other.id, other.public, other.sealing, generation, sealed)
        return {
            "key_generation": generation,
            "sealed_key": b64(sealed),
            "signature": b64((key or self.key).sign(message)),
        }

    def invite(self, role: str) -> str:
        code = base64.b32encode(os.urandom(17)).decode()[:26]
        hashed = hashlib.sha256(code.encode()).hexdigest()
        made = self("invite", {"id": str(uuid4()), "role": role, "code_sha256": hashed})
        assert made.status == 201, made.body
        return code

    def colleague(self, role: str = "clerk", *, waiting: bool = False) -> "Desk":
        """Another person with a device of their own in this office."""
        other = Desk(self.send)
        joined = other("join", {"code": self.invite(role), "person": other.me(), "device": other.device()})
        assert joined.status == 201, joined.body
        if not waiting:
            approved = self("approve", self.approval(other), device=other.id)
            assert approved.status == 200, approved.body
        return other.sign()

    def put_report(self, sealed: bytes = b"sealed", **more: Any) -> str:
        which = str(uuid4())
        made = self("put_report", {"id": which, "kind": "run", "sealed": b64(sealed), **more})
        assert made.status == 201, made.body
        return which


def manifest(chunks: list[bytes], which: UUID | None = None) -> dict[str, Any]:
    whole = b"".join(chunks)
    return {
        "id": str(which or uuid4()), "kind": "file", "sha256": hashlib.sha256(whole).hexdigest(), "size": len(whole),
        "chunks": [hashlib.sha256(one).hexdigest() for one in chunks],
    }  # fmt: skip


def put_upload(desk: Desk, chunks: list[bytes], *, complete: bool = True) -> str:
    body = manifest(chunks)
    assert desk("manifest", body).status == 200
    for one, name in zip(chunks, body["chunks"], strict=True):
        kept = desk("put_chunk", one, upload=body["id"], sha256=name)
        assert kept.status == 200, kept.body
    if complete:
        done = desk("complete", upload=body["id"])
        assert done.status == 200, done.body
    return str(body["id"])
