"""A walk through a running service as a desktop would go: `autoenroll-server doctor --through ADDRESS`.

It makes an office, keeps an upload, a report and a document in it, reads all three back, takes its data away and erases
it. What is left behind is what every erased office leaves: its chain of audit entries.
"""

import base64
import hashlib
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from server_sync.contract import signing
from server_sync.contract.fields import CHUNK_SIZE
from server_sync.contract.problems import Problem, slug_of
from server_sync.contract.routes import BY_NAME
from server_sync.contract.version import HEADER, PROTOCOL
from server_sync.doctor import Finding

PATIENCE = 30
FIX = "see the service's log for this minute"


class Stopped(Exception):
    """The service did not answer as it should. `args[0]`: a slug, a status or a name of ours."""


class Walk:
    """One made-up device of one made-up office. `opened` opens requests; nothing is asked before `go`."""

    def __init__(self, address: str, context: Callable[[], ssl.SSLContext]) -> None:
        self._address = address.rstrip("/")
        self._opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context()))
        self._office, self._device, self._person = uuid4(), uuid4(), uuid4()
        self._key, self._recovery = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        self._password = _text(os.urandom(24))
        self._token = ""

    def go(self) -> list[Finding]:
        """Every step until one fails, each with how long it took."""
        findings = []
        for item, step in (
            ("an office is made and its device signs in", self._begin),
            ("an upload of two chunks is kept and read back", self._upload),
            ("a report is kept and read back", self._report),
            ("a document is kept and a stale one is refused", self._document),
            ("the office takes everything away", self._export),
            ("the office is erased", self._erase),
        ):
            started = time.perf_counter()
            try:
                step()
            except Stopped as error:
                findings.append(Finding(False, item, f"{error.args[0]}: {FIX}"))
                if step not in (self._begin, self._erase):
                    self._give_up()
                break
            findings.append(Finding(True, f"{item} ({(time.perf_counter() - started) * 1000:.0f} ms)"))
        return findings

    def _begin(self) -> None:
        public = self._key.public_key().public_bytes_raw()
        sealing = X25519PrivateKey.generate().public_key().public_bytes_raw()
        device = {
            "id": self._device, "signing_key": public, "sealing_key": sealing,
            "proof": self._key.sign(signing.registration(self._device, public, sealing)),
        }  # fmt: skip
        person = {"id": self._person, "email": f"{self._person.hex}@doctor.invalid", "password": self._password}
        recovery = {"signing_key": self._recovery.public_key().public_bytes_raw(), "sealed_key": os.urandom(48)}
        office = {"office": self._office, "person": person, "device": device, "sealed_key": os.urandom(48)}
        self._ask("make_office", {**office, "recovery": recovery})
        challenge = self._json("challenge", {"device": self._device})["challenge"]
        signature = self._key.sign(signing.token_request(self._device, challenge))
        asked = {"device": self._device, "challenge": challenge, "signature": signature}
        self._token = self._json("token", asked)["token"]

    def _upload(self) -> None:
        which, chunks = uuid4(), [os.urandom(CHUNK_SIZE), os.urandom(1000)]
        names = [hashlib.sha256(chunk).hexdigest() for chunk in chunks]
        whole = b"".join(chunks)
        manifest = {"id": which, "kind": "file", "sha256": hashlib.sha256(whole).hexdigest(), "size": len(whole)}
        self._ask("manifest", {**manifest, "chunks": names})
        for name, chunk in zip(names, chunks, strict=True):
            self._ask("put_chunk", chunk, upload=which, sha256=name)
        self._ask("complete", upload=which)
        _same(b"".join(self._ask("chunk", upload=which, sha256=name) for name in names), whole)

    def _report(self) -> None:
        which, sealed = uuid4(), os.urandom(2000)
        self._ask("put_report", {"id": which, "kind": "run", "sealed": sealed})
        _same(base64.b64decode(self._json("report", report=which)["sealed"]), sealed)

    def _document(self) -> None:
        which = uuid4()
        self._ask("put_document", {"kind": "settings", "base_version": 0, "sealed": b"one"}, document=which)
        try:
            self._ask("put_document", {"kind": "settings", "base_version": 0, "sealed": b"two"}, document=which)
        except Stopped as error:
            if error.args != ("version-conflict",):
                raise
        else:
            raise Stopped("taken")

    def _export(self) -> None:
        lines = self._ask("export_office").splitlines()
        if not lines or msgspec.json.decode(lines[-1]).get("line") != "end":
            raise Stopped("cut off")

    def _erase(self) -> None:
        self._ask("erase_office", {"office": self._office, "password": self._password})
        try:
            self._ask("reports")
        except Stopped as error:
            if error.args != ("unauthenticated",):
                raise
        else:
            raise Stopped("still there")

    def _give_up(self) -> None:
        """Leave no office behind, whatever went wrong before."""
        try:
            self._erase()
        except Stopped:
            return

    def _json(self, name: str, body: Any = None, **parts: UUID | str) -> dict[str, Any]:
        answer: dict[str, Any] = msgspec.json.decode(self._ask(name, body, **parts))
        return answer

    def _ask(self, name: str, body: Any = None, **parts: UUID | str) -> bytes:
        route = BY_NAME[name]
        headers = {HEADER: str(PROTOCOL)}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if route.writes:
            headers["Idempotency-Key"] = uuid4().hex
        raw = None
        if route.request is not None:
            headers["Content-Type"] = route.body_media
            raw = body if route.request is bytes else msgspec.json.encode(body)
        address = self._address + route.address(**parts)
        asked = urllib.request.Request(address, raw, headers, method=route.method)  # noqa: S310 - the operator's own
        try:
            with self._opener.open(asked, timeout=PATIENCE) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            with error:
                raise Stopped(_slug(error.read()) or f"status {error.code}") from error
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise Stopped("it does not answer") from error


def walk_through(address: str, context: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> list[Finding]:
    """Walk through the service at an address; what went well, and where it stopped."""
    return Walk(address, context).go()


def _same(got: bytes, sent: bytes) -> None:
    if got != sent:
        raise Stopped("other bytes came back")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _slug(body: bytes) -> str:
    try:
        return slug_of(msgspec.json.decode(body, type=Problem))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
