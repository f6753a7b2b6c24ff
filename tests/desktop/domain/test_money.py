"""Cents, rates and rounding."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.money import (
    LARGEST,
    basis_points,
    cents,
    euro,
    interest,
    millionths,
    percent,
    plain,
    share,
)
from autoenroll_desktop.domain.money_columns import shares

AMOUNT = st.integers(-LARGEST, LARGEST)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("19.99", 1999), ("0", 0), ("-3.5", -350), ("1200", 120000), ("1e5", None), ("NaN", None), ("1,50", None),
     ("1_000", None), ("", None), ("١", None), ("1.005", None), ("999999999.99", LARGEST), ("1000000000", None)],
)  # fmt: skip
def test_plain_amounts(text: str, amount: int | None) -> None:
    assert cents(text) == amount


# Rounding probes of the scheme rules, section 7
@pytest.mark.parametrize(("base", "due"), [(33333, 500), (10033, 150), (100100, 1502), (100300, 1505)])
def test_half_a_cent_goes_up(base: int, due: int) -> None:
    assert share(base, 150) == due


@given(AMOUNT, st.integers(0, 1200))
def test_share_is_half_up_in_exact_decimals(base: int, points: int) -> None:
    exact = (Decimal(abs(base)) * points / 10000).quantize(Decimal(1), ROUND_HALF_UP)
    assert share(base, points) == (-exact if base < 0 else exact)


@given(st.lists(st.tuples(AMOUNT, st.integers(0, 1200))))
def test_columns_round_like_single_amounts(pairs: list[tuple[int, int]]) -> None:
    base, points = (np.array([pair[at] for pair in pairs], dtype=np.int64) for at in (0, 1))
    assert shares(base, points).tolist() == [share(*pair) for pair in pairs]


@given(AMOUNT)
def test_what_is_printed_reads_back(amount: int) -> None:
    assert cents(plain(amount)) == amount


def test_words_for_people() -> None:
    assert [euro(amount) for amount in (-123450, 0, 5, -5, 100)] == ["-€1,234.50", "€0.00", "€0.05", "-€0.05", "€1.00"]
    assert [plain(amount) for amount in (-123450, 0, 5, -5)] == ["-1234.50", "0.00", "0.05", "-0.05"]
    assert [percent(points) for points in (150, 300, 50, 450, 1050, 1000, 5, 0, 1)] == [
        "1.5", "3", "0.5", "4.5", "10.5", "10", "0.05", "0", "0.01",
    ]  # fmt: skip
    assert [basis_points(text) for text in ("1.5", "1.50 %", "3", "0.005", "x")] == [150, 150, 300, None, None]
    assert [basis_points(text) for text in ("100", "1.5%", "1.500", "1.501", "1000", "-1")] == [
        10000, 150, 150, None, None, None,
    ]  # fmt: skip


# Interest on late contributions, 0.0274 % a day, half up to the cent
@pytest.mark.parametrize(
    ("amount", "days", "due"),
    [
        (10_000, 30, 82),
        (10_000, 0, 0),
        (0, 30, 0),
        (10_000, 1, 3),
        (1_000, 1, 0),
        (5_000, 1, 1),
        (1_825, 1, 1),
        (1_824, 1, 0),
    ],
)
def test_interest_is_simple_and_half_up(amount: int, days: int, due: int) -> None:
    assert interest(amount, days, 274) == due


@pytest.mark.parametrize(
    ("text", "rate"),
    [("0.0274", 274), ("0.02740", 274), ("0.5", 5000), ("12.0", 120000), ("0.02741", None), ("1", None), ("123.0", None),
     ("0.", None), ("-0.1", None), ("١.1", None)],
)  # fmt: skip
def test_a_daily_rate_is_millionths(text: str, rate: int | None) -> None:
    assert millionths(text) == rate
