"""A request of the right shape for any route, made from the messages themselves; its ids are of nothing that exists."""

import base64
import json
import os
import re
from typing import Any
from uuid import uuid4

import msgspec

from server_sync.contract.routes import Route


def address(route: Route, **parts: Any) -> str:
    """The path, with ids of nothing where none are given."""
    missing = {name: uuid4() for name in ("person", "device", "upload", "report", "document", "invitation")}
    return route.address(**{**missing, "sha256": "0" * 64, **parts})


def body(route: Route) -> tuple[bytes | None, str | None]:
    """A body the route can read, and its media type."""
    if route.request is None:
        return None, None
    if route.request is bytes:
        return b"x", route.body_media
    return json.dumps(make(route.request)).encode(), "application/json"


def make(kind: Any) -> Any:
    """A value of a message's type, as it travels."""
    info = msgspec.inspect.type_info(kind)
    return _value(info)


def _value(info: Any) -> Any:  # noqa: C901 - one case a kind of field
    inspect = msgspec.inspect
    match info:
        case inspect.Metadata():
            return _value(info.type)
        case inspect.StructType():
            return {field.encode_name: _value(field.type) for field in info.fields if field.required}
        case inspect.UUIDType():
            return str(uuid4())
        case inspect.BytesType():
            return base64.b64encode(os.urandom(max(info.min_length or 0, 1))).decode()
        case inspect.IntType():
            return info.ge or 1
        case inspect.ListType():
            return [_value(info.item_type)]
        case inspect.LiteralType():
            return info.values[0]
        case inspect.UnionType():
            return _value(next(one for one in info.types if not isinstance(one, inspect.NoneType)))
        case inspect.StrType():
            return _text(info)
        case inspect.NoneType():
            return None
    raise TypeError(info)


def _text(info: Any) -> str:
    length = info.min_length or 12
    for candidate in ("0" * length, "A" * length, "a" * length, "a@b" + "c" * length):
        if re.search(info.pattern or "", candidate):
            return candidate[: info.max_length]
    raise ValueError(info.pattern)
