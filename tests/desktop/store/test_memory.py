"""History out of the store is the history of the files it came from."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run, prepare
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.store.store import Store
from tests.making import NOW, ppsn
from tests.storing import keep, memory, new_store, write_week

WEEKS = ("05/11/2026", "12/11/2026", "19/11/2026")
PEOPLE = [(ppsn(1_000_000 + at), "Aoife", f"Byrne{at}", f"{500 + at * 100}.00") for at in range(3)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path / "store")
    yield made
    made.close()


def said(checked: object) -> list[tuple[object, ...]]:
    return [(finding.key, finding.rows.tolist(), finding.lines.tolist()) for finding in checked.findings]


def test_kept_weeks_say_what_previous_files_say(store: Store, tmp_path: Path) -> None:
    files = [write_week(tmp_path / f"w{at}.csv", day, PEOPLE) for at, day in enumerate(WEEKS)]
    for file in files:
        keep(store, Given(pay=(file,)))
    now = write_week(tmp_path / "now.csv", "26/11/2026", [PEOPLE[0], (*PEOPLE[1][:3], "2600.00")])
    by_files = check_pay_run(Given(pay=(now,), previous=tuple(files)), NOW)
    by_store = check_pay_run(Given(pay=(now,), memory=memory(store)), NOW)
    alone = check_pay_run(Given(pay=(now,)), NOW)
    assert said(by_store) == said(by_files)
    assert said(by_store) != said(alone)
    pd.testing.assert_frame_equal(by_store.expected, by_files.expected)


def test_the_columns_are_those_of_a_previous_file(store: Store, tmp_path: Path) -> None:
    file = write_week(tmp_path / "w.csv", WEEKS[2], PEOPLE)
    keep(store, Given(pay=(file,)))
    now = write_week(tmp_path / "now.csv", "26/11/2026", PEOPLE)
    by_file = prepare(Given(pay=(now,), previous=(file,)), NOW).gathered.history.lines
    by_store = prepare(Given(pay=(now,), memory=memory(store)), NOW).gathered.history.lines
    fields = [*FIELDS, "row"]
    pd.testing.assert_frame_equal(by_store[fields], by_file[fields])
    assert by_store["file"].tolist() == [-1, -1, -1]


def test_a_run_is_not_its_own_past_nor_that_of_others(store: Store, tmp_path: Path) -> None:
    file = write_week(tmp_path / "w.csv", WEEKS[2], PEOPLE)
    keep(store, Given(pay=(file,)))
    keep(store, Given(pay=(write_week(tmp_path / "other.csv", WEEKS[1], PEOPLE, "3390617EH"),)))
    again = prepare(Given(pay=(file,), memory=memory(store)), NOW)
    assert len(again.gathered.history) == 0
    corrected = write_week(tmp_path / "fixed.csv", WEEKS[2], [PEOPLE[0], (*PEOPLE[1][:3], "999.00"), PEOPLE[2]])
    assert len(prepare(Given(pay=(corrected,), memory=memory(store)), NOW).gathered.history) == 0


def test_a_pay_date_put_right_is_not_another_payment(store: Store, tmp_path: Path) -> None:
    named = {"tax_year": 2026, "run_reference": "W47"}
    draft = write_week(tmp_path / "draft.csv", "19/11/2026", PEOPLE)
    keep(store, Given(pay=(draft,), **named))
    right = tmp_path / "right.csv"
    right.write_text(draft.read_text(encoding="utf-8").replace(",19/11/2026,", ",20/11/2026,"), encoding="utf-8")
    checked = check_pay_run(Given(pay=(right,), memory=memory(store), **named), NOW)
    assert "line-item-duplicate" not in {finding.code for finding in checked.findings}
    assert len(prepare(Given(pay=(right,), memory=memory(store), **named), NOW).gathered.history) == 0
    right.write_text(draft.read_text(encoding="utf-8").replace(",19/11/2026,", ",26/11/2026,"), encoding="utf-8")
    assert len(prepare(Given(pay=(right,), memory=memory(store), **named), NOW).gathered.history) == len(PEOPLE)


def test_the_newest_version_counts(store: Store, tmp_path: Path) -> None:
    file = write_week(tmp_path / "w.csv", WEEKS[2], PEOPLE[:1])
    keep(store, Given(pay=(file,)))
    keep(store, Given(pay=(write_week(file, WEEKS[2], [(*PEOPLE[0][:3], "777.00")]),)))
    now = write_week(tmp_path / "now.csv", "26/11/2026", PEOPLE[:1])
    history = prepare(Given(pay=(now,), memory=memory(store)), NOW).gathered.history
    assert history["gross_pay"].tolist() == [77_700]


def test_given_files_count_before_what_is_kept(store: Store, tmp_path: Path) -> None:
    file = write_week(tmp_path / "w.csv", WEEKS[2], PEOPLE)
    keep(store, Given(pay=(file,)))
    now = write_week(tmp_path / "now.csv", "26/11/2026", PEOPLE)
    both = prepare(Given(pay=(now,), previous=(file,), memory=memory(store)), NOW).gathered.history
    assert len(both) == len(PEOPLE)


def test_lines_older_than_the_look_back_are_not_read(store: Store, tmp_path: Path) -> None:
    keep(store, Given(pay=(write_week(tmp_path / "old.csv", "01/10/2025", PEOPLE),)))
    now = write_week(tmp_path / "now.csv", "26/11/2026", PEOPLE)
    assert len(prepare(Given(pay=(now,), memory=memory(store)), NOW).gathered.history) == 0


def test_a_kept_snapshot_tells_what_changed_since(store: Store, sample: Path, tmp_path: Path) -> None:
    text = (sample / "aepn-2026-11-26.json").read_text(encoding="utf-8")
    older = tmp_path / "aepn-older.json"
    older.write_text(text.replace("2026-11-26", "2026-11-20").replace("Opted out", "Enrolled"), encoding="utf-8")
    pay = sample / "weekly-2026-11-26.csv"
    keep(store, Given(pay=(pay,), aepn=(older,)))
    newer = sample / "aepn-2026-11-26.json"
    by_store = check_pay_run(Given(pay=(pay,), aepn=(newer,), memory=memory(store)), NOW)
    by_file = check_pay_run(Given(pay=(pay,), aepn=(newer, older)), NOW)

    def changed(checked: object) -> list[tuple[object, ...]]:
        return [one for one in said(checked) if one[0].startswith("aepn-changed")]

    assert changed(by_store) == changed(by_file)
    assert changed(by_store)


def test_an_empty_store_changes_nothing(store: Store) -> None:
    given, now = sample()
    from dataclasses import replace

    plain, asked = check_pay_run(given, now), check_pay_run(replace(given, memory=memory(store)), now)
    assert said(plain) == said(asked)
    assert dt.datetime.fromisoformat("2026-11-26T15:12:00+00:00") == now
