"""The catalogue of findings, the rules, the words, the help page and the tests name the same codes, none more or less."""

import csv
import json
import re
from pathlib import Path

import pytest

from autoenroll_desktop.cli import main
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.rules.catalogue import CATALOGUE, TESTS, TOPICS
from autoenroll_desktop.rules.rejections import BEHIND

AGREED = Path(__file__).with_name("catalogue.csv")
"""Code, severity and fix as they were agreed; a code is never renamed and never reused."""
ADDED = {"file-left-out", "file-hidden-rows", "file-deletes-lines", "sheet-ambiguous"}
"""Codes that reading files brought up since."""


@pytest.fixture(scope="module")
def words(root: Path) -> Words:
    return Words.load(root / "resources")


def agreed() -> dict[str, tuple[str, str]]:
    with AGREED.open(newline="", encoding="utf-8") as file:
        return {row["code"]: (row["severity"], row["fix"]) for row in csv.DictReader(file)}


def test_every_agreed_code_is_declared_with_its_severity_and_fix() -> None:
    assert set(CATALOGUE) == set(agreed()) | ADDED
    assert {code: CATALOGUE[code].severity.value for code in agreed()} == {
        code: severity for code, (severity, _) in agreed().items()
    }
    allowed = {"auto/choose": {"auto", "choose"}}
    for code, (_, fix) in agreed().items():
        assert CATALOGUE[code].fix in allowed.get(fix, {fix}), code


def test_every_code_but_those_of_reading_has_a_rule() -> None:
    assert set(CATALOGUE) - set(TESTS) == {code for code in CATALOGUE if CATALOGUE[code].topic == "file"} - set(TESTS)
    assert "duplicate-file" in TESTS


def test_words_say_all_there_is_to_say(words: Words) -> None:
    assert words.codes() == set(CATALOGUE)
    for code in CATALOGUE:
        assert words.headline(code)
        assert not words.headline(code).endswith("."), code
        for sentence in (words.why(code), words.action(code), words.example(code)):
            assert sentence.endswith("."), code
    assert {rule.topic for rule in CATALOGUE.values()} == set(TOPICS)
    for topic in TOPICS:
        assert words.say(f"topic.{topic}")


def test_a_law_can_be_read_where_it_stands() -> None:
    for rule in CATALOGUE.values():
        assert bool(rule.law) == bool(rule.link), rule.code
        assert not rule.link or rule.link.startswith("http"), rule.code


def test_the_help_page_is_what_the_program_says(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Made by `autoenroll explain --all --format markdown > resources/help/findings.md`."""
    assert main(["explain", "--all", "--format", "markdown"]) == 0
    page = (root / "resources" / "help" / "findings.md").read_text(encoding="utf-8")
    assert page == capsys.readouterr().out
    assert set(re.findall(r"^### (\S+)$", page, re.MULTILINE)) == set(CATALOGUE)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_is_explained(code: str, words: Words, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", code]) == 0
    text = capsys.readouterr().out
    rule = CATALOGUE[code]
    for part in (
        code,
        words.headline(code),
        words.why(code),
        words.action(code),
        words.example(code),
        rule.law,
        rule.link,
    ):
        assert part in text
    assert main(["explain", code, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["refused_as"] == sorted(
        theirs for theirs, ours in BEHIND.items() if code in {one.split("/")[0] for one in ours}
    )
    assert (told["code"], told["severity"], told["law"]) == (code, rule.severity.value, rule.law or None)
