"""What a check has to say: one cause at one or many places, kept as columns until somebody looks.

A finding over 20,000 lines is a handful of arrays, not 20,000 objects, so that a re-check answers a keystroke.
Words are put to it last, by `domain.words`, in the language of whoever reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as of
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
NOWHERE = -1


class Severity(StrEnum):
    """How much a finding weighs. The order of the members is the order in which people should look."""

    ERROR = "error"
    GATE = "gate"
    WARNING = "warning"
    INFO = "info"

    @property
    def blocks(self) -> bool:
        """Whether one of these alone makes the run NOT READY."""
        return self in (Severity.ERROR, Severity.GATE)


@dataclass(frozen=True, slots=True)
class Rule:
    """The declaration of a code in the catalogue: what it weighs and which law stands behind it.

    Attributes:
        code: stable kebab-case name, never reused.
        law: citation as shown to the clerk ("s.61(1) of the Act"), "" where only good practice stands behind it.
        link: where that text can be read, or "".
        fix: "auto" when the repair is determined, "choose" when we can only offer candidates, "" when neither.
        topic: the catalogue's group: file, identity, pay-run, aepn, contributions, pension, timing.
    """

    code: str
    severity: Severity
    topic: str
    law: str = ""
    link: str = ""
    fix: str = ""


class Place(NamedTuple):
    """Where one finding stands.

    `file` indexes `CheckedRun.files`, `row` is the spreadsheet's own row number (or the 1-based payslip in a PSR
    file) and `line` is the position among the run's pay lines. Each is `NOWHERE` (-1) where it does not apply.
    """

    file: int
    row: int
    line: int
    field: str | None


def _nowhere() -> Ints:
    return np.array([NOWHERE], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Finding:
    """One cause, at `len(finding)` places.

    Attributes:
        files, rows, lines: int64 columns of equal length (see `Place`).
        field: the canonical field that is marked at each place, or None when the line as a whole is meant.
        facts: columns as long as `rows`, keyed by the names the words use. Money facts are cents, rates are basis
            points (150 = 1.5 %), dates are `datetime.date`; the words say how each is printed. Two names have a
            fixed meaning: `value` is the text of the cell, `suggestion` what we would put there.
        cause: tells findings of one code apart ("base-basic", "rate-2029"); "" when the code says it all.
    """

    rule: Rule
    files: Ints = of(default_factory=_nowhere)
    rows: Ints = of(default_factory=_nowhere)
    lines: Ints = of(default_factory=_nowhere)
    field: str | None = None
    facts: Mapping[str, Sequence[Any]] = of(default_factory=dict)
    cause: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def key(self) -> str:
        """The code with its cause, unique within one checked run."""
        return f"{self.rule.code}/{self.cause}" if self.cause else self.rule.code

    def place(self, index: int) -> Place:
        """The `index`-th place, 0-based."""
        return Place(int(self.files[index]), int(self.rows[index]), int(self.lines[index]), self.field)

    def fact(self, name: str, index: int) -> Any:
        """The fact `name` at the `index`-th place, or None where this finding does not carry it."""
        column = self.facts.get(name)
        return None if column is None else column[index]
