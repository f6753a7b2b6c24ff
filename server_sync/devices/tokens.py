"""Challenges and tokens: a device proves that it holds its key, and gets ten minutes."""

import sqlalchemy as sa

from server_sync.auth import require_signature
from server_sync.contract import signing
from server_sync.contract.identity import Challenge, Token
from server_sync.contract.problems import Refused
from server_sync.database.engine import TENANT
from server_sync.releases.handing_out import version_asking
from server_sync.web.call import Call

FIND = sa.text("select office_id from device_directory where device_id = :id")
DEVICE = sa.text(
    "select d.state, d.signing_key, p.role from devices d left join people p on p.office_id = d.office_id "
    "and p.id = d.person_id "
    "where d.office_id = :office and d.id = :id"
)
USE = sa.text("insert into used_challenges (hash, expires_at) values (:hash, :expires) on conflict do nothing")
SEEN = sa.text(
    "update devices set seen_on = :day, release = coalesce(:release, release) where office_id = :office and id = :id "
    "and (seen_on, release) is distinct from (:day, coalesce(:release, release))"
)
NOBODY = b"\1" + b"\0" * 31
"""A key no signature fits, for ids nobody has: the answer is that of a wrong signature."""


def challenge(call: Call) -> Challenge:
    """A challenge for any id, known or not."""
    text, expires = call.service.challenges.make(call.body.device, call.now)
    return Challenge(challenge=text, expires_at=expires)


def token(call: Call) -> Token:
    """A token for a signed challenge. A challenge counts once."""
    new = call.body
    used = call.service.challenges.check(new.device, new.challenge, call.now)
    office = call.db.execute(FIND, {"id": new.device}).scalar_one_or_none()
    row = None
    if office is not None:
        call.db.execute(TENANT, {"office": office})
        row = call.db.execute(DEVICE, {"office": office, "id": new.device}).one_or_none()
    message = signing.token_request(new.device, new.challenge)
    require_signature(bytes(row.signing_key) if row else NOBODY, new.signature, message, "at $.signature")
    if row is None or office is None:
        raise Refused("bad-signature", "at $.signature")
    if row.state == "revoked" or row.role is None:
        raise Refused("device-revoked")
    if not call.db.execute(USE, {"hash": used, "expires": call.now}).rowcount:
        raise Refused("unauthenticated", "the challenge was used before")
    seen = {"day": call.now.date(), "release": version_asking(call.header("User-Agent"))}
    call.db.execute(SEEN, {"office": office, "id": new.device, **seen})
    text, expires = call.service.tokens.issue(office, new.device, call.now)
    return Token(token=text, expires_at=expires, office=office, state=row.state, role=row.role)
