"""A contribution file that was sent uses up its identifiers, on every later day."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from autoenroll_desktop import paths
from autoenroll_desktop.actions import fix_pay_run as fixing
from autoenroll_desktop.actions.check_pay_run import Given, prepare
from autoenroll_desktop.actions.write_files import Output, offers, write
from autoenroll_desktop.cli import main
from autoenroll_desktop.domain.words import Words
from tests.bench.making_files import write_aepns, write_csv
from tests.making import NOW

WORDS = Words.load(paths.resources())


def written(folder: Path, given: Given, name: str) -> dict[str, object]:
    bench = fixing.fix_certain(fixing.start(prepare(given, NOW)))
    offer = next(one for one in offers(bench) if one.output is Output.CONTRIBUTION)
    return json.loads(write(bench, offer, folder / name, words=WORDS).path.read_bytes())  # type: ignore[no-any-return]


def test_a_duplicate_is_caught_across_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTOENROLL_DATA", str(tmp_path / "data"))
    given = Given(pay=(write_csv(tmp_path / "pay.csv", 5),), aepn=(write_aepns(tmp_path / "aepn.json", 5),), employer="8000074DH",
                  tax_year=2026, run_reference="R48", ledger=paths.ledger())  # fmt: skip
    first = written(tmp_path, given, "first.json")
    assert (first["submissionID"], first["submissionType"]) == ("R48-AE", "original")
    assert written(tmp_path, given, "again.json") == first
    assert main(["sent", str(tmp_path / "first.json")]) == 0
    assert "first.json: noted as sent" in capsys.readouterr().out
    second = written(tmp_path, given, "second.json")
    assert (second["submissionID"], second["submissionType"]) == ("R48-AE-2", "replacement")
    other = written(tmp_path, replace(given, run_reference="R49"), "other.json")
    assert other["submissionID"] == "R49-AE"
    checked = fixing.start(prepare(replace(given), NOW + dt.timedelta(days=1))).checked
    assert any(one.key == "line-item-duplicate/used-before" for one in checked.findings)


def test_a_damaged_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTOENROLL_DATA", str(tmp_path / "data"))
    path = tmp_path / "broken.json"
    path.write_text('{"format": "autoenroll-contribution", "version": 1, "lines": [')
    assert main(["sent", str(path)]) == 2
    assert "damaged" in capsys.readouterr().err
    assert not paths.ledger().exists()
