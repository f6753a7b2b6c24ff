"""Two PCs of one office and the real service: what one does offline the other has, once, byte for byte."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from autoenroll_desktop.actions.join_office import invite, join
from autoenroll_desktop.actions.office_devices import devices
from autoenroll_desktop.actions.office_service import OfficeTrouble, calling, membership
from autoenroll_desktop.store import audit
from autoenroll_desktop.store.client_settings import keep_settings, settings_of
from autoenroll_desktop.store.clients import find, set_retention
from autoenroll_desktop.store.erasing import erase
from autoenroll_desktop.store.ledger import SUBMISSION, add_sent
from autoenroll_desktop.store.recipes import keep_recipe
from autoenroll_desktop.store.sharing import put_cursor, values_set_aside
from tests.storing import open_again
from tests.syncing import WORDS, Between, Pc, contents, through

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


def test_two_change_one_document_and_both_values_are_kept(office: tuple[Pc, Pc]) -> None:
    first, second = office
    for pc, text in ((first, "mine\n"), (second, "theirs\n")):
        with pc.store.writing() as connection:
            keep_recipe(connection, EMPLOYER, "weekly", text, pc.stamp())
    with second.store.writing() as connection:
        set_retention(connection, find(connection, EMPLOYER), 24, 7, second.stamp())
    for one in (first, second, first):
        assert one.sync().trouble == ""
    assert contents(first.store) == contents(second.store)
    said = contents(first.store)["documents"]
    assert said["recipe", f"{EMPLOYER}\nweekly"]["text"] == "mine\n", "what reached the service first stays"
    assert said["client", EMPLOYER]["keep_lines_months"] == 24, "only one side changed it"
    with second.store.reading() as connection:
        assert [(field, lost) for _, field, lost in values_set_aside(connection)] == [("text", "theirs\n")]
        told = [one for one in audit.entries(connection) if one["what"] == "both-changed"]
        assert len(told) == 1
        assert {told[0]["before"], told[0]["after"]} & {"", "mine\n", "theirs\n"} == set()
        assert [*audit.faults(audit.entries(connection))] == []
    assert WORDS.say("sync-page.set-aside", count=1) in second.sync().lines


def test_a_client_erased_here_is_deleted_there_and_stays_away(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, second = office
    kept = first.check(tmp_path, "2026-11-26", ROWS, "8041973UH")
    first.check(tmp_path, "2026-11-26", ROWS)
    first.sync()
    second.sync()
    with first.store.reading() as connection:
        gone = find(connection, EMPLOYER)
    erase(first.store, gone, first.stamp())
    for one in (first, second, first):
        assert one.sync().trouble == ""
    assert [*contents(first.store)["runs"]] == [kept]
    assert len(contents(second.store)["runs"]) == 2, "what another PC has stays there"
    me = membership(first.store)
    with calling(first.store, first.service, me) as caller:
        assert caller.ask("office").reports == 1
    with first.store.writing() as connection:
        put_cursor(connection, 0)
    assert first.sync().standing == "in-sync"
    assert [*contents(first.store)["runs"]] == [kept]


def test_who_may_only_read_reads_and_sends_nothing(pc: Callable[[str], Pc], tmp_path: Path) -> None:
    first, reader = pc("a"), pc("r")
    first.make_office()
    first.let_in(reader, "read-only")
    first.check(tmp_path, "2026-11-26", ROWS)
    reader.check(tmp_path, "2026-11-19", ROWS)
    first.sync()
    assert (reader.sync().standing, len(contents(reader.store)["runs"])) == ("in-sync", 2)
    first.sync()
    assert len(contents(first.store)["runs"]) == 1


def test_a_lost_answer_to_making_or_joining_is_finished_by_the_same_again(pc: Callable[[str], Pc]) -> None:
    first, second = pc("a"), pc("b")

    class LosesWrites(Between):
        def send(self, request: Any, **more: Any) -> Any:
            done = super().send(request, **more)
            if request.url.endswith(("/v1/offices", "/v1/people")):
                raise requests.ConnectionError
            return done

    lossy = through(first, LosesWrites(first.service.connect().get_adapter("http://"), lambda _path, said: said))
    with pytest.raises(OfficeTrouble) as found:
        lossy.make_office()
    assert found.value.slug == "offline"
    code = first.make_office()
    assert membership(first.store).state == "active"
    text = invite(first.store, first.service, WORDS)
    lossy = through(second, LosesWrites(second.service.connect().get_adapter("http://"), lambda _path, said: said))
    with pytest.raises(OfficeTrouble):
        join(lossy.store, lossy.service, WORDS, lossy.account, text, lossy.stamp())
    shown = join(second.store, second.service, WORDS, second.account, text, second.stamp())
    waiting = [one for one in devices(first.store, first.service, WORDS) if one.state == "waiting"]
    assert [one.words for one in waiting] == [shown]
    assert code
    assert membership(second.store).role == "clerk"


def test_two_windows_of_one_pc_sync_at_once(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, second = office
    for day in ("2026-11-12", "2026-11-19", "2026-11-26"):
        first.check(tmp_path, day, ROWS)
    other = replace(first, store=open_again(first.store))
    with ThreadPoolExecutor(2) as pool:
        states = [one.result() for one in [pool.submit(pc.sync) for pc in (first, other, first, other)]]
    other.store.close()
    assert {one.trouble for one in states} == {""}
    assert first.sync().standing == "in-sync"
    with ThreadPoolExecutor(2) as pool:
        twin = replace(second, store=open_again(second.store))
        assert {one.result().trouble for one in [pool.submit(pc.sync) for pc in (second, twin)]} == {""}
        twin.store.close()
    first.sync()
    assert contents(first.store) == contents(second.store)
    with calling(first.store, first.service, membership(first.store)) as caller:
        assert caller.ask("office").reports == 3


def test_what_two_people_say_of_a_client_comes_together(office: tuple[Pc, Pc], tmp_path: Path) -> None:
    first, second = office
    first.check(tmp_path, "2026-11-26", ROWS)
    for one in (first, second):
        one.sync()
    for pc, said in ((first, {"name": "Byrne & Daughters"}), (second, {"two_people": True})):
        with pc.store.writing() as connection:
            owner = find(connection, EMPLOYER)
            keep_settings(connection, owner, replace(settings_of(connection, owner), **said), pc.stamp())
    for one in (first, second, first):
        assert one.sync().trouble == ""
    for pc in (first, second):
        with pc.store.reading() as connection:
            settings = settings_of(connection, find(connection, EMPLOYER))
        assert (settings.name, settings.two_people) == ("Byrne & Daughters", True)
    assert contents(first.store) == contents(second.store)
