"""A check of several employers is kept run by run, and nothing of one is in what is kept for another."""

from pathlib import Path

import pytest

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.actions.split_runs import split_runs
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.store import clients, keeping, kept_files
from autoenroll_desktop.store.erasing import erase
from autoenroll_desktop.store.lists import runs_kept
from autoenroll_desktop.store.packing import pack
from autoenroll_desktop.store.runs import content, open_run
from tests.making import NOW, ppsn
from tests.storing import STAMP, keep, new_store, write_week

MINE, THEIRS = (ppsn(1_000_001), "Aoife", "Byrne", "500.00"), ("1234567QA", "Ruairí", "Hegarty", "900.00")


def shared(folder: Path) -> Path:
    """One file with two employers; the second one's PPSN is wrong."""
    first = write_week(folder / "a.csv", "26/11/2026", [MINE], "8000074DH").read_text(encoding="utf-8")
    second = write_week(folder / "b.csv", "26/11/2026", [THEIRS], "3390617EH").read_text(encoding="utf-8")
    path = folder / "both.csv"
    path.write_text(first + second.split("\n", 1)[1], encoding="utf-8")
    return path


def test_lines_findings_and_examples_go_with_their_employer(tmp_path: Path) -> None:
    checked = check_pay_run(Given(pay=(shared(tmp_path),)), NOW)
    parts = dict(split_runs(checked))
    assert [*parts] == ["8000074DH", "3390617EH"]
    assert [len(part.run) for part in parts.values()] == [1, 1]
    assert "ppsn-check-letter" in {finding.code for finding in parts["3390617EH"].findings}
    assert "ppsn-check-letter" not in {finding.code for finding in parts["8000074DH"].findings}
    lines, result = pack(parts["8000074DH"])
    import zlib

    text = repr((parts["8000074DH"].files, [finding.facts for finding in parts["8000074DH"].findings]))
    for secret in ("1234567QA", "Hegarty", "Ruairí", "900.00"):
        assert secret not in text
        assert secret.encode() not in lines + result + zlib.compress(b"")
    for part in parts.values():
        assert all(0 <= line < len(part.run) for finding in part.findings for line in finding.lines if line != -1)


def test_every_finding_at_a_line_is_in_one_part(tmp_path: Path) -> None:
    given, now = sample()
    checked = check_pay_run(given, now)
    parts = [part for _, part in split_runs(checked)]

    def places(one: object) -> int:
        return sum(int((finding.lines != -1).sum()) for finding in one.findings)

    assert sum(map(places, parts)) == places(checked)
    assert sum(len(part.expected) for part in parts) == len(checked.expected)
    assert sum(int((part.reconciliation["line"] != -1).sum()) for part in parts) == int(
        (checked.reconciliation["line"] != -1).sum()
    )
    for part in parts:
        for finding in part.findings:
            for at in range(len(finding)):
                place = finding.place(at)
                if place.line != -1:
                    assert part.run["row"].iloc[place.line] == place.row


def test_a_shared_file_goes_with_the_first_of_its_clients(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    kept = keep(store, Given(pay=(shared(tmp_path),)))
    with store.reading() as connection:
        file_id = keeping.files_of(connection, kept[0].id)[0][2]
        assert b"Hegarty" in kept_files.read_file(connection, store.kept, file_id)
        other = clients.find(connection, "3390617EH")
    assert erase(store, other, STAMP).found == 0
    with store.reading() as connection:
        assert [one.employer for one in runs_kept(connection)] == ["8000074DH"]
        assert len(open_run(connection, kept[0].id).run) == 1
        assert keeping.files_of(connection, kept[0].id)[0][2] is None
        with pytest.raises(AppError):
            kept_files.read_file(connection, store.kept, file_id)
        left = b"".join(content(connection, [kept[0].id]).values())
    assert b"Hegarty" not in left
    assert not list(store.kept.glob("*/*"))
