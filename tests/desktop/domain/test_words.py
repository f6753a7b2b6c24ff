"""Sentences filled with facts: how each kind of fact is printed, what is missing, and what another language lacks."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import Finding, Rule, Severity
from autoenroll_desktop.domain.pay_run import PayRun
from autoenroll_desktop.domain.verdict import Answer, Verdict
from autoenroll_desktop.domain.words import Words, absent, as_date

PHRASES: dict[str, Any] = {
    "say": {"of": "{a:money} at {b:rate} on {c:date} at {d:time}, {e:ppsn}, {f:count} times, {g}", "in.three": "parts"},
    "files": {"read": "{count:count} files", "read-one": "One file", "done": "{steps} steps", "done-one": "One step"},
    "check": {
        "summary-none": "0 problems in {lines:count} lines, {rules} rules.",
        "summary": "{errors}/{gates}/{warnings}/{infos} in {lines:count} lines, {rules} rules",
    },
    "finding": {
        "a-code": {
            "title": "A title",
            "message": "Was {was:money} ({cause})",
            "message-odd": "Odd for {ppsn:ppsn}",
            "why": "Because",
            "action": "Do this",
            "example": "Once",
        },
        "bare": {"title": "Bare", "message": "Bare", "why": "So", "action": "Nothing"},
    },
    "cause": {"late": "too late"},
}
WORDS = Words("en", PHRASES)


def finding(cause: str = "", code: str = "a-code", **facts: Any) -> Finding:
    return Finding(Rule(code, Severity.ERROR, "pay-run"), facts=facts, cause=cause)


def test_each_kind_of_fact_is_printed_its_own_way() -> None:
    facts = {
        "a": 123450, "b": 150, "c": dt.date(2026, 11, 6), "d": dt.time(18, 5), "e": "1234567T", "f": 12345, "g": "as is",
    }  # fmt: skip
    assert WORDS.say("say.of", **facts) == "€1,234.50 at 1.5 % on 06/11/2026 at 18:05, •••••67T, 12,345 times, as is"


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), np.float64("nan")])
def test_what_is_missing_is_a_dash_and_never_nan(nothing: Any) -> None:
    assert absent(nothing)
    assert WORDS.say("say.of", **dict.fromkeys("abcdefg", nothing)) == "– at – on – at –, –, – times, –"


@pytest.mark.parametrize("there", [0, "", "NA", dt.date(2026, 1, 1), np.int64(0), np.datetime64("2026-01-01"), False])
def test_what_is_there_is_not_missing(there: Any) -> None:
    assert not absent(there)


@pytest.mark.parametrize(
    "day",
    [
        dt.date(2026, 11, 6),
        dt.datetime(2026, 11, 6, 23, 59, tzinfo=dt.UTC),
        pd.Timestamp(2026, 11, 6, 12),
        np.datetime64("2026-11-06"),
        np.datetime64("2026-11-06T12:00:00", "s"),
    ],
)
def test_a_day_of_any_kind_is_a_date(day: Any) -> None:
    assert as_date(day) == dt.date(2026, 11, 6)
    assert type(as_date(day)) is dt.date


def test_messages_tell_causes_apart_and_mask_numbers_unless_asked() -> None:
    assert WORDS.message(finding("late", was=[100, 200]), 1) == "Was €2.00 (too late)"
    assert WORDS.message(finding("other", was=[100]), 0) == "Was €1.00 (other)"
    assert WORDS.message(finding("odd", ppsn=["1234567T"]), 0) == "Odd for •••••67T"
    assert WORDS.message(finding("odd", ppsn=["1234567T"]), 0, show_ppsn=True) == "Odd for 1234567T"
    assert Words("en", {"finding": PHRASES["finding"]}).message(finding("x", was=[100]), 0) == "Was €1.00 (x)"


def test_titles_and_what_stands_behind_a_finding() -> None:
    assert WORDS.title(finding("late")) == "A title: too late"
    assert WORDS.title(finding("other")) == WORDS.headline("a-code") == "A title"
    assert [WORDS.cause(finding(cause)) for cause in ("late", "other", "")] == ["too late", "", ""]
    bare = Words("en", {"finding": PHRASES["finding"]})
    assert (bare.title(finding("late")), bare.cause(finding("late"))) == ("A title", "")
    assert (WORDS.why("a-code"), WORDS.action("a-code")) == ("Because", "Do this")
    assert (WORDS.why(finding()), WORDS.action(finding())) == ("Because", "Do this")
    assert (WORDS.example("a-code"), WORDS.example("bare")) == ("Once", "")
    assert WORDS.codes() == {"a-code", "bare"}


def test_one_of_a_thing_has_a_phrase_of_its_own_where_there_is_one() -> None:
    assert [WORDS.say("files.read", count=count) for count in (0, 1, 2)] == ["0 files", "One file", "2 files"]
    assert [WORDS.say("files.done", steps=steps) for steps in (1, 2)] == ["One step", "2 steps"]
    assert WORDS.say("files.read", count=2, steps=1) == "2 files"
    assert WORDS.say("say.of", a=1, b=1, c=None, d=None, e=None, f=1, g=1, count=1).startswith("€0.01")


def test_a_phrase_that_is_not_there_is_our_mistake() -> None:
    assert WORDS.knows("say.of")
    assert not any(WORDS.knows(key) for key in ("say.other", "nowhere.of", "say", "say.of.more"))
    assert WORDS.knows("say.in.three"), "only the first point parts group and name"
    assert WORDS.group("cause") == {"late": "too late"}
    assert WORDS.group("nowhere") == {}
    for key in ("say.other", "nowhere.of"):
        with pytest.raises(KeyError):
            WORDS.say(key)
    with pytest.raises(KeyError):
        WORDS.say("say.of", a=1)


def checked(lines: int, **counts: int) -> CheckedRun:
    told = {severity.value: counts.get(severity.value, 0) for severity in Severity}
    return CheckedRun(
        run=PayRun(pd.DataFrame(index=range(lines))), files=(), expected=pd.DataFrame(), findings=(),
        verdict=Verdict(Answer.READY, told, (), None), runs=(), buckets={}, reconciliation=pd.DataFrame(),
        rejections=pd.DataFrame(), changes=pd.DataFrame(), rules_run=80, rule_book="2026.11.1",
        checked_at=dt.datetime(2026, 11, 26, tzinfo=dt.UTC),
    )  # fmt: skip


def test_none_found_is_said_aloud() -> None:
    assert WORDS.tally(checked(1214)) == "0 problems in 1,214 lines, 80 rules."
    assert WORDS.tally(checked(1214, error=1, gate=2, warning=3, info=4)) == "1/2/3/4 in 1,214 lines, 80 rules"
    assert WORDS.tally(checked(3, info=1)) == "0/0/0/1 in 3 lines, 80 rules"


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        language, _, topic = name.partition("_")
        place = folder / "words" / language / f"{topic}.toml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def test_another_language_says_in_english_what_it_has_no_words_for(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        en_a='[say]\nyes = "Yes"\nno = "No"\n[finding.x]\ntitle = "Title"\nwhy = "Why"\n[finding.y]\ntitle = "Other"\n',
        en_b='[more]\none = "One"\n[say]\nmaybe = "Maybe"\n',
        ga_a='[say]\nyes = "Tá — ✓"\n[finding.x]\ntitle = "Teideal"\n[gone]\nx = "y"\n',
    )
    english, irish = Words.load(folder), Words.load(folder, "ga")
    assert (english.language, irish.language) == ("en", "ga")
    assert [english.say(f"say.{name}") for name in ("yes", "no", "maybe")] == ["Yes", "No", "Maybe"]
    assert [irish.say(f"say.{name}") for name in ("yes", "no", "maybe")] == ["Tá — ✓", "No", "Maybe"]
    assert irish.say("more.one") == "One"
    assert (irish.headline("x"), irish.why("x"), english.headline("x")) == ("Teideal", "Why", "Title")
    assert irish.headline("y") == "Other"
    assert not irish.knows("gone.x")


def test_words_that_are_not_there_or_there_twice_are_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, en_a='[say]\nyes = "Yes"\nno = "No"\n', en_b='[say]\nyes = "Aye"\nno = "Nay"\n')
    with pytest.raises(FileNotFoundError, match=r"^no words in 'fr'$"):
        Words.load(folder, "fr")
    with pytest.raises(ValueError, match=r"^b\.toml: words given twice: say\.no$"):
        Words.load(folder)
