"""What a finding code means, for the terminal and for the help page: one text, from the catalogue and the words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autoenroll_desktop.domain.finding import Rule
from autoenroll_desktop.domain.words import Words


def explained(rule: Rule, words: Words, refusals: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Everything there is to say about a code, as plain values; what there is not is None.

    Args:
        refusals: NAERSA's error code → our codes, or keys with a cause, that lead to it.
    """
    refused_as = sorted(theirs for theirs, ours in refusals.items() if rule.code in {one.split("/")[0] for one in ours})
    return {
        "code": rule.code,
        "title": words.headline(rule.code),
        "severity": rule.severity.value,
        "topic": rule.topic,
        "why": words.why(rule.code),
        "action": words.action(rule.code),
        "example": words.example(rule.code) or None,
        "fix": rule.fix or None,
        "law": rule.law or None,
        "link": rule.link or None,
        "refused_as": refused_as,
    }


def explained_as_text(told: Mapping[str, Any], words: Words) -> str:
    """A code for the terminal, one statement a line."""
    return "\n".join(_statements(told, words, f"{told['code']}: {_headline(told, words)}")) + "\n"


def explained_as_markdown(all_told: Iterable[Mapping[str, Any]], words: Words) -> str:
    """Every code as one help page, a section a topic; a code's heading is the anchor F1 goes to."""
    return "\n".join(_page(all_told, words)) + "\n"


def _page(all_told: Iterable[Mapping[str, Any]], words: Words) -> Iterator[str]:
    yield f"# {words.say('explain.page')}"
    yield ""
    yield words.say("explain.intro")
    topic = None
    for told in all_told:
        if told["topic"] != topic:
            topic = told["topic"]
            yield ""
            yield f"## {words.say(f'topic.{topic}')}"
        yield ""
        yield f"### {told['code']}"
        for statement in _statements(told, words, f"**{_headline(told, words)}**"):
            yield ""
            yield f"<{statement}>" if statement == told["link"] else statement


def _headline(told: Mapping[str, Any], words: Words) -> str:
    return f"{told['title']} ({words.say('severity.' + told['severity'])})"


def _statements(told: Mapping[str, Any], words: Words, first: str) -> Iterator[str]:
    yield first
    yield words.say("explain.why", why=told["why"])
    yield words.say("check.do", action=told["action"])
    if told["fix"]:
        yield words.say(f"explain.fix-{told['fix']}")
    if told["example"]:
        yield words.say("explain.example", example=told["example"])
    if told["refused_as"]:
        yield words.say("explain.refused", codes=", ".join(told["refused_as"]))
    yield words.say("check.law", law=told["law"]) if told["law"] else words.say("explain.no-law")
    if told["link"]:
        yield told["link"]
