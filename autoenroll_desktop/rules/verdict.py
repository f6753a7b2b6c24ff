"""From findings to the one answer."""

from collections.abc import Iterable
from datetime import datetime

from autoenroll_desktop.domain.finding import Finding, Severity
from autoenroll_desktop.domain.verdict import Answer, Verdict

MISSING_INPUT = ("aepn-not-loaded",)
"""Gates that fail because something was not given, not because something is wrong."""


def judge(findings: Iterable[Finding], cut_off: datetime | None) -> Verdict:
    """READY when nothing blocks; INCOMPLETE when only a gate's input is missing; NOT READY otherwise."""
    counts = {severity.value: 0 for severity in Severity}
    missing: list[str] = []
    blocked = False
    for finding in findings:
        counts[finding.severity] += len(finding)
        if finding.code in MISSING_INPUT:
            missing.append(finding.code)
        elif finding.severity.blocks:
            blocked = True
    answer = Answer.NOT_READY if blocked else Answer.INCOMPLETE if missing else Answer.READY
    return Verdict(answer, counts, tuple(missing), cut_off)
