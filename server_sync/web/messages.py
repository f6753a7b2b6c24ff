"""JSON and query strings to messages and back."""

import re
from typing import Any

import msgspec

from server_sync.contract.problems import Refused

ENCODER = msgspec.json.Encoder()
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}
_PLACE = re.compile(r" - at `(\$[^`]*)`")


def decode(raw: bytes, kind: Any) -> Any:
    """Read a body as a message.

    Raises:
        Refused: malformed (not JSON), invalid (naming the place, never the value).
    """
    decoder = _DECODERS.setdefault(kind, msgspec.json.Decoder(kind))
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        if "got `float`" in str(error):
            return _with_whole_numbers(raw, kind)
        raise Refused("invalid", _place(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("malformed", "the body is not JSON") from error


def query(pairs: dict[str, Any], kind: Any) -> Any:
    """Read a query string as a message. Raises Refused: invalid."""
    try:
        return msgspec.convert(pairs, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"in the query: {_place(error)}") from error


def encode(message: Any) -> bytes:
    """A message as JSON."""
    return ENCODER.encode(message)


def _with_whole_numbers(raw: bytes, kind: Any) -> Any:
    """The same again with 1.0 as 1: JSON Schema calls both an integer."""
    try:
        return msgspec.convert(_whole(msgspec.json.decode(raw)), kind)
    except msgspec.ValidationError as error:
        raise Refused("invalid", _place(error)) from error


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    return value


def _place(error: msgspec.ValidationError) -> str:
    found = _PLACE.search(str(error))
    return f"at {found[1]}" if found else "a field is missing, unknown or not of its kind"
