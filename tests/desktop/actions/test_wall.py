"""The wall, sign-offs, and what an office says of its clients."""

import datetime as dt
from pathlib import Path

import pytest

from autoenroll_desktop.actions.change_client import add_client, change_client
from autoenroll_desktop.actions.check_audit import check_audit
from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run, prepare
from autoenroll_desktop.actions.erase_client import erase_client
from autoenroll_desktop.actions.fix_pay_run import start
from autoenroll_desktop.actions.look_at_client import list_clients, look_at_client, names_of_clients
from autoenroll_desktop.actions.look_at_wall import Urgency, WallRow, look_at_wall
from autoenroll_desktop.actions.sign_off_run import sign_off_run
from autoenroll_desktop.actions.write_files import suggested_name
from autoenroll_desktop.domain.client_settings import (
    ClientSettings,
    OwnScheme,
    PaySchedule,
    SchemeKind,
    Thresholds,
)
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.rules.book import load_book
from autoenroll_desktop.store.store import Store
from tests.making import NOW
from tests.office import FIRMS, keep_firm, keep_office, write_pay
from tests.storing import STAMP, copy_of, memory, new_store

HIBERNIA, COIS, MURPHY, GALWAY, *_, LEE = FIRMS
SAID = ClientSettings(
    "Ó Flaithearta", (PaySchedule("WEEKLY", dt.date(2026, 11, 20)),), OwnScheme(SchemeKind.PRSA, "Own", 150, 200),
    Thresholds(gross_large=50_000, change_share=1_000), two_people=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    store = new_store(folder / "store")
    keep_office(store, folder)
    store.tidy()
    store.close()
    return folder / "store"


@pytest.fixture
def store(kept: Path, tmp_path: Path) -> Store:
    opened = copy_of(kept, tmp_path / "copy")
    yield opened
    opened.close()


def row_of(store: Store, name: str, now: dt.datetime = NOW) -> WallRow:
    return next(row for row in look_at_wall(store, now) if row.name == name)


def test_what_has_to_be_done_comes_first(store: Store) -> None:
    told = [(row.name, row.urgency.name, row.state) for row in look_at_wall(store, NOW)]
    assert told == [
        ("Hibernia Foods", "TO_DO", "not_ready"),
        ("Galway Bay Seafoods", "TO_DO", ""),
        ("Murphy & Sons Haulage", "TO_DO", "incomplete"),
        ("Atlantic Windows", "TO_DO", "not_ready"),
        ("Cois Fharraige Teoranta", "TO_SIGN", "ready"),
        ("Lee Valley Crèche", "TO_SIGN", "ready"),
        ("Dún Laoghaire Dental", "TO_SIGN", "ready"),
    ]


def test_cut_offs_are_half_past_six_in_dublin(store: Store) -> None:
    assert row_of(store, HIBERNIA.name).cut_off == dt.datetime(2026, 11, 26, 18, 30, tzinfo=dt.UTC)


def test_a_client_is_on_the_wall_by_its_calendar_before_anything_is_checked(store: Store) -> None:
    number = add_client(store, " 8041973uh", SAID, STAMP)
    row = row_of(store, SAID.name)
    assert (number, row.pay_date, row.state, row.urgency) == ("8041973UH", dt.date(2026, 11, 27), "", Urgency.TO_DO)
    change_client(store, number, ClientSettings("No calendar"), STAMP)
    assert row_of(store, "No calendar").urgency is Urgency.NO_DATE


def test_a_calendar_day_before_the_next_kept_run_is_not_that_run(store: Store) -> None:
    change_client(
        store, LEE.employer, ClientSettings(LEE.name, (PaySchedule("MONTHLY", dt.date(2026, 12, 31)),)), STAMP
    )
    later = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
    row = row_of(store, LEE.name, later)
    assert (row.pay_date, row.state) == (dt.date(2026, 12, 3), ""), "the weekly run kept tells the next one"


def test_one_person_signs_off(store: Store) -> None:
    run = row_of(store, LEE.name).last
    sign_off_run(store, run.id, "  Máire B ", STAMP)
    row = row_of(store, LEE.name)
    assert [one.by for one in row.signed] == ["Máire B"]
    assert row.urgency is Urgency.DONE
    with pytest.raises(AppError, match="already"):
        sign_off_run(store, run.id, "Anna", STAMP)
    assert check_audit(store)[1] == []


def test_two_people_sign_off_where_the_office_asks_for_it(store: Store) -> None:
    run = row_of(store, COIS.name).last
    sign_off_run(store, run.id, "Anna", STAMP)
    assert row_of(store, COIS.name).urgency is Urgency.TO_SIGN
    with pytest.raises(AppError, match="signed this run off already"):
        sign_off_run(store, run.id, "anna", STAMP)
    sign_off_run(store, run.id, "Brian", STAMP)
    assert row_of(store, COIS.name).urgency is Urgency.DONE
    assert [one.by for one in look_at_client(store, COIS.employer, NOW).signed[run.id]] == ["Anna", "Brian"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b"])
def test_nobody_signs_without_a_name(store: Store, name: str) -> None:
    with pytest.raises(AppError, match="Who signs"):
        sign_off_run(store, row_of(store, LEE.name).last.id, name, STAMP)


def test_what_is_not_ready_is_not_signed_off(store: Store) -> None:
    with pytest.raises(AppError, match="Only a READY"):
        sign_off_run(store, row_of(store, HIBERNIA.name).last.id, "Anna", STAMP)
    with pytest.raises(AppError, match="not kept"):
        sign_off_run(store, "no such run", "Anna", STAMP)


def test_a_run_checked_again_with_another_outcome_is_signed_anew(store: Store, tmp_path: Path) -> None:
    sign_off_run(store, row_of(store, LEE.name).last.id, "Anna", STAMP)
    changed = tmp_path / "again"
    changed.mkdir()
    keep_firm(store, changed, type(LEE)(LEE.digits, LEE.name, LEE.last, size=3))
    row = row_of(store, LEE.name)
    assert row.last.version == 2
    assert row.signed == ()


def test_what_is_said_of_a_client_comes_back(store: Store) -> None:
    change_client(store, HIBERNIA.employer, SAID, STAMP)
    seen = look_at_client(store, HIBERNIA.employer.lower(), NOW)
    assert seen.settings == SAID
    assert len(seen.runs) == HIBERNIA.weeks
    assert names_of_clients(store)[HIBERNIA.employer] == SAID.name
    assert SAID.name in [one.name for one in list_clients(store, NOW)]
    entries = check_audit(store)[0]
    change_client(store, HIBERNIA.employer, SAID, STAMP)
    assert check_audit(store) == (entries, []), "saying the same again is no change"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (ClientSettings("x" * 101), "name"),
        (ClientSettings(schedules=(PaySchedule("DAILY", dt.date(2026, 1, 1)),)), "calendar"),
        (ClientSettings(scheme=OwnScheme(employee=10_001)), "share"),
        (ClientSettings(thresholds=Thresholds(gross_large=0)), "amount"),
    ],
)
def test_what_cannot_be_is_refused(store: Store, said: ClientSettings, told: str) -> None:
    with pytest.raises(AppError, match=told):
        change_client(store, HIBERNIA.employer, said, STAMP)


