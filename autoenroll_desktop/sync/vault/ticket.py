"""The ticket a new device is begun with: made on a device of the office, carried over by hand, pasted or as a QR code.

It holds the office's id, the signing key of the device that will approve, and an invitation's code where another person
is invited. So the new device knows whom to believe without asking the service.
"""

import binascii
import zlib
from base64 import b32decode, b32encode
from dataclasses import dataclass
from uuid import UUID

from autoenroll_desktop.sync.vault.refusals import NotATicket

_MARK = "AEJ1"
_CODE = 26


@dataclass(frozen=True)
class Ticket:
    """What a new device has to know. `code` is "" for a further device of somebody who is in the office already."""

    office: UUID
    approver_key: bytes
    code: str = ""


def write_ticket(ticket: Ticket) -> str:
    """The ticket as text in groups of six letters and digits."""
    body = ticket.office.bytes + ticket.approver_key + ticket.code.encode("ascii")
    letters = b32encode(body + zlib.crc32(body).to_bytes(4, "big")).decode().rstrip("=")
    return "-".join([_MARK, *(letters[at : at + 6] for at in range(0, len(letters), 6))])


def read_ticket(text: str) -> Ticket:
    """The ticket from its text, however it was broken into lines. Raises NotATicket."""
    letters = "".join(text.upper().replace("-", " ").split())
    if not letters.startswith(_MARK):
        raise NotATicket
    letters = letters.removeprefix(_MARK)
    try:
        raw = b32decode(letters + "=" * (-len(letters) % 8))
        body, check = raw[:-4], raw[-4:]
        code = body[48:].decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise NotATicket from None
    if zlib.crc32(body).to_bytes(4, "big") != check or len(body) < 48 or len(code) not in (0, _CODE):
        raise NotATicket
    return Ticket(UUID(bytes=body[:16]), body[16:48], code)
