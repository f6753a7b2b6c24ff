"""Payroll beside AEPNs and contributions: every employment once, no cent lost. One row one case."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.domain.reconciliation import Bucket
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.keys import keys
from autoenroll_desktop.rules.reconcile import bucket_counts, reconcile
from tests.making import aepn, case, frame, line, ppsn

OTHER = ppsn(1000002)
NOTHING = {"ae_employee": 0, "ae_employer": 0}


def told(made: Case) -> list[tuple[str, int]]:
    reconciled = reconcile(made)
    return sorted(zip(reconciled["bucket"], reconciled["at_stake"].tolist(), strict=True))


@pytest.mark.parametrize(
    ("why", "lines", "rows", "expected"),
    [
        ("right", [line()], [aepn()], [("matched", 0)]),
        ("two payments of one employment", [line(), line(line_item_id="L2")], [aepn()], [("matched", 0)]),
        ("one of two is wrong", [line(), line(line_item_id="L2", ae_employee=2000)], [aepn()], [("amount_differs", 1000)]),
        ("a cent on each side", [line(ae_employee=2999, ae_employer=3001)], [aepn()], [("amount_differs", 2)]),
        ("nothing taken", [line(**NOTHING)], [aepn()], [("contribution_missing", 6000)]),
        ("nothing known of contributions", [line(ae_employee=None, ae_employer=None)], [aepn()], [("matched", 0)]),
        ("opted out, still taken", [line()], [aepn(status="Opted out")], [("contribution_not_due", 6000)]),
        ("opted out, nothing taken", [line(**NOTHING)], [aepn(status="Opted out")], [("matched", 0)]),
        ("66", [line(date_of_birth="1960-11-26")], [aepn()], [("contribution_not_due", 6000)]),
        ("taken without an AEPN", [line()], [aepn(ppsn=OTHER, status="Left")], [("aepn_left", 0), ("contribution_without_aepn", 6000)]),
        ("no AEPN, nothing taken", [line(**NOTHING)], [aepn(ppsn=OTHER, status="Left")], [("aepn_left", 0), ("payroll_only", 0)]),
        ("an AEPN and no line", [line()], [aepn(), aepn(ppsn=OTHER)], [("aepn_only", 0), ("matched", 0)]),
        ("a leaver's AEPN and no line", [line()], [aepn(), aepn(ppsn=OTHER, status="Left")], [("aepn_left", 0), ("matched", 0)]),
        ("employment ID 01 for 1", [line(employment_id="01")], [aepn()], [("id_mismatch", 0)]),
        ("employment ID e1 for E1", [line(employment_id="e1")], [aepn(employment_id="E1")], [("id_mismatch", 0)]),
        ("another employment ID", [line(employment_id="7")], [aepn()], [("id_mismatch", 0)]),
        ("another ID and a wrong amount", [line(employment_id="7", ae_employee=1)], [aepn()], [("amount_differs", 2999)]),
        ("PPSN a slip away", [line(ppsn=ppsn(1000001)[:7] + "WA")], [aepn()], [("id_mismatch", 0)]),
        ("which of two employments", [line(employment_id="3")], [aepn(employment_id="1"), aepn(employment_id="2")], [("unclear", 0)]),
        ("two employments, both paid", [line(), line(employment_id="2", line_item_id="L2")], [aepn(), aepn(employment_id="2")], [("matched", 0), ("matched", 0)]),
        ("left and came back on a new ID", [line(employment_id="2")], [aepn(status="Left"), aepn(employment_id="2")], [("aepn_left", 0), ("matched", 0)]),
        ("status not understood", [line()], [aepn(status="Pending")], [("unclear", 0)]),
        ("no PPSN", [line(ppsn=None, **NOTHING)], [aepn()], [("aepn_only", 0), ("payroll_only", 0)]),
        ("the limit, as software does", [line(ytd_gross=8_150_000)], [aepn()], [("matched", 0)]),
        ("the limit, as the Act says", [line(ytd_gross=8_150_000, ae_employee=750, ae_employer=750)], [aepn()], [("matched", 0)]),
        ("the limit, neither", [line(ytd_gross=8_150_000, ae_employee=751, ae_employer=750)], [aepn()], [("amount_differs", 4499)]),
        ("no AEPNs fetched", [line(**NOTHING)], [], [("payroll_only", 0)]),
        ("nobody", [], [aepn()], [("aepn_only", 0)]),
        ("nothing at all", [], [], []),
    ],
)  # fmt: skip
def test_buckets(
    why: str, lines: list[dict[str, Any]], rows: list[dict[str, Any]], expected: list[tuple[str, int]]
) -> None:
    assert told(case(lines, rows)) == expected, why


def test_contributions_without_a_pay_line() -> None:
    made = case([line()], [aepn()])
    unpaid = frame(FIELDS, [line(ppsn=OTHER, ae_employee=1000, ae_employer=1000)])
    made = Case(made.run, made.history, made.register, made.files, made.book, made.now, unpaid)
    assert told(made) == [("contribution_only", 2000), ("matched", 0)]


IDS = st.sampled_from(["1", "01", "2", "E1", "e1", None])
PEOPLE = st.sampled_from([ppsn(1000001), ppsn(1000002), "1234567WA", None])
AMOUNTS = st.sampled_from([None, 0, 3000, 2999, 750])
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "ppsn": PEOPLE,
            "employment_id": IDS,
            "ae_employee": AMOUNTS,
            "ae_employer": AMOUNTS,
            "gross_pay": st.sampled_from([None, 0, -100, 200000]),
            "ytd_gross": st.sampled_from([None, 8_150_000]),
        }
    ),
    max_size=6,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "ppsn": PEOPLE.filter(bool),
            "employment_id": IDS,
            "status": st.sampled_from(["Enrolled", "Opted out", "Left", "Pending", "Exempt"]),
            "effective_date": st.sampled_from(["2026-01-01", "2026-11-27"]),
        }
    ),
    max_size=5,
)


@given(LINES, ROWS, st.lists(PEOPLE, max_size=3))
@settings(deadline=None)
def test_the_buckets_partition_and_no_cent_is_lost(
    lines: list[dict[str, Any]], rows: list[dict[str, Any]], others: list[str | None]
) -> None:
    made = case([line(**one) for one in lines], [aepn(**one) for one in rows])
    unpaid = frame(FIELDS, [line(ppsn=one, ae_employee=100, ae_employer=50) for one in others])
    made = Case(made.run, made.history, made.register, made.files, made.book, made.now, unpaid)
    reconciled = reconcile(made)
    assert reconciled["key"].is_unique
    assert set(reconciled["bucket"]) <= {*Bucket}
    assert sum(bucket_counts(reconciled).values()) == len(reconciled)
    known = made.ppsn.check != 3
    on_payroll = reconciled[reconciled["line"] >= 0]
    assert on_payroll["lines"].sum() == len(lines)
    assert set(made.employment[known]) <= set(on_payroll["key"])
    spoken_of = set(reconciled["key"]) | set(made.register.employment[on_payroll["aepn"][on_payroll["aepn"] >= 0]])
    ambiguous = set(made.person[made.matched.how == 5])
    for key, person in zip(made.register.employment, made.register.person, strict=True):
        assert key in spoken_of or person in ambiguous
    assert (reconciled["bucket"] == "contribution_only").sum() == len(others)
    for share in ("employee", "employer"):
        given_here = made.run[f"ae_{share}"].fillna(0).sum() + unpaid[f"ae_{share}"].fillna(0).sum()
        assert reconciled[f"taken_{share}"].sum() == given_here
        assert reconciled[f"due_{share}"].sum() == made.expected[share].fillna(0).sum()
    assert reconciled["gross"].sum() == made.run["gross_pay"].fillna(0).sum()
    assert (reconciled["at_stake"] >= 0).all()
    settled = reconciled["bucket"].map(lambda name: Bucket(name).settled)
    assert (reconciled.loc[settled, "at_stake"] == 0).all()


def test_keys_tell_employers_apart() -> None:
    made = keys(pd.Series(["A", "B"]), pd.Series(["1", "1"]), pd.Series(["1", "1"]))
    assert len(set(made)) == 2