@pytest.mark.parametrize(
    ("number", "told"), [("8041973XH", "no employer number"), ("", "Nothing is no"), (HIBERNIA.employer, "among the")]
)
def test_only_a_new_employer_with_a_right_number_is_added(store: Store, number: str, told: str) -> None:
    with pytest.raises(AppError, match=told):
        add_client(store, number, ClientSettings(), STAMP)


def test_a_clients_own_thresholds_are_used_and_the_law_is_not_theirs(store: Store, tmp_path: Path) -> None:
    pay = write_pay(tmp_path, LEE, LEE.last)
    change_client(store, LEE.employer, ClientSettings(thresholds=Thresholds(gross_large=50_000)), STAMP)
    for known, found in ((memory(store), True), (None, False)):
        checked = check_pay_run(Given(pay=(pay,), memory=known), NOW)
        assert any(one.code == "gross-implausible" for one in checked.findings) is found
    with pytest.raises(ValueError, match="is law"):
        load_book().with_own({"employee-rate": 1})


def test_what_is_said_goes_with_the_client(store: Store) -> None:
    change_client(store, HIBERNIA.employer, SAID, STAMP)
    assert erase_client(store, HIBERNIA.employer, STAMP).erased.found == 0
    assert HIBERNIA.employer not in names_of_clients(store)


def test_files_are_named_after_what_the_office_calls_the_client(store: Store, tmp_path: Path) -> None:
    pay = write_pay(tmp_path, LEE, LEE.last)
    for known, name in ((memory(store), "Lee Valley Crèche"), (None, LEE.employer)):
        bench = start(prepare(Given(pay=(pay,), memory=known), NOW))
        assert suggested_name(bench, "", "check report", ".pdf") == f"2026-11-26 {name} weekly 48 check report.pdf"
