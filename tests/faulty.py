"""A way to the service on which things go wrong, by a seed: dropped, delayed, doubled, late, cut, changed."""

import random
from collections import Counter
from typing import Any

import requests
from requests.adapters import BaseAdapter

from tests.syncing import response

KINDS = (
    "lost-on-the-way-there", "lost-on-the-way-back", "slow", "twice", "late", "cut", "changed-there", "changed-back",
    "busy", "portal",
)  # fmt: skip


class Faulty(BaseAdapter):
    """Wraps another way. `rate` of the requests meet a fault; 0 heals it."""

    def __init__(self, inner: BaseAdapter, seed: int, rate: float = 0.25) -> None:
        super().__init__()
        self.inner, self.rate = inner, rate
        self.chance = random.Random(seed)
        self.late: list[requests.PreparedRequest] = []
        self.met: Counter[str] = Counter()

    def send(  # noqa: C901 - one case a fault
        self, request: requests.PreparedRequest, **more: Any
    ) -> requests.Response:
        if self.late and self.chance.random() < 0.5:  # an old copy of an earlier request arrives now
            self.inner.send(self.late.pop(0), **more)
        kind = self.chance.choice(KINDS) if self.chance.random() < self.rate else ""
        self.met[kind] += 1
        match kind:
            case "lost-on-the-way-there":
                raise requests.ConnectionError
            case "lost-on-the-way-back":
                self.inner.send(request, **more)
                raise requests.ConnectionError
            case "slow":
                self.late.append(request.copy())
                raise requests.Timeout
            case "twice":
                self.inner.send(request.copy(), **more)
            case "late":
                self.late.append(request.copy())
            case "changed-there" if request.body:
                changed = request.copy()
                changed.body = self._changed(_bytes(request))
                return self.inner.send(changed, **more)
            case "busy":
                return response(request, 503, {"Content-Type": "text/plain"}, b"away")
            case "portal":
                return response(request, 200, {"Content-Type": "text/html"}, b"<html>Welcome to the hotel")
        done = self.inner.send(request, **more)
        if kind == "cut":
            done._content = done.content[: self.chance.randrange(len(done.content) + 1)]
        if kind == "changed-back" and done.content:
            done._content = self._changed(done.content)
        return done

    def close(self) -> None:
        """Nothing is open."""

    def _changed(self, data: bytes) -> bytes:
        at = self.chance.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << self.chance.randrange(8))]) + data[at + 1 :]


def _bytes(request: requests.PreparedRequest) -> bytes:
    assert request.body is not None
    return request.body.encode() if isinstance(request.body, str) else request.body
