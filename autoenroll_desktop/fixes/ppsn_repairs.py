"""Which PPSN was meant: numbers one slip away from a wrong one that pass the check, the likeliest first.

The slips are those of people and scanners: one digit wrong, two neighbours swapped, a letter for the digit it looks
like, the check letter mistyped, a digit doubled. A number that passes is no proof: about one in 23 does by chance. Only
one that belongs to a person of the same name, in the AEPNs or in the last period, is offered as *the* repair.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from autoenroll_desktop.domain.identifiers import LETTERS, Check, explain

LOOK_ALIKES = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
_DIGITS = 7


class Source(IntEnum):
    """What speaks for a repair, the strongest last."""

    CHECK = 0
    """It passes the check; nothing else is known."""
    AEPN_OTHER_NAME = 1
    LAST_PERIOD = 2
    """The same name had it in the last period."""
    AEPN = 3
    """An AEPN of the same name has it."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A number that may be meant, and what speaks for it."""

    number: str
    source: Source


def repairs(text: str) -> list[str]:
    """Every valid PPSN one slip away from `text`, in the order of how usual the slip is.

    Example: "1234576FA" gives "1234567FA" among others; "l234567FA" gives "1234567FA".
    """
    told = explain(text)
    found = dict.fromkeys(
        number for number in _slips(told.number) if number != told.number and explain(number).check is Check.GOOD
    )
    return [*found]


def ranked(text: str, name: str, aepn: Mapping[str, Iterable[str]], past: Mapping[str, Iterable[str]]) -> list[Repair]:
    """The repairs of a number, the one best spoken for first.

    Args:
        name: whose number it is, as one text.
        aepn, past: PPSN → names of the people who have it in the AEPNs, and had it in the last period.
    """
    wanted = _plain(name)
    told = [Repair(number, _speaks(number, wanted, aepn, past)) for number in repairs(text)]
    return sorted(told, key=lambda repair: -repair.source)


def sure(told: list[Repair]) -> Repair | None:
    """The repair that a person of the same name speaks for, if only one is so."""
    named = [repair for repair in told if repair.source >= Source.LAST_PERIOD]
    best = [repair for repair in named if repair.source == named[0].source]
    return best[0] if len(best) == 1 else None


def _speaks(
    number: str, name: frozenset[str], aepn: Mapping[str, Iterable[str]], past: Mapping[str, Iterable[str]]
) -> Source:
    if any(name & _plain(other) for other in aepn.get(number, ())):
        return Source.AEPN
    if any(name & _plain(other) for other in past.get(number, ())):
        return Source.LAST_PERIOD
    return Source.AEPN_OTHER_NAME if number in aepn else Source.CHECK


def _plain(name: str) -> frozenset[str]:
    """The words of a name that can tell people apart."""
    return frozenset(word for word in name.casefold().split() if len(word) > 2)


def _slips(number: str) -> Iterator[str]:
    digits, letters = number[:_DIGITS], number[_DIGITS:]
    alike = "".join(LOOK_ALIKES.get(sign, sign) for sign in digits)
    if alike != digits:
        yield alike + letters
        digits = alike
    yield from _swapped(digits, letters)
    if len(number) > _DIGITS + 2:
        yield from (number[:at] + number[at + 1 :] for at in range(len(number)))
    if digits.isascii() and digits.isdigit() and letters:
        for at in range(_DIGITS):
            yield from (digits[:at] + str(digit) + digits[at + 1 :] + letters for digit in range(10))
        yield from (digits + letter + letters[1:] for letter in LETTERS)


def _swapped(digits: str, letters: str) -> Iterator[str]:
    """Two neighbours the other way round; among the letters, too."""
    for at in range(len(digits) - 1):
        yield digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] + letters
    if len(letters) == 2:
        yield digits + letters[::-1]
