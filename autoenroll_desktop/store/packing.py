"""A checked run as two parts of bytes, and back: its pay lines with what belongs to each, and what the check said.

They are kept apart because they are kept for different times (see `store.retention`), and because history asks for
pay lines only. A rule is kept whole with its findings: a run opened in five years says what the law was then.
"""

import datetime as dt
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from autoenroll_desktop.domain.checked_run import CHANGES, CheckedRun, RunTotals
from autoenroll_desktop.domain.finding import Finding, Rule
from autoenroll_desktop.domain.pay_run import FileRead, PayRun
from autoenroll_desktop.domain.verdict import Verdict
from autoenroll_desktop.store.columns import Packed, pack_column, pack_frame, unpack_column, unpack_frame

FORMAT = 1
"""Raised when the parts change; older ones stay readable."""


class PackedFinding(msgspec.Struct):
    """A finding as columns."""

    rule: Rule
    files: Packed
    rows: Packed
    lines: Packed
    field: str | None
    facts: dict[str, Packed]
    cause: str


class Lines(msgspec.Struct):
    """The part with pay lines: frames, packed. `changes` is empty in runs kept before it was."""

    format: int
    run: bytes
    expected: bytes
    reconciliation: bytes
    changes: bytes = b""


class Result(msgspec.Struct):
    """The part with what the check said."""

    format: int
    files: tuple[FileRead, ...]
    findings: list[PackedFinding]
    verdict: Verdict
    runs: tuple[RunTotals, ...]
    buckets: dict[str, int]
    rejections: bytes
    rules_run: int
    rule_book: str
    checked_at: dt.datetime
    confirmed: dict[str, tuple[Packed, str]]


class _Totals(msgspec.Struct):
    """As much of `Result` as tells which run it is."""

    runs: tuple[RunTotals, ...]


def pack(checked: CheckedRun) -> tuple[bytes, bytes]:
    """The two parts of a run: lines and result. The same run gives the same bytes."""
    lines = Lines(
        FORMAT,
        pack_frame(checked.run.lines),
        pack_frame(checked.expected),
        pack_frame(checked.reconciliation),
        pack_frame(checked.changes),
    )
    result = Result(
        FORMAT,
        checked.files,
        [_pack_finding(finding) for finding in checked.findings],
        checked.verdict,
        checked.runs,
        checked.buckets,
        pack_frame(checked.rejections),
        checked.rules_run,
        checked.rule_book,
        checked.checked_at,
        {key: (pack_column(places), why) for key, (places, why) in checked.confirmed.items()},
    )
    return msgspec.msgpack.encode(lines), msgspec.msgpack.encode(result)


def unpack(lines: bytes, result: bytes) -> CheckedRun:
    """The run as it was checked."""
    about = msgspec.msgpack.decode(lines, type=Lines)
    said = msgspec.msgpack.decode(result, type=Result)
    return CheckedRun(
        run=PayRun(unpack_frame(about.run)),
        files=said.files,
        expected=unpack_frame(about.expected),
        findings=tuple(map(_unpack_finding, said.findings)),
        verdict=said.verdict,
        runs=said.runs,
        buckets=said.buckets,
        reconciliation=unpack_frame(about.reconciliation),
        rejections=unpack_frame(said.rejections),
        changes=unpack_frame(about.changes) if about.changes else pd.DataFrame(columns=CHANGES, dtype=object),
        rules_run=said.rules_run,
        rule_book=said.rule_book,
        checked_at=said.checked_at,
        confirmed={key: (_ints(places), why) for key, (places, why) in said.confirmed.items()},
    )


def totals_of(result: bytes) -> RunTotals:
    """Which payroll run the part with what the check said is about. Raises MsgspecError, KeyError."""
    return msgspec.msgpack.decode(result, type=_Totals).runs[0]


def pay_lines(lines: bytes, only: tuple[str, ...]) -> Any:
    """Some columns of the pay lines alone, as a frame."""
    return unpack_frame(msgspec.msgpack.decode(lines, type=Lines).run, only)


def _pack_finding(finding: Finding) -> PackedFinding:
    return PackedFinding(
        finding.rule,
        pack_column(finding.files),
        pack_column(finding.rows),
        pack_column(finding.lines),
        finding.field,
        {name: pack_column(column) for name, column in finding.facts.items()},
        finding.cause,
    )


def _unpack_finding(packed: PackedFinding) -> Finding:
    facts = {name: unpack_column(column) for name, column in packed.facts.items()}
    plain = {name: column if isinstance(column, list) else column.array for name, column in facts.items()}
    where = _ints(packed.files), _ints(packed.rows), _ints(packed.lines)
    return Finding(packed.rule, *where, packed.field, plain, packed.cause)


def _ints(packed: Packed) -> Any:
    return unpack_column(packed).to_numpy(np.int64)
