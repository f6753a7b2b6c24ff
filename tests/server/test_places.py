"""Few work at once, in the order they came, and whoever waits too long is told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from server_sync.contract.problems import Refused
from server_sync.web.places import Places


def test_who_came_first_is_first() -> None:
    places, order = Places(1), []

    def work(number: int) -> None:
        with places.one():
            order.append(number)

    with ThreadPoolExecutor(8) as pool, places.one():
        for number in range(8):
            pool.submit(work, number)
            while len(places.waiting) <= number:
                pass
        assert order == []
    assert order == list(range(8))


def test_no_more_work_than_there_are_places_and_every_place_comes_back() -> None:
    places, inside, most, lock = Places(3), 0, 0, threading.Lock()

    def work(number: int) -> None:
        nonlocal inside, most
        with places.one():
            with lock:
                inside += 1
                most = max(most, inside)
            with lock:
                inside -= 1
            if number % 7 == 0:
                raise ValueError("whatever happens in it")

    with ThreadPoolExecutor(12) as pool:
        done = [pool.submit(work, number) for number in range(300)]
    assert sum(one.exception() is not None for one in done) == 43
    assert most <= 3
    with places.one(), places.one(), places.one():
        assert not places.waiting


def test_whoever_waits_too_long_is_told_and_takes_nobodys_turn() -> None:
    places = Places(1, patience=0.02)
    with places.one(), pytest.raises(Refused, match="busy"), places.one():
        pass
    assert not places.waiting
    with places.one():
        pass
