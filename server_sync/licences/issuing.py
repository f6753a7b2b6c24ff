"""Handing out tokens: the seat first, then a snapshot good for 30 days, with a serial that only rises."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server_sync.contract.licence import GRACE, SNAPSHOT, Licence, sign_licence
from server_sync.licences.keys import Signer

FRESH = dt.timedelta(hours=12)
"""A device that asks again within this time, with nothing changed, gets the same token."""

LOCK = sa.text("select * from licences where office_id = :office for update")
SEAT = sa.text("select version, issued_at, token from seats where office_id = :office and device_id = :device")
TAKEN = sa.text(
    "select count(*) from seats s where s.office_id = :office and s.device_id <> :device and (s.away or exists ("
    "select from devices d where d.office_id = s.office_id and d.id = s.device_id and d.state = 'active'))"
)
TAKE = sa.text(
    "insert into seats (office_id, device_id, away, taken_at) values (:office, :device, :away, :now) "
    "on conflict (office_id, device_id) do nothing"
)
ISSUED = sa.text(
    "update licences set serial = serial + 1, "
    "snapshot_until = greatest(snapshot_until, cast(:until as timestamptz)) where office_id = :office"
)
KEEP = sa.text(
    "update seats set token = :token, version = :version, issued_at = :now "
    "where office_id = :office and device_id = :device"
)


class NoSeatFree(Exception):
    """Every seat is taken by another device."""


@dataclass(frozen=True)
class Issued:
    """What an office has, and the token of one device; None where nothing was ever granted."""

    row: sa.Row[tuple[object, ...]] | None
    token: str | None = None
    licence: Licence | None = None


def issue(
    db: sa.Connection, signer: Signer, office: UUID, device: UUID, now: dt.datetime, *, away: bool = False
) -> Issued:
    """The token for a device, in the office's transaction. It takes a seat where it has none.

    `away`: for a device without a network; the token is bound to it and good as long as the licence and its grace.

    Raises:
        NoSeatFree: it has no seat, and none is left.
    """
    about = {"office": office, "device": device}
    row = db.execute(LOCK, {"office": office}).one_or_none()
    if row is None or row.plan is None:
        return Issued(row)
    seat = db.execute(SEAT, about).one_or_none()
    if seat is None:
        if not row.ended and db.execute(TAKEN, about).scalar_one() >= row.seats:
            raise NoSeatFree
        db.execute(TAKE, {**about, "away": away, "now": now})
    elif not away and seat.token and seat.version == row.version and now - FRESH < seat.issued_at <= now:
        return Issued(row, seat.token)
    licence = next_licence(row, office, now, device=device.hex if away else "", long=away)
    token = sign_licence(licence, signer.private)
    db.execute(ISSUED, {"office": office, "until": None if away else licence.snapshot_until})
    db.execute(KEEP, {**about, "token": None if away else token, "version": row.version, "now": now})
    return Issued(row, token, licence)


def issue_for_mail(db: sa.Connection, signer: Signer, office: UUID, now: dt.datetime) -> tuple[str, Licence] | None:
    """A token for any of the office's devices, to be sent by e-mail; it takes no seat. None where nothing runs."""
    row = db.execute(LOCK, {"office": office}).one_or_none()
    if row is None or row.plan is None or row.ended:
        return None
    licence = next_licence(row, office, now)
    db.execute(ISSUED, {"office": office, "until": licence.snapshot_until})
    return sign_licence(licence, signer.private), licence


def next_licence(
    row: sa.Row[tuple[object, ...]], office: UUID, now: dt.datetime, *, device: str = "", long: bool = False
) -> Licence:
    """The licence a row of `licences` comes to now.

    One that was taken back keeps to the day the last copy was promised, and not a day longer. A file for a device
    without a network cannot be called back; that is its price.
    """
    now = now.replace(microsecond=0)
    fresh = row.valid_until + GRACE if long else now + SNAPSHOT
    until = (row.snapshot_until or now) if row.ended else fresh
    return Licence(
        serial=row.serial + 1, office=str(office), device=device, plan=row.plan, seats=row.seats, clients=row.clients,
        employees=row.employees, features=tuple(row.features), issued_at=now, valid_until=row.valid_until,
        snapshot_until=until, ended=row.ended,
    )  # fmt: skip
