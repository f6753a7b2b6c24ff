"""What a clerk can see of the reconciliation: people, reasons, amounts, refusals and changes, in text, JSON and PDF."""

import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from autoenroll_desktop import paths
from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from autoenroll_desktop.actions.export_report import export_report
from autoenroll_desktop.actions.open_sample import sample as open_sample
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.identifiers import Check, explain
from autoenroll_desktop.domain.reconciliation import Bucket
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.reports.check_json import check_as_json
from autoenroll_desktop.reports.check_text import check_as_text
from autoenroll_desktop.reports.standings import standings
from autoenroll_desktop.rules.period_diff import Reason
from autoenroll_desktop.rules.rejections import BEHIND

WORDS = Words.load(paths.resources())


@pytest.fixture(scope="module")
def checked() -> CheckedRun:
    return check_pay_run(*open_sample())


def test_the_terminal_names_people_reasons_and_amounts(checked: CheckedRun) -> None:
    text = check_as_text(checked, WORDS)
    for part in (
        "3 with a contribution that is not due, €63.58 at stake",
        "weekly-2026-11-26.csv:12 Pádraig Joyce (•••••09IA), employment 1: on or after the 66th birthday; due €0.00, taken €23.32",
        "weekly-2026-11-26.csv:25 Eoin Curran",
        "MFFERR005, PPSN not known for this employer: 3 (weekly-2026-11-26.csv:4",
        "Darragh Folan: opted out from 01/01/2026 at 0 % / 0 %; before: enrolled from 01/01/2026 at 1.5 % / 1.5 %",
        "Gross pay against the last period: 32 the same, 9 a little.",
    ):
        assert part in text, part
    matched = next(line for line in text.splitlines() if "matched and right" in line)
    assert text.splitlines()[text.splitlines().index(matched) + 1].startswith("  2 on payroll")


def test_json_holds_everybody_who_is_not_in_order(checked: CheckedRun) -> None:
    told = json.loads(check_as_json(checked, WORDS))
    assert {one["bucket"] for one in told["reconciliation"]} == {
        name for name, count in told["buckets"].items() if count and not Bucket(name).settled
    }
    missing = next(one for one in told["reconciliation"] if one["bucket"] == "contribution_missing")
    assert missing == {
        "bucket": "contribution_missing",
        "file": missing["file"],
        "row": 5,
        "name": "Aoife Mac Donncha",
        "ppsn": "•••••76GA",
        "employment_id": "1",
        "why": "AEPN in force",
        "due": "19.04",
        "taken": "0.00",
        "at_stake": "19.04",
    }
    assert missing["file"].endswith("weekly-2026-11-26.csv")
    assert told["changes"]["pay"] == {"same": 32, "small": 9}
    refused = told["rejections"][0]
    assert refused["meaning"] == WORDS.say(f"rejection.{refused['code']}")
    everybody = json.loads(check_as_json(checked, WORDS, lines=True))["reconciliation"]
    assert len(everybody) == sum(told["buckets"].values())


def test_the_report_shows_the_same(checked: CheckedRun, tmp_path: Path) -> None:
    path = export_report(checked, tmp_path / "r.pdf", words=WORDS)
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(path).pages))
    for part in ("Employments to look at", "Lines NAERSA would refuse", "AEPNs changed since the last fetch", "Against the last period",
                 "Róisín Hernon: enrolled from 01/12/2026", "MFFERR044"):  # fmt: skip
        assert part in text, part


@pytest.mark.parametrize("shape", ["text", "json"])
def test_no_number_is_shown_in_full_unless_asked(checked: CheckedRun, shape: str) -> None:
    def told(*, show_ppsn: bool) -> str:
        if shape == "text":
            return check_as_text(checked, WORDS, show_ppsn=show_ppsn)
        return check_as_json(checked, WORDS, lines=True, show_ppsn=show_ppsn)

    known = set(checked.run["ppsn"].dropna()) | set(checked.reconciliation["ppsn"].dropna())
    shown = {
        number
        for number in re.findall(r"\b[0-9]{7}[A-W][A-IWTXZ]?\b", told(show_ppsn=False))
        if explain(number).check is Check.GOOD
    }
    assert shown & known == set()
    assert known & set(re.findall(r"\b[0-9]{7,8}[A-W][A-IWTXZ]?\b", told(show_ppsn=True)))


def test_every_bucket_reason_and_refusal_has_words() -> None:
    for bucket in Bucket:
        assert WORDS.say(f"bucket.{bucket}")
        assert WORDS.say(f"bucket-short.{bucket}")
    for reason in Reason:
        assert WORDS.say(f"change.{reason}")
    for code in BEHIND:
        assert WORDS.say(f"rejection.{code}")


def test_employments_without_a_pay_line_are_told_too(sample: Path, tmp_path: Path) -> None:
    aepns = json.loads((sample / "aepn-2026-11-26.json").read_text(encoding="utf-8"))
    (tmp_path / "amounts.csv").write_text("PPSN,Employment ID,MFF EE,MFF ER\n9999999P,1,5.00,5.00\n", encoding="utf-8")
    given = Given(
        pay=(sample / "weekly-2026-11-26.psr.json",),
        aepn=(sample / "aepn-2026-11-26.json",),
        contributions=(tmp_path / "amounts.csv",),
    )
    told = list(standings(check_pay_run(given, open_sample()[1]), WORDS, show_ppsn=False))
    without = [one for one in told if one.bucket == "aepn_only"]
    assert 0 < len(without) < len(aepns["aepns"])
    assert all(one.name and one.row is None and one.place == "" for one in without)
    assert [(one.name, one.taken, one.why) for one in told if one.bucket == "contribution_only"] == [
        ("", 1000, "in the contributions file, and not on payroll")
    ]
