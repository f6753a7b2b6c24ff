"""Which lines NAERSA would refuse, and under which of its error codes.

NAERSA publishes no list; eight codes are known from payroll software houses. Each stands behind findings of ours, so
that there is one truth: a line is refused because of a finding a clerk can see and fix. Codes nobody has published
cannot be foreseen, and the words say so.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.finding import NOWHERE, Finding

BEHIND: Mapping[str, tuple[str, ...]] = {
    "MFFERR005": ("contribution-without-aepn", "ppsn-check-letter", "ppsn-format", "ppsn-shared"),
    "MFFERR008": ("name-too-long/first-name",),
    "MFFERR011": ("name-too-long/family-name",),
    "MFFERR020": ("submission-duplicate",),
    "MFFERR021": ("ppsn-missing", "ppsn-masked"),
    "MFFERR033": ("line-item-duplicate",),
    "MFFERR044": (
        "contribution-amount",
        "contribution-missing",
        "contribution-not-due",
        "contribution-after-66",
        "contribution-before-effective-date",
    ),
    "MFFERR096": ("employment-id-missing",),
}
"""NAERSA's code → our codes, or keys with a cause, that lead to it."""


def rejections(findings: Iterable[Finding]) -> pd.DataFrame:
    """The lines NAERSA would refuse: line (position, -1 for the whole run), code and key of the finding behind it.

    One row a line and code; the finding that comes first stands for others with the same code.
    """
    by_code = {ours: theirs for theirs, many in BEHIND.items() for ours in many}
    parts = []
    for finding in findings:
        code = by_code.get(finding.key) or by_code.get(finding.code)
        if code:
            lines = finding.lines if (finding.lines != NOWHERE).any() else np.array([NOWHERE])
            parts.append(pd.DataFrame({"line": lines, "code": code, "key": finding.key}))
    if not parts:
        return pd.DataFrame({"line": np.zeros(0, dtype=np.int64), "code": [], "key": []})
    refused = pd.concat(parts).drop_duplicates(["line", "code"])
    without_number = refused.loc[refused["code"] == "MFFERR021", "line"]
    unknown = (refused["code"] == "MFFERR005") & refused["line"].isin(without_number)  # a missing PPSN is not unknown
    return refused[~unknown].sort_values(["line", "code"]).reset_index(drop=True)
