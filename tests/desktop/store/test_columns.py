"""Columns as bytes: what comes out is what went in, for every type a run has."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.store.columns import pack_column, pack_frame, unpack_column, unpack_frame

WHOLE = st.integers(-(2**63), 2**63 - 1)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


def there_and_back(values: object) -> object:
    return unpack_column(pack_column(values))


@given(st.lists(st.none() | WHOLE))
def test_whole_numbers_with_missing_ones(values: list[int | None]) -> None:
    series = pd.Series(values, dtype="Int64")
    pd.testing.assert_series_equal(there_and_back(series), series)


@given(st.lists(WHOLE), st.sampled_from(["int64", "int32", "int8"]))
def test_plain_numbers_keep_their_type(values: list[int], dtype: str) -> None:
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    series = pd.Series([one for one in values if low <= one <= high], dtype=dtype)
    pd.testing.assert_series_equal(there_and_back(series), series)


@given(st.lists(st.none() | st.text()))
def test_texts_are_text_and_missing_is_none(values: list[str | None]) -> None:
    back = there_and_back(pd.Series(values, dtype=object))
    assert back.tolist() == values


@given(st.lists(st.none() | DAYS), st.sampled_from(["datetime64[s]", "datetime64[ns]"]))
def test_dates(values: list[dt.date | None], dtype: str) -> None:
    series = pd.Series(pd.to_datetime(values), dtype=dtype)
    pd.testing.assert_series_equal(there_and_back(series), series)


@given(st.lists(st.none() | st.booleans()))
def test_flags(values: list[bool | None]) -> None:
    series = pd.Series(values, dtype="boolean")
    pd.testing.assert_series_equal(there_and_back(series), series)


MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))


@given(st.lists(st.none() | st.integers() | st.text() | st.booleans() | DAYS | MOMENTS | st.tuples(st.text())))
def test_facts_of_any_kind(values: list[object]) -> None:
    if any(isinstance(one, int) and not -(2**63) <= one < 2**64 for one in values):
        return
    back = there_and_back(values)
    assert back == values
    assert [type(one) for one in back] == [type(one) for one in values]


@pytest.mark.parametrize("values", [np.array(["2026-11-26", "NaT"], "datetime64[D]"), np.array([1, 2], np.int64)])
def test_arrays(values: np.ndarray) -> None:
    assert np.array_equal(np.asarray(there_and_back(values)), values, equal_nan=values.dtype.kind == "M")


def test_some_columns_of_a_frame_alone() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.Series([None, 5], dtype="Int64")})
    assert unpack_frame(pack_frame(frame), ["b"]).columns.tolist() == ["b"]
    assert unpack_frame(pack_frame(frame)).dtypes.astype(str).tolist() == ["int64", "str", "Int64"]


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        pack_column([object()])
