"""One round with the service: read what is new, send what waits, read once more what that brought.

Each thing is settled by itself, so a round may be cut off anywhere and the next one goes on. What cannot be trusted or
understood is noted by its name and passed over; it never holds up what comes after it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from autoenroll_desktop.domain.shared import Arrival, Known, NotOurs, NotYet, Parcel, SharedDocument, Waiting
from autoenroll_desktop.sync.caller import Caller
from autoenroll_desktop.sync.letters import (
    Enclosed,
    Letter,
    Page,
    parcel_of,
    read_letter,
    read_page,
    sorted_out,
    written,
)
from autoenroll_desktop.sync.merge import merge
from autoenroll_desktop.sync.shelf import Shelf
from autoenroll_desktop.sync.things import Things
from autoenroll_desktop.sync.trouble import Distrusted, NotReached, Refused
from autoenroll_desktop.sync.vault.names import write_key
from autoenroll_desktop.sync.vault.refusals import Tampered, VaultRefused
from server_sync.contract.fields import MAX_PAGE
from server_sync.contract.routes import READERS, WRITERS
from server_sync.contract.things import Change, Changes

_SETTLED = ("ours", "theirs", "gone", "erased", "spoilt", "spent")
_NOT_SENT = ("gone", "erased")
_FATAL = ("device-revoked", "device-waiting", "unauthenticated", "forbidden", "protocol-unsupported")
_PASSES = 6
"""How often documents are put again after somebody was quicker."""
Step = Callable[[str, int, int], None]


@dataclass
class Exchange:
    """A round.

    Attributes:
        step: told what is being done, how much of how much; may raise Cancelled.
        doubted: names of what could not be trusted or was not taken in this round. runs_came: runs were taken over.
        office_changed: devices, people or the office key did. restored: the service was, from a backup.
    """

    caller: Caller
    shelf: Shelf
    things: Things
    step: Step
    doubted: list[str] = field(default_factory=list)
    runs_came: bool = False
    office_changed: bool = False
    restored: bool = False

    def run(self) -> None:
        """One whole round. Raises NotReached, Refused, Distrusted; everything settled before stays so."""
        self.caller.token()  # tells the role as it is now, and a device that was revoked, whatever its role reads
        role = self.caller.me.role
        if role in READERS:
            self.pull()
        if self.office_changed:  # what is sent from here on is sealed with a key a revoked device does not hold
            self.things.keys = self.things.renew()
        if role in WRITERS:
            self.push()
            self.pull()

    def pull(self) -> None:
        """Take over everything that is new."""
        more = True
        while more:
            after = self.shelf.cursor()
            page = self._page(after)
            for at, item in enumerate(page.items):
                self.step("fetching", at, len(page.items))
                self._take(item)
            more = page.more
        if self.runs_came:
            self.runs_came = False
            self._take_again("early")

    def push(self) -> None:
        """Send everything that waits."""
        self._delete_there()
        waiting = self.shelf.waiting()
        for at, one in enumerate(waiting):
            self.step("sending", at, len(waiting))
            try:
                self._send(one)
            except Refused as refused:
                if refused.slug in _FATAL:
                    raise
                if refused.slug == "deleted":
                    self.shelf.settled(one)
                else:
                    self.shelf.not_taken(one, refused.slug)
                    self.doubted.append(refused.slug)
        for _ in range(_PASSES):
            if not self._send_documents():
                return

    def _page(self, after: int) -> Changes:
        query: dict[str, str | int] = {"after": after, "limit": MAX_PAGE, "sealed": 1}
        for _ in range(3):
            try:
                page: Changes = self.caller.ask("changes", query=query)
            except Refused as refused:
                if refused.slug not in ("cursor-ahead", "cursor-too-old") or query["after"] == 0:
                    raise
                self.restored |= refused.slug == "cursor-ahead"
                self.shelf.start_over(lost=refused.slug == "cursor-ahead")
                query["after"] = 0
                continue
            numbers = [int(query["after"]), *(item.sequence for item in page.items)]
            if numbers == sorted(set(numbers)) and page.cursor == numbers[-1]:
                return page
        raise Distrusted("feed-went-back")

    def _take(self, item: Change) -> None:
        known = self.shelf.known(str(item.id))
        sha256 = hashlib.sha256(item.sealed).hexdigest() if item.sealed is not None else ""
        thing = Arrival(str(item.id), item.what, item.kind or "", item.version, sha256, item.sequence, self.shelf.now())
        if item.what not in ("report", "document", "upload") or (item.what == "upload" and not item.gone):
            self.office_changed |= item.what in ("device", "person", "office")
            self.shelf.pass_over(item.sequence)
        elif item.gone:
            self.shelf.gone(thing)
        elif item.what == "document":
            self._take_document(item, thing, known)
        elif known is not None and known.state in _SETTLED:
            if sha256 and known.sha256 and sha256 != known.sha256 and known.state in ("ours", "theirs"):
                self._doubt_known(item, known.sha256)
            self.shelf.pass_over(item.sequence)
        else:
            self._take_letter(item, thing)

    def _take_letter(self, item: Change, thing: Arrival) -> None:
        try:
            content, sha256, kind = self.things.fetch_letter(thing.kind, item.id, item.sealed)
            letter = read_letter(content, kind)
            parts = {name: self._part(one) for name, one in letter.enclosed.items()}
            self.shelf.take(parcel_of(letter, parts), replace(thing, sha256=sha256, kind=kind))
            self.runs_came |= letter.kind == "run"
        except VaultRefused as refused:
            self._refuse(thing, refused.slug)
        except NotOurs:
            self._refuse(thing, "not-sealed")
        except NotYet:
            self.shelf.note(thing, "early")
            self.shelf.pass_over(thing.cursor)
        except Refused as refused:
            self._not_there(item, thing, refused)

    def _part(self, one: Enclosed) -> bytes:
        data = self.things.fetch_upload(one.upload)
        if (len(data), hashlib.sha256(data).hexdigest()) != (one.size, one.sha256):
            raise Tampered
        return data

    def _take_document(self, item: Change, thing: Arrival, known: Known | None) -> None:
        if known is not None and (
            known.state in _NOT_SENT
            or (known.state in ("ours", "theirs") and (known.version, known.sha256) == (item.version, thing.sha256))
        ):
            self.shelf.pass_over(thing.cursor)
            return
        try:
            content, version, sha256, kind = self._page_there(item, thing)
            thing = replace(thing, kind=kind)
            if content is None:
                self._refuse_document(thing, version, "tampered")
                return
            page = read_page(content, kind)
            if known is not None and page.revision < known.revision:
                self._refuse_document(thing, version, "rolled-back")
                return
            arrival = replace(thing, sha256=sha256, version=version, revision=page.revision)
            self.shelf.take_document(page.kind, page.subject, page.fields, arrival, merge)
        except VaultRefused as refused:
            self._refuse(thing, refused.slug)
        except NotOurs:
            self._refuse(thing, "not-sealed")
        except Refused as refused:
            self._not_there(item, thing, refused)

    def _page_there(self, item: Change, thing: Arrival) -> tuple[bytes | None, int, str, str]:
        """A document as it came with the feed, or as it is now where it did not come along or was spoilt."""
        if item.sealed is not None:
            try:
                content = self.things.open_page(thing.kind, item.id, item.version, item.sealed)
            except VaultRefused:
                pass
            else:
                return content, item.version, thing.sha256, thing.kind
        return self.things.fetch_page(item.id)

    def _not_there(self, item: Change, thing: Arrival, refused: Refused) -> None:
        """The feed told of something that is not there: asked once more, for its id may have been spoilt on its way.

        Raises:
            NotReached: it was, or the thing was deleted since; the next round reads the feed as it is then.
        """
        if refused.slug != "not-found":
            raise refused
        if not item.sequence:
            self.shelf.set_state(thing.thing, "gone")
            return
        query: dict[str, str | int] = {"after": thing.cursor - 1, "limit": 1, "sealed": 0}
        again: Changes = self.caller.ask("changes", query=query)
        told = [(str(one.id), one.sequence) for one in again.items if not one.gone]
        if told != [(thing.thing, thing.cursor)]:
            raise NotReached("broken")
        self._refuse(thing, "not-found")

    def take_again(self) -> None:
        """Try once more what was refused before: a newer program, another key or a mended service may change that."""
        self._take_again("refused")
        self._take_again("early")

    def _take_again(self, state: str) -> None:
        for thing, what, kind in self.shelf.in_state(state):
            at = self.shelf.cursor()
            about = Change(
                sequence=0, at=self.shelf.now(), what="report" if what == "report" else "document", id=UUID(thing),
                kind=kind, version=0, device=None, gone=False, sealed=None,
            )  # fmt: skip
            arrival = Arrival(thing, what, kind, 0, "", at, self.shelf.now())
            if what == "report":
                self._take_letter(about, arrival)
            else:
                self._take_document(about, arrival, None)

    def _refuse(self, thing: Arrival, slug: str) -> None:
        self.shelf.refuse(thing, slug)
        self.doubted.append(slug)

    def _refuse_document(self, thing: Arrival, version: int, slug: str) -> None:
        """A version that is older, or that nobody can open: a PC that has the document puts its own on top of it."""
        for one in self.shelf.documents():
            if str(self.things.free_id("document", one.kind, one.subject)) == thing.thing:
                self.shelf.overwrite_next(one, replace(thing, sha256="", version=version))
                self.shelf.pass_over(max(thing.cursor, self.shelf.cursor()))
                self.doubted.append(slug)
                return
        self._refuse(replace(thing, sha256="", version=version), slug)

    def _doubt_known(self, item: Change, expected: str) -> None:
        """Other bytes under an id that is known: spoilt on their way, or replayed there."""
        try:
            _, sha256, _ = self.things.fetch_letter(item.kind or "", item.id, None)
        except (VaultRefused, NotOurs):  # an older thing's bytes, or none of ours: what is here is good
            sha256 = ""
        if sha256 != expected:
            self.doubted.append("replayed")

    def _send(self, one: Waiting) -> None:
        parcel = self.shelf.parcel(one)
        if parcel is None:
            self.shelf.settled(one)
            return
        letter, uploads = self._written(parcel)
        thing = self.things.put_letter(parcel.kind, parcel.subject, written(letter), uploads)
        self.shelf.sent(one, parcel, thing)

    def _written(self, parcel: Parcel) -> tuple[Letter, list[UUID]]:
        inside, large = sorted_out(parcel)
        enclosed = {}
        for name, data in sorted(large.items()):
            upload = self.things.put_upload("file", data, parcel.client_id)
            enclosed[name] = Enclosed(upload, len(data), hashlib.sha256(data).hexdigest())
        letter = Letter(
            kind=parcel.kind,
            subject=parcel.subject,
            head=parcel.head,
            inside=dict(sorted(inside.items())),
            enclosed=enclosed,
        )
        return letter, list(dict.fromkeys(one.upload for one in enclosed.values()))

    def _send_documents(self) -> bool:
        """Put every document that differs from what was agreed on; True where one has to be looked at again."""
        again = False
        for one in self.shelf.documents():
            thing = self.things.free_id("document", one.kind, one.subject)
            known = self.shelf.known(str(thing)) or Known(0, "", "")
            agreed = known.state in ("ours", "theirs") and dict(known.base) == dict(one.fields)
            if known.state not in _NOT_SENT and not agreed:
                again |= self._send_document(one, thing, known)
        return again

    def _send_document(self, one: SharedDocument, thing: UUID, known: Known) -> bool:
        fields = dict(sorted(one.fields.items()))
        page = Page(kind=one.kind, subject=one.subject, fields=fields, revision=known.revision + 1)
        about = Arrival(str(thing), "document", one.kind, known.version, "", 0, self.shelf.now(), page.revision)
        try:
            put, sha256, whole = self.things.put_page(one.kind, thing, known.version, written(page))
        except Refused as refused:
            if refused.slug in _FATAL:
                raise
            if refused.slug in ("version-conflict", "idempotency-key-reused"):
                return self._merge_in(one, about, known)
            if refused.slug == "deleted":
                self.shelf.note(about, "gone")
            else:
                self.doubted.append(refused.slug)
            return False
        if whole:
            self.shelf.document_sent(one, replace(about, sha256=sha256, version=put))
            return False
        if put != known.version + 1:
            return self._merge_in(one, about, known)
        self.shelf.overwrite_next(one, replace(about, version=put))
        return True

    def _merge_in(self, one: SharedDocument, about: Arrival, known: Known) -> bool:
        """Somebody was quicker, or a try before went through: take what is there, then look again."""
        try:
            content, there, sha256, _ = self.things.fetch_page(UUID(about.thing))
        except Refused as refused:
            if refused.slug != "not-found":
                raise
            content, there, sha256 = None, 0, ""  # the service lost it
        page = None if content is None else read_page(content, one.kind)
        if page is None or page.revision < known.revision:
            self.shelf.overwrite_next(one, replace(about, version=there))
        else:
            arrival = replace(about, sha256=sha256, version=there, revision=page.revision)
            self.shelf.take_document(page.kind, page.subject, page.fields, arrival, merge)
        return True

    def _delete_there(self) -> None:
        """Delete there what was spoilt on its way, and what was erased here."""
        for thing, what, _ in self.shelf.in_state("spoilt"):
            self.things.delete_spoilt(what, thing)
        for thing, what, _ in self.shelf.in_state("erased"):
            try:
                self.caller.ask(f"delete_{what}", key=write_key("erase", thing), **{what: thing})
            except Refused as refused:
                if refused.slug in _FATAL:
                    raise
            self.shelf.set_state(thing, "gone")
