"""Recipes as files: what is written is read back; what is no recipe is refused in words."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.fixes.recipe import Entry, Recipe, from_text, to_text

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
entries = st.one_of(
    st.builds(Entry, do=st.just("fix"), finding=words, choice=words, who=st.lists(words).map(tuple)),
    st.builds(Entry, do=st.just("edit"), who=st.lists(words).map(tuple), field=st.just("ppsn"), was=words, now=words),
    st.builds(Entry, do=st.just("confirm"), finding=words, reason=words),
    st.builds(Entry, do=st.just("meaning"), was=words, now=st.sampled_from(["exempt", "enrolled"])),
)


@given(words, st.lists(entries, max_size=5))
def test_written_and_read_back(name: str, steps: list[Entry]) -> None:
    recipe = Recipe(name, tuple(steps))
    assert from_text(to_text(recipe), "recipe.toml") == recipe


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is no recipe"),
        ("a = 1", "is no recipe"),
        ('format = "autoenroll-recipe"\nversion = 2', "later release"),
        ('format = "autoenroll-recipe"\nversion = 1\nstep = 3', "is no recipe"),
        ('format = "autoenroll-recipe"\nversion = 1\nstep = [3]', "Step 1"),
        ('format = "autoenroll-recipe"\nversion = 1\n[[step]]\ndo = "eat"', "Step 1"),
        ('format = "autoenroll-recipe"\nversion = 1\n[[step]]\ndo = "edit"\nfield = "gross_pay"\nnow = "x"', "Step 1"),
        ('format = "autoenroll-recipe"\nversion = 1\n[[step]]\ndo = "edit"\nfield = "shoe_size"\nnow = "9"', "Step 1"),
        ('format = "autoenroll-recipe"\nversion = 1\n[[step]]\ndo = "meaning"\nwas = "x"\nnow = "y"', "Step 1"),
        ('format = "autoenroll-recipe"\nversion = 1\n[[step]]\ndo = "fix"\nwho = "101"\nfinding = 1', "Step 1"),
    ],
)
def test_no_recipe(text: str, says: str) -> None:
    with pytest.raises(AppError, match=says):
        from_text(text, "recipe.toml")


@given(st.text())
def test_any_text(text: str) -> None:
    with contextlib.suppress(AppError):
        from_text(text, "x")
