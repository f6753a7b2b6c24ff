"""The ledger of what was written: what is noted, what it is good for, and that it goes with its client."""

import datetime as dt
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from autoenroll_desktop import paths
from autoenroll_desktop.actions import fix_pay_run as fixing
from autoenroll_desktop.actions.check_audit import check_audit
from autoenroll_desktop.actions.check_pay_run import Given, prepare
from autoenroll_desktop.actions.contribution_sent import mark_contribution_sent
from autoenroll_desktop.actions.erase_client import erase_client
from autoenroll_desktop.actions.export_store import export_store
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.keep_check import keep_check
from autoenroll_desktop.actions.look_at_produced import look_at_produced
from autoenroll_desktop.actions.record_produced import record_produced
from autoenroll_desktop.actions.take_over_written import take_over_written
from autoenroll_desktop.actions.write_files import Offer, Output, Written, offers, write
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import audit, produced
from autoenroll_desktop.store.page_search import decrypted_pages
from autoenroll_desktop.store.retention import remove_expired
from autoenroll_desktop.store.store import Store
from autoenroll_desktop.store.verification import verify
from tests.bench.making_files import write_aepns, write_csv
from tests.making import ERN, NOW, ppsn
from tests.storing import STAMP, keep, memory, new_store, write_week

WORDS = Words.load(paths.resources())
OTHER = "3390617EH"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path / "data" / "store")
    yield made
    made.close()


def given(store: Store, folder: Path) -> Given:
    return Given(pay=(write_csv(folder / "pay.csv", 5),), aepn=(write_aepns(folder / "aepn.json", 5),), employer=ERN,
                 tax_year=2026, run_reference="R48", memory=memory(store))  # fmt: skip


def ready(store: Store, folder: Path) -> Workbench:
    """A pay run put right, its check kept as it came in."""
    start = fixing.start(prepare(given(store, folder), NOW))
    keep_check(store, start.prepared, start.checked, STAMP)
    return fixing.fix_certain(start)


def offered(bench: Workbench, output: Output) -> Offer:
    return next(one for one in offers(bench) if one.output is output)


def made(store: Store, bench: Workbench, output: Output, path: Path) -> Written:
    written = write(bench, offered(bench, output), path, words=WORDS)
    assert record_produced(store, bench.checked, str(output), written, STAMP) == 1
    return written


def test_a_contribution_file_is_noted_with_all_it_would_use_up(store: Store, tmp_path: Path) -> None:
    bench = ready(store, tmp_path)
    written = made(store, bench, Output.CONTRIBUTION, tmp_path / "c.json")
    (told,) = look_at_produced(store)
    assert (told["employer"], told["kind"], told["path"]) == (ERN, "contribution", str(tmp_path / "c.json"))
    assert told["sha256"] == hashlib.sha256((tmp_path / "c.json").read_bytes()).hexdigest()
    assert (told["reference"], told["submission_id"], told["line_ids"]) == ("R48", "R48-AE", len(written.items))
    assert len(written.items) == 5
    assert (told["answer"], told["who"], told["produced_at"]) == (bench.checked.verdict.answer.value, "clerk", NOW)
    with store.reading() as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM run WHERE id = :run"), {"run": told["run_id"]}).scalar() == 1
        )
        (packed,) = connection.execute(text("SELECT items FROM produced")).scalars()
        entry = audit.entries(connection)[-1]
    assert {packed[at : at + 16].hex() for at in range(0, len(packed), 16)} == written.items
    assert (entry["what"], entry["subject"], entry["after"]) == ("file-produced", told["id"], told["sha256"])
    assert "c.json" not in entry["facts"]
    assert check_audit(store)[1] == []


def test_how_a_file_stands(store: Store, tmp_path: Path) -> None:
    bench = ready(store, tmp_path)
    path = tmp_path / "control.txt"
    made(store, bench, Output.CONTROL_REPORT, path)
    assert [one["file"] for one in look_at_produced(store)] == ["there"]
    path.write_text("something else")
    assert [one["file"] for one in look_at_produced(store)] == ["changed"]
    path.unlink()
    assert [one["file"] for one in look_at_produced(store, ERN.lower())] == ["gone"]
    with pytest.raises(AppError, match="Nothing is kept for"):
        look_at_produced(store, OTHER)


def test_the_same_submission_made_again_is_told_until_it_is_noted_as_sent(store: Store, tmp_path: Path) -> None:
    first = ready(store, tmp_path)
    assert offered(first, Output.CONTRIBUTION).produced_before is None
    written = made(store, first, Output.CONTRIBUTION, tmp_path / "first.json")
    later = fixing.fix_certain(fixing.start(prepare(given(store, tmp_path), NOW)))
    for bench in (first, later):  # the same window an hour later, and another day
        told = {one.output: one.produced_before for one in offers(bench)}
        assert (told[Output.CONTRIBUTION], told[Output.CONTRIBUTION_TABLE]) == (NOW, NOW)
        assert {told[one] for one in (Output.KEYING_SHEET, Output.REPORT, Output.CORRECTED)} == {None}
    other = prepare(replace(given(store, tmp_path), run_reference="R49"), NOW)
    assert offered(fixing.fix_certain(fixing.start(other)), Output.CONTRIBUTION).produced_before is None
    mark_contribution_sent(written.path, store, STAMP)
    assert offered(first, Output.CONTRIBUTION).produced_before is None
    again = fixing.fix_certain(fixing.start(prepare(given(store, tmp_path), NOW)))
    assert offered(again, Output.CONTRIBUTION).produced_before is None
    replacing = made(store, again, Output.CONTRIBUTION, tmp_path / "second.json")
    assert replacing.submission_id == "R48-AE-2"
    assert json.loads(replacing.path.read_bytes())["submissionType"] == "replacement"


