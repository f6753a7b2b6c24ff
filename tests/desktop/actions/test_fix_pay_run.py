"""From NOT READY to READY on the sample employer, recorded as a recipe and done again."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoenroll_desktop.actions import fix_pay_run as fixing
from autoenroll_desktop.actions.check_pay_run import Prepared, prepare
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.open_sample import sample
from autoenroll_desktop.domain.finding import Finding
from autoenroll_desktop.fixes.recipe import from_text, to_text
from autoenroll_desktop.fixes.step import meaning
from tests.making import ppsn


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    given, now = sample()
    return prepare(given, now)


def finding(bench: Workbench, code: str) -> Finding:
    return next(one for one in bench.checked.findings if one.code == code)


def blocking(bench: Workbench) -> set[str]:
    return {one.key for one in bench.checked.findings if one.severity.blocks}


ACTIONS: list[Callable[[Workbench], Workbench]] = [
    fixing.fix_certain,
    lambda bench: fixing.do(bench, fixing.edit(bench, int(finding(bench, "name-missing").lines[0]), "first_name", "Aoife")),
    lambda bench: fixing.do(bench, fixing.fix(bench, bench.proposals(finding(bench, "aepn-employment-id-mismatch"))[0])),
    lambda bench: fixing.do(bench, meaning("Pending review", "exempt")),
    fixing.fix_certain,
]  # fmt: skip


def to_ready(prepared: Prepared) -> Workbench:
    bench = fixing.start(prepared)
    for action in ACTIONS:
        bench = action(bench)
    return bench


def test_ready_in_at_most_eight_actions(prepared: Prepared) -> None:
    assert fixing.start(prepared).checked.verdict.answer == "not_ready"
    bench = to_ready(prepared)
    assert bench.checked.verdict.answer == "ready", blocking(bench)
    assert len(ACTIONS) <= 8


def test_the_recipe_does_it_again(prepared: Prepared) -> None:
    done = to_ready(prepared)
    recipe = from_text(to_text(fixing.recipe(done, "Weekly")), "weekly.toml")
    again = fixing.replay(fixing.start(prepared), recipe)
    assert again.left == ()
    assert again.bench.checked.verdict.answer == "ready"
    pd.testing.assert_frame_equal(again.bench.checked.run.lines, done.checked.run.lines)


def test_a_recipe_says_what_no_longer_fits(prepared: Prepared) -> None:
    recipe = fixing.recipe(to_ready(prepared), "Weekly")
    ready = to_ready(prepared)
    again = fixing.replay(ready, recipe)
    assert again.bench.checked.verdict.answer == "ready"
    assert {entry.do for entry in again.left} >= {"edit", "fix"}


def test_undo_to_the_very_beginning(prepared: Prepared) -> None:
    bench = to_ready(prepared)
    size = len(bench.history.done)
    first = fixing.back_to(bench, 0)
    pd.testing.assert_frame_equal(first.checked.run.lines, prepared.gathered.run.lines)
    assert blocking(first) == blocking(fixing.start(prepared))
    assert fixing.back_to(first, size).checked.verdict.answer == "ready"
    assert fixing.undo(first) is first
    assert fixing.redo(bench) is bench


def test_a_preview_does_nothing(prepared: Prepared) -> None:
    bench = fixing.start(prepared)
    one = finding(bench, "contribution-missing")
    effect = fixing.preview(bench, fixing.fix(bench, bench.proposals(one)[0]))
    assert {change.field for change in effect.step.changes} == {"ae_employee", "ae_employer"}
    assert effect.after.verdict.counts["error"] == effect.before.verdict.counts["error"] - 1
    assert effect.before is bench.checked
    assert bench.history.done == ()


def test_fixing_brings_up_nothing_new(prepared: Prepared) -> None:
    before, after = fixing.start(prepared), to_ready(prepared)
    assert {one.key for one in after.checked.findings if one.severity != "info"} <= {
        one.key for one in before.checked.findings
    }


def test_confirming_a_warning_keeps_the_reason(prepared: Prepared) -> None:
    bench = fixing.start(prepared)
    one = finding(bench, "aepn-rate-not-statutory")
    bench = fixing.do(bench, fixing.confirm(bench, one, " asked NAERSA on 25/11 "))
    lines, reason = bench.checked.confirmed[one.key]
    assert reason == "asked NAERSA on 25/11"
    assert lines.tolist() == [line for line in one.lines.tolist() if line >= 0]


def test_lines_left_out_move_the_findings_below(prepared: Prepared) -> None:
    bench = fixing.start(prepared)
    lines = bench.checked.run.lines
    step = fixing.Step(fixing.StepKind.DROP, "payment-duplicate", lines=np.array([0]))
    after = fixing.do(bench, step)
    assert len(after.checked.run) == len(lines) - 1
    one = finding(after, "name-missing")
    assert after.checked.run["row"].iloc[int(one.lines[0])] == one.rows[0]


def test_typing_the_same_again_is_no_step(prepared: Prepared) -> None:
    bench = fixing.start(prepared)
    assert fixing.edit(bench, 0, "employment_id", bench.checked.run["employment_id"].iloc[0]) is None


VALUES: dict[str, st.SearchStrategy[str | int | None]] = {
    "works_number": st.sampled_from(["901", "902"]),
    "ppsn": st.sampled_from(["1234567FA", "7654321TA"]),
    "employment_id": st.sampled_from(["1", "7"]),
    "family_name": st.sampled_from(["Walsh", "Ward"]),
    "gross_pay": st.integers(0, 100_000),
    "ae_employee": st.one_of(st.none(), st.integers(0, 900)),
}
TYPED = st.sampled_from(sorted(VALUES)).flatmap(
    lambda field: st.tuples(st.integers(0, 40), st.just(field), VALUES[field])
)


@settings(max_examples=max(4, settings.default.max_examples // 15))
@given(st.lists(TYPED, min_size=1, max_size=5))
def test_any_recipe_replayed_on_its_own_input_gives_the_same(
    prepared: Prepared, made: list[tuple[int, str, str | int | None]]
) -> None:
    start = fixing.start(prepared)
    bench = start
    for line, field, value in made:
        if step := fixing.edit(bench, line, field, value):
            bench = fixing.do(bench, step)
    again = fixing.replay(start, from_text(to_text(fixing.recipe(bench, "x")), "x.toml"))
    assert again.left == ()
    pd.testing.assert_frame_equal(again.bench.checked.run.lines, bench.checked.run.lines)
    pd.testing.assert_frame_equal(fixing.back_to(bench, 0).checked.run.lines, prepared.gathered.run.lines)


def test_an_aepn_without_a_line_gives_its_numbers_back_to_the_person(prepared: Prepared) -> None:
    """A wrong number that passes its check: the AEPN of that name is left over, and offers itself."""
    bench = to_ready(prepared)
    row = int(np.flatnonzero(bench.checked.run["ppsn"].notna())[3])
    right = bench.checked.run["ppsn"].iloc[row]
    step = fixing.edit(bench, row, "ppsn", ppsn(7654321))
    assert step is not None
    wrong = fixing.do(bench, step)
    left_over = finding(wrong, "aepn-not-on-payroll")
    names = [str(name).casefold() for name in left_over.facts["name"]]
    place = names.index(bench.checked.run.name(row).casefold())
    (offer,) = wrong.proposals(left_over, place)
    mended = fixing.do(wrong, fixing.fix(wrong, offer))
    assert mended.checked.run["ppsn"].iloc[row] == right
    assert blocking(mended) == blocking(bench)
    again = fixing.replay(wrong, from_text(to_text(fixing.recipe(mended, "Weekly")), "weekly.toml"))
    assert again.bench.checked.run["ppsn"].iloc[row] == right
