"""What a device asks about its office's licence: the token, the seats, a file for a PC without a network."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa

from server_sync.accounts.audit import record
from server_sync.contract.licence_file import NotARequest, read_request, write_file
from server_sync.contract.licensing import LicenceFile, LicenceNow, LicenceState, Seat, SeatReleased, Seats
from server_sync.contract.problems import Refused
from server_sync.licences.issuing import Issued, NoSeatFree, issue
from server_sync.licences.keys import Signer
from server_sync.web.call import Call

SEATS = sa.text(
    "select s.device_id, s.away, s.taken_at from seats s where s.office_id = :office and (s.away or exists (select "
    "from devices d where d.office_id = s.office_id and d.id = s.device_id and d.state = 'active')) "
    "order by s.device_id"
)
NOTHING = LicenceNow(state="none", token=None, plan=None, valid_until=None, seats=0, seats_taken=0)
OF = sa.text("select seats from licences where office_id = :office")
AWAY = dt.timedelta(days=30)
HELD = sa.text("select away and taken_at > :since from seats where office_id = :office and device_id = :device")
RELEASE = sa.text("delete from seats where office_id = :office and device_id = :device")


def licence(call: Call) -> LicenceNow:
    """This device's licence; it takes a seat where it has none. Asked again within 12 hours, the same token."""
    if call.service.shop.signer is None:
        return NOTHING
    issued = _issue(call, call.caller.device)
    taken = len(call.db.execute(SEATS, {"office": call.caller.office}).all())
    row = issued.row
    if row is None:
        return LicenceNow(state="none", token=None, plan=None, valid_until=None, seats=0, seats_taken=taken)
    return LicenceNow(
        state=_state(row), token=issued.token, plan=row.plan, valid_until=row.valid_until, seats=row.seats,
        seats_taken=taken,
    )  # fmt: skip


def seats(call: Call) -> Seats:
    """Every seat that is taken."""
    rows = call.db.execute(SEATS, {"office": call.caller.office}).all()
    held = call.db.execute(OF, {"office": call.caller.office}).scalar() or 0
    items = [Seat(device=row.device_id, away=row.away, taken_at=row.taken_at) for row in rows]
    return Seats(items=items, seats=held)


def release_seat(call: Call) -> SeatReleased:
    """Free a seat, from any device; a PC that is still used takes the next free one.

    A file for a PC without a network cannot be called back, so its seat is held for 30 days, or until the operator
    frees it: otherwise one seat would do for any number of files.
    """
    device: UUID = call.parts["device"]
    held = call.db.execute(HELD, {"office": call.caller.office, "device": device, "since": call.now - AWAY}).scalar()
    if held:
        raise Refused("seat-held")
    if not call.db.execute(RELEASE, {"office": call.caller.office, "device": device}).rowcount:
        raise Refused("not-found")
    record(call, "seat-released", device)
    taken = len(call.db.execute(SEATS, {"office": call.caller.office}).all())
    return SeatReleased(device=device, seats_taken=taken)


def licence_file(call: Call) -> LicenceFile:
    """The licence file that answers a request of a PC without a network; that PC takes a seat."""
    try:
        asked = read_request(call.body.text.encode())
        device = UUID(asked.device)
    except (NotARequest, ValueError) as error:
        raise Refused("not-a-request") from error
    if asked.office and asked.office != str(call.caller.office):
        raise Refused("not-a-request", "it is another office's")
    issued = _issue(call, device, away=True)
    if issued.token is None or issued.licence is None:
        raise Refused("no-licence")
    record(call, "licence-file", device)
    return LicenceFile(content=write_file(issued.token, issued.licence), serial=issued.licence.serial)


def _issue(call: Call, device: UUID, *, away: bool = False) -> Issued:
    try:
        return issue(call.db, signer(call), call.caller.office, device, call.now, away=away)
    except NoSeatFree as error:
        raise Refused("no-seat-free") from error


def signer(call: Call) -> Signer:
    """The keys to sign with. Raises Refused: not-sold-here."""
    if call.service.shop.signer is None:
        raise Refused("not-sold-here")
    return call.service.shop.signer


def _state(row: "sa.Row[tuple[object, ...]]") -> LicenceState:
    if row.plan is None:
        return "awaiting" if row.awaiting else "none"
    if row.ended:
        return "ended"
    return "failing" if row.failing else "active"
