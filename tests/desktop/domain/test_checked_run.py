"""What a check says of itself."""

from dataclasses import replace

import pytest

from autoenroll_desktop.domain.checked_run import RunTotals
from tests.desktop.domain.test_words import checked


@pytest.mark.parametrize(
    ("employers", "only"),
    [([], None), (["8000074DH"], "8000074DH"), ([None], None), (["8000074DH", "8041973UH"], None)],
)
def test_the_one_employer_of_a_check(employers: list[str | None], only: str | None) -> None:
    runs = tuple(RunTotals(one, 2026, f"R{at}", (), 1, 0, 0, 0, 0) for at, one in enumerate(employers))
    assert replace(checked(1), runs=runs).only_employer == only
