"""Putting two changes of a document together: nothing is lost, and both orders agree on what nobody disputes."""

from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.domain.shared import Parcel
from autoenroll_desktop.sync.letters import INSIDE, MOST, Letter, parcel_of, read_letter, sorted_out, written
from autoenroll_desktop.sync.merge import merge

VALUES = st.one_of(st.none(), st.integers(0, 3), st.sampled_from(["", "a", "b"]))
FIELDS = st.dictionaries(st.sampled_from("xyz"), VALUES)


@given(FIELDS, FIELDS, FIELDS)
def test_every_value_stands_somewhere_and_undisputed_ones_on_both_sides(base: dict, mine: dict, theirs: dict) -> None:
    merged, conflicts = merge(base, mine, theirs)
    lost = {one.name: one.lost for one in conflicts}
    for name, value in mine.items():
        if value != base.get(name, ...):
            assert merged.get(name, ...) == value or lost[name] == value
    for name, value in theirs.items():
        assert merged.get(name, ...) == value or base.get(name, ...) == value
    other, _ = merge(base, theirs, mine)
    for name in set("xyz") - lost.keys():
        assert merged.get(name, ...) == other.get(name, ...)


@given(FIELDS, FIELDS)
def test_nothing_changed_here_takes_theirs_and_nothing_there_keeps_mine(base: dict, other: dict) -> None:
    assert merge(base, base, other) == (other, [])
    assert merge(base, other, base) == (other, [])
    assert merge(base, other, other) == (other, [])


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.integers(0, 120_000), max_size=40))
def test_a_letter_fits_and_a_parcel_comes_back_whole(sizes: dict[str, int]) -> None:
    parcel = Parcel("run", "run-kept:x", b"head", {name: bytes(size) for name, size in sizes.items()})
    inside, large = sorted_out(parcel)
    assert sum(map(len, inside.values())) <= INSIDE
    assert len(large) <= MOST
    letter = Letter(kind="run", subject=parcel.subject, head=parcel.head, inside=inside, enclosed={})
    assert parcel_of(read_letter(written(letter), "run"), large) == parcel
