"""Steps over a run: done, undone, done again."""

import datetime as dt

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.fixes.history import History
from autoenroll_desktop.fixes.step import Step, StepKind, after_steps, change_of
from tests.making import frame, line

VALUES = {
    "ppsn": st.sampled_from(["1234567FA", None]),
    "employment_id": st.sampled_from(["1", "01", None]),
    "ae_employee": st.one_of(st.none(), st.integers(-100_000, 100_000)),
    "pay_date": st.one_of(st.none(), st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))),
    "pay_period": st.one_of(st.none(), st.integers(1, 53)),
}


def run(size: int = 6) -> pd.DataFrame:
    return frame(FIELDS, [line(line_item_id=f"L{at}") for at in range(size)])


def edit(lines: pd.DataFrame, field: str, at: int, value: object) -> Step:
    change = change_of(lines, field, np.array([at]), np.array([value], dtype=object))
    return Step(StepKind.EDIT, changes=(change,), alike=False)


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    lines, made = run(), []
    for _ in range(draw(st.integers(0, 6))):
        if draw(st.integers(0, 5)) == 0:
            made.append(Step(StepKind.DROP, "payment-duplicate", lines=np.array([draw(st.integers(0, 5))])))
        else:
            field = draw(st.sampled_from(sorted(VALUES)))
            made.append(edit(lines, field, draw(st.integers(0, 5)), draw(VALUES[field])))
    return made


@given(steps(), st.integers(0, 6))
def test_undoing_gives_what_was_there(made: list[Step], times: int) -> None:
    lines, history = run(), History.of(made)
    before = after_steps(lines, history.done[: max(0, len(made) - times)]).lines
    for _ in range(times):
        history = history.undo()
    pd.testing.assert_frame_equal(after_steps(lines, history.done).lines, before)
    for _ in range(times):
        history = history.redo()
    assert history.done == tuple(made)
    pd.testing.assert_frame_equal(lines, run())


@given(steps())
def test_edits_are_just_what_differs(made: list[Step]) -> None:
    lines = run()
    stepped = after_steps(lines, made)
    whole = after_steps(lines, [step for step in made if step.kind is not StepKind.DROP]).lines
    told = {(change.field, at) for change in stepped.edits for at in change.lines.tolist()}
    for field in VALUES:
        same = (whole[field] == lines[field]).fillna(False) | (whole[field].isna() & lines[field].isna())
        assert {(field, at) for at in np.flatnonzero(~same.to_numpy(bool))} == {one for one in told if one[0] == field}


@given(steps())
def test_types_stay(made: list[Step]) -> None:
    lines = run()
    after = after_steps(lines, made).lines
    assert after.dtypes.to_dict() == lines.dtypes.to_dict()
    assert after.index.equals(pd.RangeIndex(len(after)))


def test_a_new_step_forgets_what_was_undone() -> None:
    first, second = edit(run(), "employment_id", 0, "2"), edit(run(), "employment_id", 0, "3")
    history = History().add(first).undo().add(second)
    assert (history.done, history.undone) == ((second,), ())
    assert history.redo() is history


def test_back_to_any_point() -> None:
    made = [edit(run(), "employment_id", at, "2") for at in range(4)]
    history = History.of(made).back_to(1)
    assert history.done == tuple(made[:1])
    assert history.back_to(3).done == tuple(made[:3])
    assert history.back_to(99).done == tuple(made)
