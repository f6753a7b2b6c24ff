"""Everything the check can find, with the law behind it, for people who want to read about it."""

from dataclasses import dataclass

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.rules.catalogue import CATALOGUE


@dataclass(frozen=True, slots=True)
class Explained:
    """One code of the catalogue in words."""

    code: str
    severity: str
    topic: str
    title: str
    why: str
    action: str
    law: str
    link: str


def explain_all(words: Words) -> tuple[Explained, ...]:
    """Every code in the order of the catalogue."""
    return tuple(
        Explained(
            code=rule.code,
            severity=rule.severity.value,
            topic=rule.topic,
            title=words.headline(rule.code),
            why=words.why(rule.code),
            action=words.action(rule.code),
            law=rule.law,
            link=rule.link,
        )
        for rule in CATALOGUE.values()
    )
