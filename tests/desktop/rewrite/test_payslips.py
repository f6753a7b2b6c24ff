"""Payroll submissions written again: by the sample employer's, and against Revenue's own schemas where they are."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.intake import psr
from autoenroll_desktop.rewrite.edit import CellEdit, Edits
from autoenroll_desktop.rewrite.payslips_json import rewrite_json
from autoenroll_desktop.rewrite.payslips_xml import rewrite_xml
from tests.reading import RESOURCES, read
from tests.revenue import faults_in_json, faults_in_xml, needs_samples, submissions

SAMPLE = RESOURCES / "sample"
JSON = (SAMPLE / "weekly-2026-11-26.psr.json").read_bytes()
XML = (SAMPLE / "weekly-2026-11-26.psr.xml").read_bytes()
VALUES: dict[str, st.SearchStrategy[str]] = {
    "ppsn": st.sampled_from(["1234567FA", "7654321TA"]),
    "employment_id": st.sampled_from(["1", "01", "Ab-2"]),
    "works_number": st.sampled_from(["101", "0007"]),
    "first_name": st.sampled_from(["Aoife", "Seán & Una", "O'Brien"]),
    "family_name": st.sampled_from(["Ó Briain", "<Ward>"]),
    "date_of_birth": st.just("1990-05-05"),
    "leave_date": st.just("2026-11-26"),
    "pay_period": st.sampled_from(["48", "49"]),
    "gross_pay": st.sampled_from(["1000.00", "-12.50"]),
    "employee_rbs": st.sampled_from(["10.00", "0.00"]),
    "line_item_id": st.just("NEW-1"),
    "previous_line_item_id": st.just("OLD-1"),
}
EDITS = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(lambda field: st.tuples(st.integers(1, 25), st.just(field), VALUES[field])),
    max_size=8,
)
NUMBERS = ("gross_pay", "employee_rbs", "pay_period")


def edits_of(made: list[tuple[int, str, str]], dropped: frozenset[int] = frozenset()) -> Edits:
    return Edits(tuple(CellEdit(row, field, text, field in NUMBERS) for row, field, text in made), dropped)


def written(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> Path:
    path = tmp_path_factory.mktemp("psr") / "psr"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["json", "xml"])
@given(made=EDITS, dropped=st.frozensets(st.integers(1, 25), max_size=4))
def test_only_what_was_edited_reads_differently(
    tmp_path_factory: pytest.TempPathFactory, kind: str, made: list[tuple[int, str, str]], dropped: frozenset[int]
) -> None:
    edits = edits_of(made, dropped)
    before = JSON if kind == "json" else XML
    after = rewrite_json(before, "utf-8", edits) if kind == "json" else rewrite_xml(before, edits)
    old, new = (read(written(tmp_path_factory, data))[2] for data in (before, after))
    if not made and not dropped:
        assert after == before
    for row, field, text in made:
        value: Any = round(float(text) * 100) if field in ("gross_pay", "employee_rbs") else text
        column = old[field].astype(object)
        column.iloc[row - 1] = value if field != "pay_period" else int(text)
        old[field] = (
            column.astype(old[field].dtype)
            if field not in ("date_of_birth", "leave_date")
            else column.astype(str).astype(old[field].dtype)
        )
    old = old[~old["row"].isin(dropped)].reset_index(drop=True)
    for field in psr.FIELDS:
        assert new[field].astype(str).tolist() == old[field].astype(str).tolist(), field


def test_nothing_outside_the_item_moves() -> None:
    after = rewrite_json(JSON, "utf-8", edits_of([(3, "ppsn", "9115657KA")]))
    assert after == JSON.replace(b'"9151657KA"', b'"9115657KA"')
    after = rewrite_xml(XML, edits_of([(3, "ppsn", "9115657KA")]))
    assert after == XML.replace(b">9151657KA<", b">9115657KA<")


def test_missing_parents_are_made_once() -> None:
    bare = b'{"payslips": [{"lineItemID": "E1", "grossPay": 10}]}'
    after = json.loads(rewrite_json(bare, "utf-8", edits_of([(1, "ppsn", "1234567FA"), (1, "employment_id", "1")])))
    assert after["payslips"][0]["employeeID"] == {"employeePpsn": "1234567FA", "employmentID": "1"}


def test_an_emptied_item_goes() -> None:
    slip = json.loads(rewrite_json(JSON, "utf-8", edits_of([(1, "date_of_birth", ""), (1, "line_item_id", "")])))[
        "requestBody"
    ]["payslips"][0]
    assert not {"dateOfBirth", "lineItemID"} & slip.keys()
    assert b"1988-04-12" not in rewrite_xml(XML, edits_of([(1, "date_of_birth", "")]))


@pytest.mark.parametrize("keep", [{1}, {25}, {7, 8}, set()])
def test_payslips_left_out_take_their_commas_along(keep: set[int]) -> None:
    dropped = frozenset(range(1, 26)) - keep
    slips = json.loads(rewrite_json(JSON, "utf-8", Edits((), dropped)))["requestBody"]["payslips"]
    whole = json.loads(JSON)["requestBody"]["payslips"]
    assert slips == [whole[row - 1] for row in sorted(keep)]


def test_an_old_encoding_stays_and_other_letters_become_references() -> None:
    latin = XML.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"').decode().replace("’", "'").encode("iso-8859-1")
    after = rewrite_xml(latin, edits_of([(1, "family_name", "Łęcki")]))
    assert b"&#321;&#281;cki" in after
    assert "Séamus".encode("iso-8859-1") in after


def test_a_submission_with_several_requests(tmp_path_factory: pytest.TempPathFactory) -> None:
    one = json.loads(JSON)
    several = json.dumps([one, {**one, "submissionID": "S2"}]).encode()
    after = json.loads(
        rewrite_json(several, "utf-8", Edits((CellEdit(26, "submission_id", "S3"),), frozenset({1}), {1: "W48-101"}))
    )
    assert [request["submissionID"] for request in after] == ["26-Weekly-48-1", "S3"]
    assert after[0]["requestBody"]["lineItemIDsToDelete"] == [{"lineItem": "W48-101"}]
    assert [len(request["requestBody"]["payslips"]) for request in after] == [24, 25]


@pytest.mark.parametrize("between", ["\n", ",\n", "", "\u00a0"])
@pytest.mark.parametrize("end", ["", "\n", "\x1a", ","])
def test_submissions_one_after_another(tmp_path: Path, between: str, end: str) -> None:
    one = json.loads(JSON)
    path = tmp_path / "psr.json"
    path.write_text(json.dumps(one) + between + json.dumps({**one, "submissionID": "S2"}) + end, encoding="utf-8")
    assert read(path)[0].rows.tolist() == [*range(1, 51)]
    path.write_bytes(rewrite_json(path.read_bytes(), "utf-8", Edits((CellEdit(26, "gross_pay", "1.25", number=True),))))
    assert path.read_text(encoding="utf-8").endswith("}" + end)
    gross = read(path)[2]["gross_pay"].tolist()
    assert (gross[25], gross[26:]) == (125, gross[1:25])


@needs_samples
@pytest.mark.parametrize("ending", [".json", ".xml"])
def test_valid_stays_valid(ending: str) -> None:
    """Every valid submission of Revenue's, with an item of each kind changed, a line left out and a line deleted."""
    paths = submissions(ending)
    assert len(paths) >= 4
    for path in paths:
        data = path.read_bytes()
        size = len(read(path)[2])
        texts = {"ppsn": "1234567FA", "employment_id": "2", "first_name": "Una", "family_name": "Ward", "gross_pay": "99.10",
                 "employee_rbs": "10.00", "previous_line_item_id": "E0", "date_of_birth": "1990-05-05", "pay_period": "9"}  # fmt: skip
        cells = tuple(CellEdit(1, field, text, field in NUMBERS) for field, text in texts.items())
        dropped = {size: "E9"} if size > 1 else {}
        edits = Edits(cells, frozenset(dropped), dropped)
        if ending == ".json":
            assert faults_in_json(json.loads(rewrite_json(data, "utf-8", edits))) == [], path.name
        else:
            assert faults_in_xml(rewrite_xml(data, edits)) == [], path.name
