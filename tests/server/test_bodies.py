"""Bodies that come slowly, too slowly, or not whole."""

import pytest

from server_sync.contract.problems import Refused
from server_sync.web.bodies import GRACE, SLOWEST, Bodies


class Line:
    """A sender of `rate` bytes a second; reading waits until as much as was asked for has come."""

    def __init__(self, rate: float, whole: int) -> None:
        self.rate, self.left, self.now, self.asked = rate, whole, 0.0, []

    def clock(self) -> float:
        return self.now

    def read(self, size: int) -> bytes:
        size = min(size, self.left)
        self.left -= size
        self.now += size / self.rate
        self.asked.append(size)
        return bytes(size)


@pytest.mark.parametrize(("rate", "whole"), [(1e9, 1_048_576), (40_000, 1_048_576), (500, 4_000), (1e6, 1), (1e6, 0)])
def test_what_comes_fast_enough_is_read(rate: float, whole: int) -> None:
    line = Line(rate, whole)
    assert len(Bodies(1, 1, line.clock).read(line, whole, known=True)) == whole


@pytest.mark.parametrize("rate", [1, 500, SLOWEST / 2])
def test_what_trickles_is_given_up_soon_after_the_grace(rate: float) -> None:
    line = Line(rate, 1_048_576)
    with pytest.raises(Refused, match="too-slow"):
        Bodies(1, 1, line.clock).read(line, 1_048_576, known=True)
    assert line.now < GRACE / (1 - rate / SLOWEST) + 1024 / rate + 1


def test_a_body_that_ends_early_is_malformed_and_its_place_is_free_again() -> None:
    bodies = Bodies(1, 1)
    for _ in range(3):
        with pytest.raises(Refused, match="malformed"):
            bodies.read(Line(1e9, 5), 10, known=True)


def test_strangers_cannot_take_the_places_of_known_devices() -> None:
    bodies = Bodies(1, 1)

    class Nested(Line):
        def read(self, size: int) -> bytes:
            with pytest.raises(Refused, match="busy"):
                bodies.read(Line(1e9, 1), 1, known=False)
            assert bodies.read(Line(1e9, 1), 1, known=True) == b"\0"
            return super().read(size)

    assert len(bodies.read(Nested(1e9, 1), 1, known=False)) == 1
