"""The verbs `ppsn` and `ern`: the check of a number, step by step."""

import argparse
from collections.abc import Sequence

from autoenroll_desktop.cli.arguments import Verbs, verb
from autoenroll_desktop.domain.identifiers import Check, explain


def add_numbers(verbs: Verbs) -> None:
    """Add both verbs."""
    for name, command in (("ppsn", _ppsn), ("ern", _ern)):
        number = verb(verbs, name, command, f"explain the check of a {name.upper()}")
        number.add_argument("values", nargs="+", metavar="VALUE")


def _ppsn(arguments: argparse.Namespace) -> int:
    return _numbers(arguments.values, "PPSN")


def _ern(arguments: argparse.Namespace) -> int:
    return _numbers(arguments.values, "employer number")


def _numbers(values: Sequence[str], what: str) -> int:
    good = True
    for value in values:
        told = explain(value)
        good &= told.check is Check.GOOD
        match told.check:
            case Check.GOOD:
                note = " (a surplus leading zero was dropped)" if told.zero_padded else ""
                print(
                    f"{told.number}: good. Sum {told.total}, modulo 23 is "
                    f"{(told.total or 0) % 23}: {told.expected}{note}"
                )
            case Check.BAD_LETTER:
                print(
                    f"{told.number}: wrong. Sum {told.total}, modulo 23 asks for {told.expected}, not {told.number[7]}"
                )
            case Check.MISSING:
                print(f"'{value}': no {what}")
            case Check.BAD_FORMAT:
                print(
                    f"{value}: not {'an' if what[0] in 'aeiou' else 'a'} {what}: "
                    "seven digits, a check letter A-W, sometimes a second letter"
                )
    return 0 if good else 1