def test_a_store_that_fails_takes_no_offer_away(store: Store, tmp_path: Path) -> None:
    bench = ready(store, tmp_path)
    made(store, bench, Output.CONTRIBUTION, tmp_path / "first.json")
    with store.writing() as connection:
        connection.execute(text("DROP TABLE produced"))
    assert offered(bench, Output.CONTRIBUTION).produced_before is None
    with pytest.raises(AppError):
        record_produced(store, bench.checked, "recipe", tmp_path / "first.json", STAMP)


def test_a_file_about_two_clients_is_noted_for_each_and_goes_with_each(store: Store, tmp_path: Path) -> None:
    rows = [(ppsn(1_000_001), "Aoife", "Byrne", "500.00")]
    mine = write_week(tmp_path / "mine.csv", "26/11/2026", rows)
    theirs = write_week(tmp_path / "theirs.csv", "26/11/2026", rows, OTHER)
    together = Given(pay=(mine, theirs))
    keep(store, together)
    bench = fixing.start(prepare(together, NOW))
    report = tmp_path / "Hegarty report.pdf"
    report.write_bytes(b"of both")
    assert record_produced(store, bench.checked, "report", report, STAMP) == 2
    of_one = Written(Output.CORRECTED, tmp_path / "Hegarty corrected.csv", "0" * 64, 1, file=0)
    assert record_produced(store, bench.checked, "corrected", of_one, STAMP) == 1
    assert sorted((one["employer"], one["kind"]) for one in look_at_produced(store)) == [
        (OTHER, "report"), (ERN, "corrected"), (ERN, "report"),
    ]  # fmt: skip
    assert erase_client(store, ERN, STAMP).erased.found == 0
    assert [one["employer"] for one in look_at_produced(store)] == [OTHER]
    pages = b"".join(decrypted_pages(store.database, store.key))
    assert (b"Hegarty corrected" in pages, b"Hegarty report" in pages) == (False, True)
    assert all(one.wrong == () for one in verify(store))


def test_it_is_kept_as_long_as_evidence(store: Store, tmp_path: Path) -> None:
    bench = ready(store, tmp_path)
    written = made(store, bench, Output.CONTRIBUTION, tmp_path / "c.json")
    later = replace(STAMP, at=NOW + dt.timedelta(days=40))
    record_produced(store, bench.checked, "contribution", written, later)

    def left(*day: int) -> list[tuple[dt.datetime, bool]]:
        with store.writing() as connection:
            remove_expired(connection, replace(STAMP, at=dt.datetime(*day, tzinfo=dt.UTC)))
            return [(one.produced_at, one.run_id is None) for one in produced.produced_files(connection, ERN)]

    assert left(2028, 1, 1) == [(later.at, False), (NOW, False)], "pay lines go, evidence stays"
    assert left(2032, 11, 26) == [(later.at, False), (NOW, False)]
    assert left(2032, 11, 27) == [(later.at, True)], "the run it was made from is gone"
    assert left(2033, 1, 6) == []


def test_it_is_exported(store: Store, tmp_path: Path) -> None:
    made(store, ready(store, tmp_path), Output.CONTRIBUTION, tmp_path / "c.json")
    export_store(store, ERN, tmp_path / "out", WORDS, STAMP)
    (told,) = json.loads((tmp_path / "out" / "produced.json").read_text(encoding="utf-8"))
    assert (told["kind"], told["submission_id"], told["line_ids"]) == ("contribution", "R48-AE", 5)


LEFT = [
    {"path": f"/c/2026-11-19 {ERN} weekly 47 corrected.csv", "what": "corrected", "written_at": "2026-11-19T16:00:00+00:00", "verdict": "ready"},
    {"path": "/c/Hibernia report.pdf", "what": "report", "written_at": "2026-11-19T16:01:00+00:00", "verdict": "not_ready"},
]  # fmt: skip


def test_a_list_of_an_earlier_version_is_taken_over_once_and_deleted(store: Store, tmp_path: Path) -> None:
    keep(store, Given(pay=(write_week(tmp_path / "w.csv", "26/11/2026", [(ppsn(1_000_001), "A", "B", "500.00")]),)))
    left = tmp_path / "data" / "written.jsonl"
    lines = [json.dumps(one) for one in LEFT]
    left.write_text("\n".join([*lines, '{"path": "/c/half', "[]", '{"path": 1}', "", "ÿ"]), encoding="utf-8")
    assert take_over_written(store, STAMP) == 2
    assert not left.exists()
    told = look_at_produced(store)
    assert [(one["employer"], one["kind"], one["answer"]) for one in told] == [
        ("", "report", "not_ready"), (ERN, "corrected", "ready"),
    ]  # fmt: skip
    assert [one["file"] for one in told] == ["gone", "gone"]
    assert take_over_written(store, STAMP) == 0
    left.write_text("\n".join(lines), encoding="utf-8")  # as after a crash between noting and deleting
    number = check_audit(store)[0]
    assert take_over_written(store, STAMP) == 0
    assert not left.exists()
    assert len(look_at_produced(store)) == 2
    assert check_audit(store) == (number, [])


def test_a_list_that_cannot_be_taken_over_stays(store: Store, tmp_path: Path) -> None:
    left = tmp_path / "data" / "written.jsonl"
    left.write_text(json.dumps(LEFT[0]))
    with store.writing() as connection:
        connection.execute(text("DROP TABLE produced"))
    assert take_over_written(store, STAMP) == 0
    assert left.exists()
