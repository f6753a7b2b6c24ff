"""Single things at the service: uploads, reports and documents, put and fetched, sealed and checked.

What comes back is never believed for having come: hashes tell bytes that were spoilt on the way (asked for again) from
bytes that are kept so (refused by name), and a put is only done when the service tells the hash of what was sent.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from autoenroll_desktop.domain.shared import Arrival
from autoenroll_desktop.sync.caller import Caller
from autoenroll_desktop.sync.shelf import Shelf
from autoenroll_desktop.sync.trouble import NotReached, Refused
from autoenroll_desktop.sync.vault.names import thing_id, write_key
from autoenroll_desktop.sync.vault.refusals import KeyUnknown, Tampered, VaultRefused
from autoenroll_desktop.sync.vault.sealing import OfficeKeys, seal, seal_in_chunks, unseal_chunks
from server_sync.contract.fields import CHUNK_SIZE, MAX_CHUNKS
from server_sync.contract.signing import associated_data
from server_sync.contract.things import DocumentVersion, Manifest, NewReport, Upload

SPOILT, SPENT, OURS, THEIRS = "spoilt", "spent", "ours", "theirs"
_ATTEMPTS = 5
"""Ids tried for one thing, and rounds of one upload."""
_TAKEN = ("exists", "idempotency-key-reused")


@dataclass
class Things:
    """Things of one office.

    Attributes:
        keys: the office keys; `renew` asks for newer ones. throttle: told of bytes that went up.
    """

    caller: Caller
    shelf: Shelf
    keys: OfficeKeys
    renew: Callable[[], OfficeKeys]
    throttle: Callable[[int], None]

    def put_letter(self, kind: str, subject: str, content: bytes, uploads: list[UUID]) -> Arrival:
        """Put a finished thing there, once; how it stands there. Raises NotReached, Refused, Distrusted."""
        for _ in range(_ATTEMPTS):
            thing = self.free_id("report", kind, subject)
            bound = self._bound("report", kind, thing, 0)
            sealed = seal(self.keys, bound, content)
            request = NewReport(id=thing, kind=kind, sealed=sealed, uploads=uploads)  # type: ignore[arg-type]
            about: list[bytes | str] = [str(thing), kind, sealed, *(str(one) for one in uploads)]
            try:
                there = self.caller.ask("put_report", request, key=write_key("put_report", *about))
            except Refused as refused:
                if refused.slug not in _TAKEN:
                    raise
                there = self._report_there(thing)
            if there is None:
                there = self.caller.ask("put_report", request, key=write_key("put_report", "again", *about))
            self.throttle(len(sealed))
            arrival = self._arrival("report", kind, thing, 0, there.sha256)
            alike = (there.id, there.kind, there.uploads) == (thing, kind, uploads)
            if alike and (there.sha256 == _sha256(sealed) or self._says(there, bound, content)):
                return arrival
            self._spoil(arrival)
        raise NotReached("broken")

    def fetch_letter(self, kind: str, thing: UUID, sealed: bytes | None) -> tuple[bytes, str, str]:
        """A finished thing's content, the hash of its sealed bytes, and its kind as the seal bears out.

        Raises:
            Tampered, NotSealed, KeyUnknown: it is kept so there. NotReached, Refused (not-found).
        """
        if sealed is not None:
            try:
                return self._open(self._bound("report", kind, thing, 0), [sealed]), _sha256(sealed), kind
            except VaultRefused:
                pass  # it may have been spoilt on its way: once more, with its hash
        there = self.caller.ask("report", report=thing)
        if _sha256(there.sealed) != there.sha256 or there.id != thing:
            raise NotReached("broken")
        return self._open(self._bound("report", there.kind, thing, 0), [there.sealed]), there.sha256, there.kind

    def put_page(self, kind: str, thing: UUID, base: int, content: bytes) -> tuple[int, str, bool]:
        """Put the next version of a document; its version, its hash, and whether it is there as it was sent.

        Raises:
            Refused: version-conflict (fetch, merge, put again); NotReached, …
        """
        sealed = seal(self.keys, self._bound("document", kind, thing, base + 1), content)
        request = DocumentVersion(kind=kind, base_version=base, sealed=sealed)  # type: ignore[arg-type]
        key = write_key("put_document", str(thing), kind, str(base), sealed)
        there = self.caller.ask("put_document", request, key=key, document=thing)
        self.throttle(len(sealed))
        whole = (there.id, there.version, there.sha256) == (thing, base + 1, _sha256(sealed))
        return there.version, there.sha256, whole

    def fetch_page(self, thing: UUID) -> tuple[bytes | None, int, str, str]:
        """A document's content (None: kept spoilt there), version, hash, kind. Raises NotReached, Refused."""
        there = self.caller.ask("document", document=thing)
        if _sha256(there.sealed) != there.sha256 or there.id != thing:
            raise NotReached("broken")
        try:
            content = self._open(self._bound("document", there.kind, thing, there.version), [there.sealed])
        except Tampered:
            content = None
        return content, there.version, there.sha256, there.kind

    def open_page(self, kind: str, thing: UUID, version: int, sealed: bytes) -> bytes:
        """A document that came with the feed. Raises Tampered, NotSealed, KeyUnknown."""
        return self._open(self._bound("document", kind, thing, version), [sealed])

    def put_upload(self, kind: str, data: bytes, client_id: str) -> UUID:
        """Have a large part there, whole; one that is there already is not sent again.

        Raises:
            Refused: too-large. NotReached, Distrusted.
        """
        subject = hmac.digest(self.keys.naming, data, "sha256").hex()
        for _ in range(_ATTEMPTS):
            thing = self.free_id("upload", kind, subject)
            known = self.shelf.known(str(thing))
            if known is not None and known.state in (OURS, THEIRS):
                return thing
            chunks = seal_in_chunks(self.keys, self._bound("upload", kind, thing, 0), data)
            if len(chunks) > MAX_CHUNKS:
                raise Refused("too-large")
            arrival = self._arrival("upload", kind, thing, 0, _sha256(*chunks))
            if self._sent_up(kind, thing, chunks):
                self.shelf.note(arrival, OURS, client_id, subject)
                return thing
            self._spoil(arrival)
        raise NotReached("broken")

    def fetch_upload(self, thing: UUID) -> bytes:
        """A large part. Raises Tampered, KeyUnknown, NotSealed; NotReached, Refused (not-found)."""
        there: Upload = self.caller.ask("upload", upload=thing)
        chunks = []
        for name in there.chunks:
            chunk = self.caller.ask("chunk", upload=thing, sha256=name)
            if _sha256(chunk) != name:
                raise NotReached("broken")
            chunks.append(chunk)
        if _sha256(*chunks) != there.sha256:
            raise NotReached("broken")
        return self._open(self._bound("upload", there.kind, thing, 0), chunks)

    def free_id(self, what: str, kind: str, subject: str) -> UUID:
        """The id of a thing, passing over those that were spoilt."""
        attempt = 0
        while True:
            thing = thing_id(self.keys.naming, what, kind, subject, attempt)
            known = self.shelf.known(str(thing))
            if known is None or known.state not in (SPOILT, SPENT):
                return thing
            attempt += 1

    def _sent_up(self, kind: str, thing: UUID, chunks: list[bytes]) -> bool:
        """Whether these chunks are complete there now; False where the id holds something else."""
        names = [_sha256(one) for one in chunks]
        size = CHUNK_SIZE * (len(chunks) - 1) + len(chunks[-1])
        manifest = Manifest(id=thing, kind=kind, sha256=_sha256(*chunks), size=size, chunks=names)  # type: ignore[arg-type]
        by_name = dict(zip(names, chunks, strict=True))
        for _ in range(_ATTEMPTS):
            try:
                there = self.caller.ask("manifest", manifest)
                for name in there.missing if there.state == "partial" else ():
                    if name not in by_name:
                        return False
                    self.caller.ask("put_chunk", by_name[name], upload=thing, sha256=name)
                    self.throttle(len(by_name[name]))
                if there.state == "partial":
                    there = self.caller.ask("complete", upload=thing)
            except Refused as refused:
                if refused.slug == "exists":
                    return False
                if refused.slug not in ("chunks-missing", "hash-mismatch", "not-found"):
                    raise
                continue
            if there.state == "complete":
                return bool((there.sha256, there.chunks, there.kind) == (manifest.sha256, names, kind))
        raise NotReached("broken")

    def _report_there(self, thing: UUID) -> Any:
        try:
            return self.caller.ask("report", report=thing)
        except Refused as refused:
            if refused.slug != "not-found":
                raise
            return None

    def _says(self, there: Any, bound: bytes, content: bytes) -> bool:
        """Whether what is there says the same, sealed with an earlier office key."""
        if not hasattr(there, "sealed") or _sha256(there.sealed) != there.sha256:
            return False
        try:
            return self._open(bound, [there.sealed]) == content
        except VaultRefused:
            return False

    def _spoil(self, thing: Arrival) -> None:
        """Never use the id of what was spoilt on its way again, and delete it.

        In this order: where the answer to the deletion is lost, the service takes nothing under that id any more, and
        the next round would take what it was to hold for something another PC deleted.
        """
        self.shelf.note(thing, SPOILT)
        self.delete_spoilt(thing.what, thing.thing)

    def delete_spoilt(self, what: str, thing: str) -> None:
        """Delete there what was spoilt on its way. Raises NotReached, Refused: the next round tries again."""
        route = f"delete_{what}"
        try:
            self.caller.ask(route, key=write_key(route, thing), **{what: thing})
        except Refused as refused:
            if refused.slug not in ("not-found", "deleted", "idempotency-key-reused"):
                raise
        self.shelf.set_state(thing, SPENT)

    def _open(self, bound: bytes, chunks: list[bytes]) -> bytes:
        try:
            return unseal_chunks(self.keys, bound, chunks)
        except KeyUnknown:
            self.keys = self.renew()
        return unseal_chunks(self.keys, bound, chunks)

    def _bound(self, what: str, kind: str, thing: UUID, version: int) -> bytes:
        return associated_data(self.caller.me.office, what, kind, thing, version)

    def _arrival(self, what: str, kind: str, thing: UUID, version: int, sha256: str) -> Arrival:
        return Arrival(str(thing), what, kind, version, sha256, 0, self.shelf.now())


def _sha256(*parts: bytes) -> str:
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    return made.hexdigest()
