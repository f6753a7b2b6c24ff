"""What a rule is: a small function over columns that says where it holds, and a declaration that says what it means.

    @rule("contribution-shares-differ", severity=ERROR, topic="contributions", law="s.61(1)", fix="auto")
    def shares_differ(case: Case) -> Where:
        \"\"\"Lines whose employee and employer amounts differ although AEPN gives both the same rate.\"\"\"

A rule never loops over rows and never prints: the engine turns its answer into findings, `domain.words` into words.
A rule that raises is our mistake, so nothing catches it and blames the file.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as of
from typing import TYPE_CHECKING, Any

from autoenroll_desktop.domain.finding import Rule, Severity

if TYPE_CHECKING:
    from autoenroll_desktop.rules.case import Case

ERROR, GATE, WARNING, INFO = Severity.ERROR, Severity.GATE, Severity.WARNING, Severity.INFO
ACT = "http://revisedacts.lawreform.ie/eli/2024/act/20/front/revised/en/html"
NAERSA_ERRORS = (
    "https://www.simplepay.ie/help/payroll-processing/system-items/auto-enrolment/auto-enrolment-submission-errors"
)
REVENUE = "https://github.com/revenue-ie/paye-employers-documentation"


@dataclass(frozen=True, eq=False)
class Where:
    """Where a rule holds.

    Attributes:
        lines: bool column over the run's lines, or int positions; None when this is about something else.
        field: the canonical field to mark.
        facts: columns as long as the run (sliced by the engine) for `lines`, or as long as `rows` otherwise.
        cause: tells findings of one code apart.
        files, rows: places that are no pay lines (rows of an AEPN file); one place about the whole run when both
            are left out and `lines` is None.
    """

    lines: Any = None
    field: str | None = None
    facts: Mapping[str, Any] = of(default_factory=dict)
    cause: str = ""
    files: Any = None
    rows: Any = None


Answer = Where | Iterable[Where] | None
Test = Callable[["Case"], Answer]
TESTS: dict[str, Test] = {}
CATALOGUE: dict[str, Rule] = {}


def declare(code: str, severity: Severity, topic: str, *, law: str = "", link: str = "", fix: str = "") -> Rule:
    """Enter a code into the catalogue. Raises ValueError when it is there already: codes are never reused."""
    if code in CATALOGUE:
        raise ValueError(f"{code} is declared twice")
    CATALOGUE[code] = Rule(code, severity, topic, law, link, fix)
    return CATALOGUE[code]


def rule(
    code: str, *, severity: Severity, topic: str, law: str = "", link: str = "", fix: str = ""
) -> Callable[[Test], Test]:
    """Declare a code and the function that finds it."""

    def enter(test: Test) -> Test:
        declare(code, severity, topic, law=law, link=link, fix=fix)
        TESTS[code] = test
        return test

    return enter
