"""Columns asked once: what is numbered, and what a number stands for."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.pay_run import FIELDS
from autoenroll_desktop.rules.columns import Coded, Columns, several
from tests.making import frame, line

WORD = st.sampled_from([None, "", "a", "b", "A"])


def texts(*words: str | None, **more: list[str | None]) -> Columns:
    return Columns(
        pd.DataFrame(
            {name: pd.Series(cells, dtype=object) for name, cells in {"prsi_class": list(words), **more}.items()}
        )
    )


@given(st.lists(WORD, min_size=1, max_size=8))
def test_a_number_stands_for_its_word(words: list[str | None]) -> None:
    codes, known = texts(*words).coded("prsi_class")
    assert [None if code < 0 else known[code] for code in codes] == words
    assert list(known) == list(dict.fromkeys(word for word in words if word is not None))


@given(st.lists(WORD, min_size=1, max_size=8))
def test_a_judgement_is_each_words_own(words: list[str | None]) -> None:
    coded = texts(*words).coded("prsi_class")
    assert coded.told(lambda word: word in ("a", "")).tolist() == [word in ("a", "") for word in words]
    sizes = coded.by_word([len(word) for word in coded.words], -5)
    assert sizes.tolist() == [-5 if word is None else len(word) for word in words]
    loud = coded.by_word([word * 2 for word in coded.words], None)
    assert loud.tolist() == [None if word is None else word * 2 for word in words]


def test_no_words_at_all() -> None:
    coded = Coded(np.array([-1, -1], dtype=np.int64), np.array([], dtype=object))
    assert coded.told(bool).tolist() == [False, False]
    assert coded.by_word([], None).tolist() == [None, None]


@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=10))
def test_a_group_is_one_combination(pairs: list[tuple[str | None, str | None]]) -> None:
    columns = texts(*(one for one, _ in pairs), works_number=[other for _, other in pairs])
    groups = columns.grouped("prsi_class", "works_number")
    met = list(dict.fromkeys(pairs))
    assert groups.tolist() == [met.index(pair) for pair in pairs]


@given(st.lists(st.integers(-1, 4)))
def test_several(codes: list[int]) -> None:
    found = several(np.array(codes, dtype=np.int64))
    assert found.tolist() == [code >= 0 and codes.count(code) > 1 for code in codes]


def test_money_is_0_where_missing_and_is_told_to_be_missing() -> None:
    columns = Columns(frame(FIELDS, [line(net_pay=5, ytd_gross=7), line(net_pay=None), line(net_pay=-2)]))
    assert columns.cents("net_pay").tolist() == [5, 0, -2]
    assert columns.cents("net_pay").dtype == np.int64
    assert columns.there("net_pay").tolist() == [True, False, True]
    assert columns.there("pay_date").tolist() == [True] * 3
    assert columns.total("net_pay", "ytd_gross", "employee_rbs").tolist() == [12, 0, -2]
    assert columns.total("employee_rbs").dtype == np.int64
    assert columns.total().tolist() == [0, 0, 0]


@pytest.mark.parametrize("ask", ["cents", "there", "coded"])
def test_what_was_asked_is_not_worked_out_again(ask: str) -> None:
    columns = Columns(frame(FIELDS, [line(net_pay=5, prsi_class="a")]))
    field = "prsi_class" if ask == "coded" else "net_pay"
    assert getattr(columns, ask)(field) is getattr(columns, ask)(field)
    assert columns[field] is columns[field]
    assert columns.grouped("prsi_class") is columns.grouped("prsi_class")
    assert isinstance(columns[field], pd.Series)


@pytest.mark.parametrize("ask", ["cents", "there"])
def test_what_is_shared_cannot_be_written_into(ask: str) -> None:
    rows = frame(FIELDS, [line(net_pay=5), line(net_pay=None)])
    columns = Columns(rows)
    with pytest.raises(ValueError, match="read-only"):
        getattr(columns, ask)("net_pay")[0] = 7
    for shared in (columns.coded("ppsn").codes, columns.coded("ppsn").words, columns.grouped("ppsn")):
        assert not shared.flags.writeable
    assert rows["net_pay"].tolist()[0] == 5
