"""Two PCs of one office and the real service: what one does offline the other has, once, byte for byte."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from autoenroll_desktop.store.ledger import SUBMISSION, add_sent
from autoenroll_desktop.store.recipes import keep_recipe
from tests.syncing import Pc, contents

ROWS = [("1234567FA", "Aoife", "Byrne", "700.00"), ("7654321PA", "Sean", "Kelly", "812.50")]
EMPLOYER = "8000074DH"


def test_what_was_done_offline_is_on_the_other_pc_byte_for_byte(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, second = office
    run_id = first.check(tmp_path, "2026-11-26", ROWS)
    with first.store.writing() as connection:
        keep_recipe(connection, EMPLOYER, "weekly", 'format = "autoenroll-recipe"\n', first.stamp())
        add_sent(connection, EMPLOYER, 2026, [(SUBMISSION, "abc")], first.stamp())
    assert first.sync().standing == "in-sync"
    state = second.sync()
    assert state.standing == "in-sync", state
    assert run_id in contents(second.store)["runs"]
    first.sync()
    assert contents(first.store) == contents(second.store)
    again = second.sync()
    assert (again.waiting, contents(first.store) == contents(second.store)) == (0, True)


def test_both_check_the_same_run_and_both_hold_both(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, second = office
    first.check(tmp_path, "2026-11-26", ROWS)
    second.check(tmp_path, "2026-11-26", [*ROWS, ("1111111AA", "A", "B", "1.00")])
    for one in (first, second, first):
        assert one.sync().trouble == ""
    assert contents(first.store) == contents(second.store)
    first.clock += dt.timedelta(minutes=5)
    third = first.check(tmp_path, "2026-11-26", ROWS[:1])
    first.sync()
    second.sync()
    assert contents(first.store) == contents(second.store)
    assert third in contents(second.store)["runs"]


def test_a_pc_without_a_network_goes_on(pc: Callable[[str], Pc], tmp_path: Path) -> None:
    alone = pc("alone")
    alone.check(tmp_path, "2026-11-26", ROWS)
    assert contents(alone.store)["runs"]
