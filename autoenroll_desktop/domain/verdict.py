"""READY, NOT READY or INCOMPLETE: the one answer everything else explains."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Answer(StrEnum):
    READY = "ready"
    NOT_READY = "not_ready"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for a run.

    Attributes:
        counts: places found, by severity word; every severity is present, 0 included.
        missing: the codes of gates whose input was not given (they make a clean run INCOMPLETE).
        cut_off: the next cut-off among the run's pay dates (the last one when all have passed), UTC; None when
            no pay date falls under the scheme.
    """

    answer: Answer
    counts: dict[str, int]
    missing: tuple[str, ...]
    cut_off: datetime | None
