"""The sentences people read, looked up by code and filled with facts.

All words stand in `resources/words/LANG/*.toml`, a file a topic. `[finding.CODE]` holds title, message, why and
action of a finding; every other table is a group of phrases (`verdict`, `severity`, `field`, `skipped`, …). A
placeholder names a fact and how it is printed: `{expected:money}` cents as €1,234.50, `{rate:rate}` 150 as 1.5 %,
`{born:date}` as 15/06/1966, `{ppsn:ppsn}` masked, `{times:count}` with thousands separators. A fact that is missing
prints as a dash; a placeholder without its fact is our mistake and raises `KeyError`.
"""

import datetime as dt
import string
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.money import euro, percent

if TYPE_CHECKING:
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.domain.finding import Finding

MISSING = "–"
FIRST_LANGUAGE = "en"
"""The language every phrase has words in."""


def absent(value: Any) -> bool:
    """Whether a fact is missing (None, NaT, NaN and pandas' NA are never equal to themselves)."""
    if value is None:
        return True
    same = value == value  # noqa: PLR0124 - the test for NaN and NaT
    return type(same).__name__ == "NAType" or not same


class _Formatter(string.Formatter):
    def __init__(self, show_ppsn: bool) -> None:
        self._show_ppsn = show_ppsn

    def format_field(self, value: Any, format_spec: str) -> str:
        if absent(value):
            return MISSING
        match format_spec:
            case "money":
                return euro(int(value))
            case "rate":
                return f"{percent(int(value))} %"
            case "date":
                return as_date(value).strftime("%d/%m/%Y")
            case "time":
                return f"{value:%H:%M}"
            case "ppsn":
                return str(value) if self._show_ppsn else mask_ppsn(str(value))
            case "count":
                return f"{int(value):,}"
        return str(value)


def as_date(value: Any) -> dt.date:
    """A date from any of the kinds the columns hold (date, datetime, pandas Timestamp, numpy datetime64)."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(str(value)[:10])


class Words:
    """The words of one language."""

    def __init__(self, language: str, phrases: Mapping[str, Any]) -> None:
        self.language = language
        self._phrases = phrases

    @classmethod
    def load(cls, folder: Path, language: str = "en") -> "Words":
        """Read every file of `folder/words/LANGUAGE`; what another language has no words for is said in English.

        Raises:
            FileNotFoundError: there are no words in that language.
            ValueError: two files give words to one key.
        """
        phrases: dict[str, dict[str, Any]] = {}
        files = sorted((folder / "words" / language).glob("*.toml"))
        if not files:
            raise FileNotFoundError(f"no words in {language!r}")
        for file in files:
            for group, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
                twice = phrases.setdefault(group, {}).keys() & entries.keys()
                if twice:
                    raise ValueError(f"{file.name}: words given twice: {group}.{min(twice)}")
                phrases[group].update(entries)
        if language != FIRST_LANGUAGE:
            return cls.load(folder).in_other_words(language, phrases)
        return cls(language, phrases)

    def in_other_words(self, language: str, phrases: Mapping[str, Mapping[str, Any]]) -> "Words":
        """The same with some phrases, or parts of a finding, in another language."""
        found: dict[str, dict[str, Any]] = {}
        for group, entries in self._phrases.items():
            other = phrases.get(group, {})
            found[group] = {
                name: {**entry, **other.get(name, {})} if isinstance(entry, Mapping) else other.get(name, entry)
                for name, entry in entries.items()
            }
        return Words(language, found)

    def codes(self) -> set[str]:
        """Every finding code that has words."""
        return set(self._phrases["finding"])

    def group(self, name: str) -> Mapping[str, Any]:
        """Every phrase of a group as it stands there; empty where there is no such group."""
        group: Mapping[str, Any] = self._phrases.get(name, {})
        return group

    def say(self, key: str, /, **facts: Any) -> str:
        """The phrase `key` ("group.name") filled with facts. Raises KeyError where there is no such phrase.

        Where a `count` (or `steps`) of 1 is told and there is a phrase "name-one", that one is said.
        """
        group, name = key.split(".", 1)
        phrases = self._phrases[group]
        if facts.get("count", facts.get("steps")) == 1 and f"{name}-one" in phrases:
            name = f"{name}-one"
        return _Formatter(show_ppsn=False).vformat(phrases[name], (), facts)

    def knows(self, key: str) -> bool:
        """Whether there is a phrase `key` ("group.name")."""
        group, _, name = key.partition(".")
        return name in self._phrases.get(group, {})

    def title(self, finding: "Finding") -> str:
        """What is wrong, as a headline of a few words; tells apart the causes of one code."""
        return self.headline_of(finding.code, finding.cause)

    def message(self, finding: "Finding", index: int, *, show_ppsn: bool = False) -> str:
        """What is wrong at the `index`-th place, in one sentence with the figures; PPSNs masked unless asked for."""
        facts = {name: column[index] for name, column in finding.facts.items()}
        facts["cause"] = self._phrases.get("cause", {}).get(finding.cause, finding.cause)
        entry = self._phrases["finding"][finding.code]
        template = entry.get(f"message-{finding.cause}", entry["message"])
        return _Formatter(show_ppsn).vformat(template, (), facts)

    def why(self, finding: "Finding | str") -> str:
        """Why it matters."""
        return str(self._phrases["finding"][_code(finding)]["why"])

    def action(self, finding: "Finding | str") -> str:
        """What to do about it."""
        return str(self._phrases["finding"][_code(finding)]["action"])

    def example(self, code: str) -> str:
        """A case in which the code is found, "" where these words give none."""
        return str(self._phrases["finding"][code].get("example", ""))

    def tally(self, checked: "CheckedRun") -> str:
        """How much was found, in one line; "0 problems" is said aloud."""
        counts = checked.verdict.counts
        size = {"lines": len(checked.run), "rules": checked.rules_run}
        if not any(counts.values()):
            return self.say("check.summary-none", **size)
        found = {f"{severity}s": counts[severity] for severity in ("error", "gate", "warning", "info")}
        return self.say("check.summary", **found, **size)

    def headline_of(self, code: str, cause: str) -> str:
        """The title of a code with one of its causes."""
        causes = self._phrases.get("cause", {})
        return f"{self.headline(code)}: {causes[cause]}" if cause in causes else self.headline(code)

    def cause(self, finding: "Finding") -> str:
        """What tells a finding apart from others of its code, "" for nothing."""
        return str(self._phrases.get("cause", {}).get(finding.cause, ""))

    def headline(self, code: str) -> str:
        """The title of a code without any cause."""
        return str(self._phrases["finding"][code]["title"])


def _code(finding: "Finding | str") -> str:
    return finding if isinstance(finding, str) else finding.code
