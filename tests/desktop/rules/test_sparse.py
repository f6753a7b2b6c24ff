"""Whatever is missing, a check comes to an end: fields left out of the run, of its past or of the AEPNs."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.rules.period_diff import period_diff
from autoenroll_desktop.rules.reconcile import bucket_counts, reconcile
from autoenroll_desktop.rules.rejections import rejections
from autoenroll_desktop.rules.totals import run_totals
from tests.making import aepn, case, found, line, ppsn

PAY = sorted(set(line()) - {"gross_pay"})
THEIRS = sorted(set(aepn()) - {"downloaded_at"})
PEOPLE = [ppsn(1000001), ppsn(1000002), ppsn(1000001)[:7] + "WA"]
LEFT_OUT = st.sets(st.sampled_from(PAY), max_size=6)
ROWS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["1", "2", "01"]), st.booleans()), max_size=4)
Rows = list[tuple[str, str, bool]]


def rows(make: Any, people: Rows, without: set[str], **more: Any) -> list[dict[str, Any]]:
    """Some rows lack every one of these fields; where all of them do, the column is empty."""
    return [
        make(**({"ppsn": who, "employment_id": which} | more | (dict.fromkeys(without) if lacks else {})))
        for who, which, lacks in people
    ]


@given(ROWS.filter(bool), LEFT_OUT, ROWS, LEFT_OUT, ROWS, st.sets(st.sampled_from(THEIRS), max_size=6))
def test_a_check_comes_to_an_end(
    people: Rows, without: set[str], before: Rows, then: set[str], known: Rows, aepns: set[str]
) -> None:
    history = rows(line, before, then, pay_date="2026-11-19")
    made = case(rows(line, people, without), rows(aepn, known, aepns), history)
    findings = found(made)
    assert all(len(one.files) == len(one.rows) == len(one.lines) > 0 for one in findings)
    assert all(-1 <= at < len(people) for one in findings for at in one.lines)
    everybody = reconcile(made)
    assert sum(bucket_counts(everybody).values()) == len(everybody) >= 1
    assert sum(one.lines for one in run_totals(made)) == len(people)
    assert set(rejections(findings)["line"]) <= set(range(-1, len(people)))
    assert len(period_diff(made)) >= (len(people) if before else 0)
