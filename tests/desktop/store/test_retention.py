"""What is removed when its time is over, what stays, and that a jumped clock removes nothing."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

import autoenroll_desktop.actions.look_after_store as look_after_store_action
from autoenroll_desktop.actions.check_audit import check_audit
from autoenroll_desktop.actions.check_pay_run import Given
from autoenroll_desktop.actions.look_after_store import look_after_store
from autoenroll_desktop.actions.open_run import open_kept_run
from autoenroll_desktop.actions.retention import Retention, all_retention, change_retention, retention_of
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import Policies
from autoenroll_desktop.policy.sources import Found
from autoenroll_desktop.store import audit, clients
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.lists import runs_kept
from autoenroll_desktop.store.open_work import drafts, save_draft
from autoenroll_desktop.store.recipes import keep_recipe, recipes_of
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.verification import verify
from tests.making import ERN, NOW, ppsn
from tests.storing import STAMP, copy_of, keep, new_store, write_week

ROW = (ppsn(1_000_001), "Aoife", "Byrne", "500.00")


@pytest.fixture(scope="module")
def two_weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    made = new_store(folder / "store")
    for number, day in enumerate(("31/10/2025", "26/11/2026")):
        keep(made, Given(pay=(write_week(folder / f"w{number}.csv", day, [ROW]),)))
    made.close()
    return made.folder


@pytest.fixture
def store(two_weeks: Path, tmp_path: Path) -> Store:
    made = copy_of(two_weeks, tmp_path / "store")
    yield made
    made.close()


def at(store: Store, year: int, month: int, day: int) -> Stamp:
    """A stamp on a later day, with the store used in between as it is in an office."""
    end = dt.datetime(year, month, day, tzinfo=dt.UTC)
    with store.writing() as connection:
        moment = audit.last_moment(connection)
        while end - moment > dt.timedelta(days=30):
            moment += dt.timedelta(days=30)
            audit.add(connection, replace(STAMP, at=moment), Event("used"))
    return replace(STAMP, at=end)


@pytest.mark.parametrize(
    ("day", "lines_of", "runs"),
    [
        ((2026, 11, 30), 0, 0),  # 31/10/2025 and 13 months, on the last day of the month
        ((2026, 12, 1), 1, 0),
        ((2027, 12, 26), 1, 0),
        ((2027, 12, 27), 2, 0),
        ((2031, 10, 31), 2, 0),
        ((2031, 11, 1), 2, 1),
        ((2032, 11, 27), 2, 2),
    ],
)
def test_thirteen_months_and_six_years(store: Store, day: tuple[int, int, int], lines_of: int, runs: int) -> None:
    done = look_after_store(store, at(store, *day))
    assert (sum(one.lines_of for one in done.removed), sum(one.runs for one in done.removed)) == (lines_of, runs)
    with store.reading() as connection:
        assert len(runs_kept(connection)) == 2 - runs
    assert len(list(store.kept.glob("*/*"))) == 2 - runs
    assert check_audit(store)[1] == []
    assert all(one.wrong == () for one in verify(store))


def test_a_run_without_its_lines_says_so(store: Store) -> None:
    look_after_store(store, at(store, 2026, 12, 10))
    with store.reading() as connection:
        old = next(one for one in runs_kept(connection) if one.last_pay_date.year == 2025)
    assert old.gross == 50_000
    with pytest.raises(AppError, match="pay lines of this run were removed"):
        open_kept_run(store, old.id)


def test_it_is_told_and_noted(store: Store) -> None:
    done = look_after_store(store, at(store, 2026, 12, 10))
    assert [(one.client.employer, one.lines_of) for one in done.removed] == [(ERN, 1)]
    assert done.copy is not None
    with store.reading() as connection:
        assert audit.entries(connection)[-1]["what"] == "removed-after-its-time"
    assert look_after_store(store, at(store, 2026, 12, 10)).removed == ()


@pytest.mark.parametrize("year", [1999, 2038])
def test_a_clock_that_jumped_removes_nothing(store: Store, year: int) -> None:
    done = look_after_store(store, replace(STAMP, at=dt.datetime(year, 1, 1, tzinfo=dt.UTC)))
    assert done.doubted
    assert done.removed == ()
    with store.reading() as connection:
        assert all(open_kept_run(store, one.id) for one in runs_kept(connection))


def test_times_are_set_within_the_policy(store: Store) -> None:
    with store.writing() as connection:
        one = clients.named(connection, ERN)
        clients.set_retention(connection, one, 24, 7, STAMP)
        assert clients.named(connection, ERN).keep_lines_months == 24
    for months, years in ((3, 6), (85, 8), (13, 2), (13, 13), (48, 3)):
        with pytest.raises(AppError, match="cannot be kept for that time"), store.writing() as connection:
            clients.set_retention(connection, one, months, years, STAMP)
    assert look_after_store(store, at(store, 2026, 12, 10)).removed == ()


def test_left_over_files_are_swept(store: Store) -> None:
    (store.kept / "ab").mkdir(exist_ok=True)
    (store.kept / "ab" / "ab00.123.part").write_bytes(b"x")
    assert look_after_store(store, replace(STAMP, at=NOW)).swept == 1
    assert all(one.wrong == () for one in verify(store))


def test_the_administrators_bound_holds_whatever_was_chosen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_after_store_action, "in_force", lambda: Found(Policies(retention_days=380), {}, ()))
    done = look_after_store(store, at(store, 2026, 11, 20))
    assert [(one.lines_of, one.runs) for one in done.removed] == [(1, 1)], "31/10/2025 was 385 days ago"
    assert all(one.wrong == () for one in verify(store))


def test_a_client_is_shown_and_changed_within_the_policy(store: Store) -> None:
    bound = Policies(retention_days=1500)
    assert retention_of(store, ERN.lower(), Policies()) == Retention(ERN, 13, 6, (4, 84), (3, 12), 0)
    assert retention_of(store, ERN, bound) == Retention(ERN, 13, 6, (4, 53), (3, 4), 1500)
    changed = change_retention(store, ERN, bound, STAMP, lines_months=24)
    assert (changed.lines_months, changed.evidence_years) == (24, 6), "what was chosen before the policy stays"
    with pytest.raises(AppError, match="retention-days"):
        change_retention(store, ERN, bound, STAMP, evidence_years=5)
    with pytest.raises(AppError, match="retention-days"):
        change_retention(store, ERN, bound, STAMP, lines_months=54)
    with pytest.raises(AppError, match="within"):
        change_retention(store, ERN, Policies(), STAMP, lines_months=2)
    assert change_retention(store, ERN, Policies(), STAMP, evidence_years=7) == all_retention(store, Policies())[0]
    with pytest.raises(AppError, match="Nothing is kept for 9999999XX"):
        change_retention(store, "9999999XX", Policies(), STAMP, lines_months=12)
    with store.reading() as connection:
        last = audit.entries(connection)[-1]
    assert (last["what"], last["facts"]) == (
        "retention-changed", '{"months": 24, "months-before": 24, "years": 7, "years-before": 6}',
    )  # fmt: skip


def test_drafts_go_after_a_month_and_recipes_with_the_pay_lines(store: Store) -> None:
    with store.writing() as connection:
        save_draft(connection, "draft", [one.id for one in runs_kept(connection)], b"steps", STAMP)
        keep_recipe(connection, ERN, "WEEKLY", "steps", STAMP)

    def left(*day: int) -> tuple[int, int]:
        look_after_store(store, at(store, *day))
        with store.reading() as connection:
            return len(drafts(connection)), len(recipes_of(connection, clients.named(connection, ERN)))

    assert left(2026, 12, 20) == (1, 1)
    assert left(2026, 12, 28) == (0, 1)
    assert left(2027, 12, 25) == (0, 1)
    assert left(2028, 1, 2) == (0, 0)
