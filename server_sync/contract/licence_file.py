"""Licence files and requests for a PC without a network: text that survives e-mail, a USB stick and a phone's camera.

A licence file holds notes for a person (lines that begin with `#`) and the token, which may have been broken over
several lines on the way. A request is one line, `AER1.BODY.CHECK`: which PC asks, for which office. It is not
signed, for it gives nothing away and grants nothing; its check digits only catch slips of the hand.
"""

import hashlib
import textwrap
from base64 import b32decode, b32encode
from binascii import Error as NotBase32

import msgspec

from server_sync.contract.licence import Licence, Moment, Text

REQUEST = "AER1"
LONGEST_FILE = 65_536


class NotARequest(ValueError):
    """This text is no licence request, or it was changed on the way."""


class LicenceRequest(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A PC asks for a licence.

    Attributes:
        device: the PC's random id. office: the office it belongs to, "" where it belongs to none yet.
        made_at: when the request was made. app: the version that made it.
    """

    device: Text
    office: Text = ""
    made_at: Moment
    app: Text = ""


def write_file(token: str, licence: Licence) -> str:
    """The content of a licence file."""
    until = licence.valid_until.date().strftime("%d/%m/%Y")
    note = f"# AutoEnroll Desktop licence: {licence.plan}, seats: {licence.seats}, paid until {until}.\n"
    how = "# Open it with: autoenroll licence activate FILE\n"
    return note + how + "\n".join(textwrap.wrap(token, 76)) + "\n"


def read_file(content: bytes) -> bytes:
    """The token in a licence file: everything but notes and white space. `content` may also be a bare token."""
    lines = content[:LONGEST_FILE].removeprefix(b"\xef\xbb\xbf").splitlines()
    return b"".join(b"".join(line.lstrip(b"> ").split()) for line in lines if not line.lstrip(b"> ").startswith(b"#"))


def write_request(request: LicenceRequest) -> str:
    """The request as one line of capital letters and digits, the kind a QR code holds best."""
    body = b32encode(msgspec.json.encode(request)).rstrip(b"=").decode()
    return f"{REQUEST}.{body}.{_digits(body)}"


def read_request(content: bytes) -> LicenceRequest:
    """The request in a file or a pasted text.

    Raises:
        NotARequest: it is none, or a letter of it was changed.
    """
    parts = read_file(content).decode("ascii", "replace").upper().split(".")
    if len(parts) != 3 or parts[0] != REQUEST:
        raise NotARequest("this is no licence request")
    _, body, digits = parts
    if _digits(body) != digits:
        raise NotARequest("the request was changed on the way")
    try:
        return msgspec.json.decode(b32decode(body + "=" * (-len(body) % 8)), type=LicenceRequest)
    except (NotBase32, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotARequest("this is no licence request") from error


def _digits(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:6].upper()
