"""The rule book and its strict loader."""

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest

from autoenroll_desktop.rules.book import PARAMETERS, BookError, NotInForce, load_book
from tests.making import BOOK

GOOD = '[a]\ntitle="t"\nunit="count"\nlaw="l"\nlink=""\nvalues=[{from=2026-01-01, value=1, checked=2026-11-23}]\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace('law="l"\n', ""), "law is missing"),
        (GOOD + 'colour="red"\n', "unknown key 'colour'"),
        (GOOD.replace("value=1", 'value="1"'), "is no count"),
        (GOOD.replace("value=1", "value=true"), "is no count"),
        (GOOD.replace("from=2026-01-01", 'from="2026"'), "are dates"),
        (GOOD.replace("checked=2026-11-23", "checked=2026-11-23, by='x'"), "exactly"),
        (GOOD.replace("}]", "}, {from=2025-01-01, value=2, checked=2026-11-23}]"), "not in order"),
        (GOOD.replace("}]", "}, {from=2026-01-01, value=2, checked=2026-11-23}]"), "not in order"),
        (GOOD.replace('unit="count"', 'unit="percent"').replace("value=1", 'value="abc"'), "is no percent"),
        (GOOD.replace("values=[{from=2026-01-01, value=1, checked=2026-11-23}]", "values=[]"), "empty"),
        ("a = 1\n", "not a table"),
        (GOOD + "[a]\n", "topic.toml"),
        (GOOD.replace("[a]", "[scheme-start]"), "two files"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    shutil.copytree(PARAMETERS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "topic.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BookError, match=r"\.toml") as error:
        load_book(tmp_path)
    assert says in str(error.value)


def test_a_day_before_the_first_value_raises() -> None:
    with pytest.raises(NotInForce):
        BOOK.on(dt.date(2025, 12, 31))["employee-rate"]
    with pytest.raises(NotInForce):
        BOOK.column("employee-rate", pd.Series(pd.to_datetime(["2026-01-01", "2025-12-31"])))


def test_columns_follow_the_dates() -> None:
    days = pd.Series(pd.to_datetime(["2028-12-31", "2029-01-01", "2040-06-01"]))
    assert BOOK.column("employee-rate", days).tolist() == [150, 300, 600]


def test_every_value_is_cited_and_checked() -> None:
    for parameter in BOOK.values():
        assert parameter.law
        assert parameter.title
        assert all(dated.checked >= dt.date(2026, 1, 1) for dated in parameter.dated)


def test_an_office_chooses_good_practice_and_nothing_of_the_law() -> None:
    own = BOOK.with_own({"gross-large": 50_000, "gross-outlier-payments": 6})
    for day in (dt.date(2018, 1, 1), dt.date(2026, 11, 26), dt.date(2099, 12, 31)):
        law = own.on(day)
        assert (law["gross-large"], law["gross-outlier-payments"]) == (50_000, 6)
    was, now = BOOK["gross-large"], own["gross-large"]
    assert (now.title, now.unit, now.law, now.dated[0].start) == (was.title, was.unit, was.law, was.dated[0].start)
    assert own["employee-rate"] == BOOK["employee-rate"]
    assert BOOK.on(dt.date(2026, 11, 26))["gross-large"] == 10_000_000
    assert own.version == BOOK.version
    with pytest.raises(ValueError, match=r"^employee-rate is law: s\."):
        BOOK.with_own({"gross-large": 1, "employee-rate": 1})
