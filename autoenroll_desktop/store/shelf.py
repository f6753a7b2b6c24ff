"""The store as the exchange sees it (`sync.exchange.Shelf`): each method is one transaction, and each thing that comes
is taken over in the same one as the cursor that goes with it.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import delete, update

from autoenroll_desktop.domain.shared import Arrival, Conflict, Known, Parcel, SharedDocument, Value, Waiting
from autoenroll_desktop.store import parcels, shared_documents, sharing
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.audit import add as note
from autoenroll_desktop.store.outbox import done
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.tables import outbox, shared

Merge = Callable[
    [Mapping[str, Value], Mapping[str, Value], Mapping[str, Value]], tuple[dict[str, Value], list[Conflict]]
]


class StoreShelf:
    """An open store, and whom its trail tells of. `stamp` makes the stamp of now; without `reports` none is sent."""

    def __init__(self, store: Store, stamp: Callable[[], Stamp], *, reports: bool, most_tries: int) -> None:
        self._store, self._stamp = store, stamp
        self._reports, self._most_tries = reports, most_tries

    def now(self) -> dt.datetime:
        """The time by this PC's clock."""
        return self._stamp().at

    def waiting(self) -> list[Waiting]:
        """Everything finished that is to be sent, oldest first."""
        with self._store.writing() as connection:
            parcels.gather(connection, self._stamp(), reports=self._reports)
            return parcels.waiting(connection, self._most_tries, reports=self._reports)

    def parcel(self, one: Waiting) -> Parcel | None:
        """What a message is about; None where it is not kept any more."""
        with self._store.reading() as connection:
            return parcels.parcel_of(connection, self._store.kept, one)

    def known(self, thing: str) -> Known | None:
        """What is known of a thing."""
        with self._store.reading() as connection:
            return sharing.known(connection, thing)

    def sent(self, one: Waiting, parcel: Parcel, thing: Arrival) -> None:
        """A parcel has arrived there."""
        with self._store.writing() as connection:
            sharing.remember(connection, thing, sharing.OURS, parcel.subject, parcel.client_id)
            done(connection, one.number, self._stamp())

    def settled(self, one: Waiting) -> None:
        """There is nothing to send any more."""
        with self._store.writing() as connection:
            done(connection, one.number, self._stamp())

    def not_taken(self, one: Waiting, slug: str) -> None:
        """The service would not take it; it stays in the outbox."""
        values = {"tries": one.tries + 1, "refused": slug}
        with self._store.writing() as connection:
            connection.execute(update(outbox).where(outbox.c.number == one.number).values(**values))

    def note(self, thing: Arrival, state: str, client_id: str = "", subject: str = "") -> None:
        """Note what became of a thing, without moving the cursor."""
        with self._store.writing() as connection:
            sharing.remember(connection, thing, state, subject, client_id)

    def cursor(self) -> int:
        """How far the feed was read."""
        with self._store.reading() as connection:
            return sharing.cursor(connection)

    def start_over(self, *, lost: bool) -> None:
        """Read the feed from its beginning; `lost`: the service was restored, so everything is sent again, too."""
        with self._store.writing() as connection:
            sharing.put_cursor(connection, 0)
            if lost:
                sharing.send_again(connection)
                connection.execute(delete(shared).where(shared.c.what == "upload"))
                agreed = shared.c.what == "document", shared.c.state.in_((sharing.OURS, sharing.THEIRS))
                connection.execute(update(shared).where(*agreed).values(state=sharing.STALE, version=0))
                note(connection, self._stamp(), Event("service-was-restored"))

    def pass_over(self, cursor: int) -> None:
        """Nothing to take over up to here."""
        with self._store.writing() as connection:
            sharing.put_cursor(connection, cursor)

    def take(self, parcel: Parcel, thing: Arrival) -> None:
        """Take a parcel over. Raises NotOurs, AppError."""
        with self._store.writing() as connection:
            owner = parcels.take(connection, self._store.kept, parcel, self._stamp())
            sharing.remember(connection, thing, sharing.THEIRS, parcel.subject, owner)
            sharing.put_cursor(connection, thing.cursor)

    def refuse(self, thing: Arrival, slug: str) -> None:
        """A thing cannot be trusted or understood: it is noted and passed over."""
        with self._store.writing() as connection:
            sharing.remember(connection, thing, sharing.REFUSED, slug, "")
            sharing.put_cursor(connection, max(thing.cursor, sharing.cursor(connection)))

    def gone(self, thing: Arrival) -> None:
        """A thing was deleted there; what is here stays."""
        with self._store.writing() as connection:
            known = sharing.known(connection, thing.thing)
            if known is None:
                sharing.remember(connection, thing, sharing.GONE, "", "")
            else:
                spoilt = known.state in (sharing.SPOILT, sharing.SPENT)
                sharing.set_state(connection, thing.thing, sharing.SPENT if spoilt else sharing.GONE)
            sharing.put_cursor(connection, thing.cursor)

    def documents(self) -> list[SharedDocument]:
        """Every document as it is here."""
        with self._store.reading() as connection:
            return [*shared_documents.documents(connection)]

    def document_sent(self, one: SharedDocument, thing: Arrival) -> None:
        """A document has arrived there as it is here."""
        with self._store.writing() as connection:
            sharing.remember(connection, thing, sharing.OURS, one.subject, one.client_id, one.fields)

    def overwrite_next(self, one: SharedDocument, thing: Arrival) -> None:
        """What is there is older or cannot be read: the next version is put on top, from what was agreed on."""
        with self._store.writing() as connection:
            known = sharing.known(connection, thing.thing)
            behind = replace(thing, revision=known.revision if known else 0)
            base = known.base if known else {}
            sharing.remember(connection, behind, sharing.STALE, one.subject, one.client_id, base)

    def take_document(self, kind: str, subject: str, theirs: Mapping[str, Value], thing: Arrival, merge: Merge) -> None:
        """Take a document over, merged with what is here; values that lost are set aside. Raises NotOurs."""
        with self._store.writing() as connection:
            stamp = self._stamp()
            every = shared_documents.documents(connection)
            here = next((one for one in every if (one.kind, one.subject) == (kind, subject)), None)
            known = sharing.known(connection, thing.thing)
            base = known.base if known is not None and known.base else shared_documents.begun_from(kind, theirs)
            merged, conflicts = merge(base, here.fields if here else base, theirs)
            owner = shared_documents.put_document(connection, kind, merged, stamp)
            for one in conflicts:
                sharing.keep_conflict(connection, thing.thing, owner, one, stamp)
            sharing.remember(connection, thing, sharing.THEIRS, subject, owner, theirs)
            sharing.put_cursor(connection, max(thing.cursor, sharing.cursor(connection)))

    def in_state(self, state: str) -> list[tuple[str, str, str]]:
        """Id, sort and kind of every thing in a state."""
        with self._store.reading() as connection:
            return [one[:3] for one in sharing.things_in(connection, state)]

    def set_state(self, thing: str, state: str) -> None:
        """Note another state of a thing."""
        with self._store.writing() as connection:
            sharing.set_state(connection, thing, state)
