"""No sentence about a finding speaks like a program, and no number of a person is printed in full."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.rules.catalogue import CATALOGUE
from tests.desktop.rules.test_together import TOLD

JARGON = (
    "payload", "record", "records", "null", "nan", "nat", "na", "exception",
    "error-code", "traceback", "undefined", "boolean", "bool", "int", "int64", "float",
    "string", "str", "array", "dict", "dataframe", "frame", "tuple", "object",
    "json-path", "key", "keys", "regex", "parser", "parse", "parsed", "schema",
    "checksum", "modulo", "modulus", "timestamp", "datetime", "utc", "iso", "snapshot",
    "snapshots", "batch", "flag", "enum", "token", "index", "query", "database",
    "instance", "instances", "entity", "entities", "iterate", "default", "defaults", "invalid",
    "validate", "validation", "config",
)  # fmt: skip
"""Words of programmers, which no clerk says about a pay run."""


def sentences(root: Path) -> Iterator[str]:
    words = Words.load(root / "resources")
    for code in CATALOGUE:
        yield from (words.headline(code), words.why(code), words.action(code), words.example(code))
    yield from (one for one in TOLD.read_text(encoding="utf-8").splitlines() if one.startswith("  "))


@pytest.mark.parametrize("jargon", JARGON)
def test_no_jargon(jargon: str, root: Path) -> None:
    pattern = re.compile(rf"(?<![\w-]){re.escape(jargon)}(?![\w-])", re.IGNORECASE)
    assert [one for one in sentences(root) if pattern.search(_said(one))] == []


def _said(text: str) -> str:
    """A line of `told.txt` without its severity, field and suggestion, which are for the reader of the test."""
    said = re.sub(r"^  \w+ \w+: ", "", text)
    return re.sub(r" \[(auto|choose): .*\]$", "", said)


def test_no_name_of_the_program_shows(root: Path) -> None:
    """No underscore, brace or number with a superfluous .0 in any sentence."""
    odd = [one for one in map(_said, sentences(root)) if re.search(r"\w_\w|[{}]|[0-9]\.0\b", one)]
    assert odd == []


def test_every_cause_told_has_words() -> None:
    """A cause without words would show its own name: kebab-case after the title."""
    titles = [_said(one) for one in TOLD.read_text(encoding="utf-8").splitlines() if one.startswith("  ")]
    assert titles
    assert [one for one in titles if re.match(r"[^.]*: [a-z0-9]+(-[a-z0-9]+)+\. ", one)] == []
