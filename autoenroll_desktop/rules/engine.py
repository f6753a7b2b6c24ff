"""Runs every rule over a case and turns the answers into findings."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
import pandas as pd

from autoenroll_desktop.domain.finding import NOWHERE, Finding, Ints, Rule
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.catalogue import CATALOGUE, TESTS, TOPICS
from autoenroll_desktop.rules.rule import Where


class Noted(Protocol):
    """What reading a file brings up: a code of the catalogue with its places, as columns."""

    @property
    def code(self) -> str: ...
    @property
    def rows(self) -> Ints: ...
    @property
    def positions(self) -> Ints: ...
    @property
    def field(self) -> str | None: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def cause(self) -> str: ...


def apply_rules(case: Case, progress: Progress = SILENT) -> list[Finding]:
    """Every finding of every rule, in no particular order. A rule that raises is a bug and is let through."""
    findings = []
    for done, (code, test) in enumerate(TESTS.items()):
        progress.step("rules", done, len(TESTS))
        answer = test(case)
        if answer is None:
            continue
        for where in (answer,) if isinstance(answer, Where) else answer:
            finding = _finding(CATALOGUE[code], where, case)
            if len(finding):
                findings.append(finding)
    return findings


def in_reading_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then gates, warnings and information; within each by topic, then the commoner cause first."""
    weights = {severity: at for at, severity in enumerate(type(next(iter(CATALOGUE.values())).severity))}
    return tuple(
        sorted(findings, key=lambda one: (weights[one.severity], TOPICS.index(one.rule.topic), -len(one), one.key))
    )


def about_file(code: str, file: int, facts: Mapping[str, Any]) -> Finding:
    """A finding about one file as a whole."""
    return Finding(CATALOGUE[code], files=np.array([file], dtype=np.int64), facts=facts)


def found_while_reading(rule: Rule, note: Noted, file: int, first_line: int) -> Finding:
    """A finding from what reading a file brought up.

    Args:
        first_line: position of the file's first row among the run's lines, -1 for a file without pay lines.
    """
    positions = np.asarray(note.positions, dtype=np.int64)
    lines = np.where((positions >= 0) & (first_line >= 0), positions + first_line, NOWHERE)
    files = np.full(len(note.rows), file, dtype=np.int64)
    return Finding(rule, files, np.asarray(note.rows, dtype=np.int64), lines, note.field, note.facts, note.cause)


def _finding(rule: Rule, where: Where, case: Case) -> Finding:
    if where.lines is not None:
        at = _positions(where.lines)
        if not len(at):
            return Finding(rule, at, at, at)
        files, rows = case["file"].to_numpy(np.int64)[at], case["row"].to_numpy(np.int64)[at]
        facts = {name: _slice(column, at) for name, column in where.facts.items()}
        return Finding(rule, files, rows, at, where.field, facts, where.cause)
    rows = np.asarray(where.rows if where.rows is not None else [NOWHERE], dtype=np.int64)
    files = np.asarray(where.files if where.files is not None else np.full(len(rows), NOWHERE), dtype=np.int64)
    return Finding(
        rule, files, rows, np.full(len(rows), NOWHERE, dtype=np.int64), where.field, where.facts, where.cause
    )


def _positions(lines: Any) -> Ints:
    """The lines a rule named, by a bool column over the run (missing is no) or by position."""
    if lines.dtype.kind in "iu":
        return np.asarray(lines, dtype=np.int64)
    known = lines.fillna(value=False) if hasattr(lines, "fillna") else lines
    return np.flatnonzero(np.asarray(known, dtype=bool))


def _slice(column: Any, at: Ints) -> Any:
    """The facts at the found lines; a single value stands for every line."""
    if np.ndim(column) == 0:
        return [column] * len(at)
    if isinstance(column, pd.Series):
        return column.iloc[at].array
    return column[at] if isinstance(column, pd.api.extensions.ExtensionArray) else np.asarray(column)[at]
