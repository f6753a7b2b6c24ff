"""Stripe's form encoding: `items[0][price]=x` is a list of objects, `metadata[office]=x` an object."""

import re
from typing import Any
from urllib.parse import parse_qsl


def read_form(text: str) -> dict[str, Any]:
    """The nested parameters of a body or a query string."""
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        path = (
            re.findall(r"[^\[\]]+", key) if not key.endswith("[]") else [*re.findall(r"[^\[\]]+", key), f"+{len(tree)}"]
        )
        place = tree
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = value
    return {name: _lists(value) for name, value in tree.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(one) for name, one in value.items()}
    if inner and all(name.isdigit() or name.startswith("+") for name in inner):
        return list(inner.values())
    return inner
