"""The main job: files in, verdict out. Read this one first; everything else hangs on it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from autoenroll_desktop.actions.gather import Gathered, gather
from autoenroll_desktop.actions.how_to_read import HowToRead
from autoenroll_desktop.actions.read_files import read_files
from autoenroll_desktop.actions.recall import recall
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.finding import Finding
from autoenroll_desktop.domain.memory import Memory
from autoenroll_desktop.domain.pay_run import FileRead, PayRun, Role
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.domain.sent import NOTHING_SENT, Sent
from autoenroll_desktop.intake.choices import NO_CHOICES, Choices, read_choices
from autoenroll_desktop.intake.notice_record import read_notices
from autoenroll_desktop.rules.book import Book, load_book
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.catalogue import CATALOGUE, TESTS
from autoenroll_desktop.rules.engine import about_file, apply_rules, found_while_reading, in_reading_order
from autoenroll_desktop.rules.past import Past
from autoenroll_desktop.rules.period_diff import period_diff
from autoenroll_desktop.rules.reconcile import bucket_counts, reconcile
from autoenroll_desktop.rules.register import Register, build_register
from autoenroll_desktop.rules.rejections import rejections
from autoenroll_desktop.rules.timing import next_cut_off
from autoenroll_desktop.rules.totals import run_totals
from autoenroll_desktop.rules.verdict import judge

DUBLIN = ZoneInfo("Europe/Dublin")


@dataclass(frozen=True, slots=True)
class Given:
    """What a person hands over to be checked.

    Attributes:
        pay: payroll files; those that turn out to hold AEPNs or contributions are taken as such.
        previous: payroll files of earlier periods.
        employer, tax_year, run_reference: for files that do not say.
        mapping: a TOML file of choices for every file (see `intake.choices`).
        choices: choices for single files, instead.
        pasted: text pasted from the clipboard, in UTF-8, by the name it is to go under; checked like a payroll file.
        notices: the office's record of enrolment notices (see `intake.notice_record`); None to ask for none.
        memory: the past, out of the store; None to use nothing of it.
    """

    pay: tuple[Path, ...] = ()
    aepn: tuple[Path, ...] = ()
    contributions: tuple[Path, ...] = ()
    previous: tuple[Path, ...] = ()
    employer: str | None = None
    tax_year: int | None = None
    run_reference: str | None = None
    mapping: Path | None = None
    choices: Mapping[Path, Choices] = field(default_factory=dict)
    pasted: Mapping[Path, bytes] = field(default_factory=dict)
    notices: Path | None = None
    memory: Memory | None = None

    def how_to_read(self, now: dt.datetime) -> HowToRead:
        """What is known before the files are opened. Raises AppError where the mapping cannot be used."""
        return HowToRead(
            today=now.astimezone(DUBLIN).date(),
            everywhere=read_choices(self.mapping) if self.mapping else NO_CHOICES,
            for_file=self.choices,
            client=self.employer or "",
            pasted=self.pasted,
            now=now,
            memory=self.memory,
        )

    def files(self) -> Iterator[tuple[Role, Path]]:
        """Every file with what it was given as, in a fixed order."""
        yield from ((Role.PAY, path) for path in (*self.pay, *self.pasted))
        yield from ((Role.AEPN, path) for path in self.aepn)
        yield from ((Role.CONTRIBUTIONS, path) for path in self.contributions)
        yield from ((Role.PREVIOUS, path) for path in self.previous)


def check_pay_run(
    given: Given, now: dt.datetime, progress: Progress = SILENT, *, book: Book | None = None
) -> CheckedRun:
    """Check payroll files against the law and NAERSA's instructions.

    Args:
        given: the files and what is known about them.
        now: the clock (timezone-aware): cut-offs, ages and the age of AEPNs are computed from it.
        progress: told how far we are; may raise `Cancelled`.
        book: the dated law; read from the program's own files when left out.

    Returns:
        The checked run. Files that cannot be read are findings in it, so that the others are still checked.

    Raises:
        AppError: the mapping file or the record of notices cannot be used. Cancelled: the person pressed Cancel.
    """
    prepared = prepare(given, now, progress, book=book)
    return check_prepared(prepared, prepared.gathered.run, progress)


@dataclass(frozen=True, eq=False)
class Prepared:
    """Files that have been read: everything a check needs but the pay lines, which may have been put right since.

    Attributes:
        past: earlier periods, worked out once however often the run is checked.
        memory: what may be asked of the past still, None where nothing is kept.
        clients: what the office calls the employers, by employer number.
    """

    gathered: Gathered
    register: Register
    past: Past
    book: Book
    now: dt.datetime
    sent: Sent = NOTHING_SENT
    notices: pd.DataFrame = field(default_factory=pd.DataFrame)
    memory: Memory | None = None
    clients: Mapping[str, str] = field(default_factory=dict)


def prepare(given: Given, now: dt.datetime, progress: Progress = SILENT, *, book: Book | None = None) -> Prepared:
    """Read the files and bring them together. Raises as `check_pay_run` does."""
    readings = read_files(given.files(), given.how_to_read(now), progress)
    gathered = gather(readings, given.employer, given.tax_year, given.run_reference)
    gathered, sent = recall(gathered, given.memory) if given.memory else (gathered, NOTHING_SENT)
    notices = read_notices(given.notices) if given.notices else pd.DataFrame()
    register, past = build_register(gathered.aepns, now), Past(gathered.history.lines)
    law, names = book or load_book(), {}
    if given.memory:
        law = law.with_own(given.memory.thresholds(gathered.run.lines))
        names = dict(given.memory.names(gathered.run.lines))
    return Prepared(gathered, register, past, law, now, sent, notices, given.memory, names)


def check_prepared(
    prepared: Prepared, run: PayRun, progress: Progress = SILENT, *, reading: Iterable[Finding] | None = None
) -> CheckedRun:
    """Apply every rule to pay lines.

    Args:
        run: the lines as they were read, or as they stand after some steps.
        reading: what reading brought up as far as it still holds; all of it when left out.
    """
    gathered = prepared.gathered
    case = Case(
        run=run,
        history=gathered.history,
        register=prepared.register,
        files=gathered.files,
        book=prepared.book,
        now=prepared.now,
        unpaid=gathered.unpaid,
        sent=prepared.sent,
        notices=prepared.notices,
        known_past=prepared.past,
    )
    noted = found_in_files(gathered) if reading is None else reading
    findings = in_reading_order([*noted, *apply_rules(case, progress)])
    reconciled = reconcile(case)
    return CheckedRun(
        run=case.run,
        files=gathered.files,
        expected=case.expected,
        findings=findings,
        verdict=judge(findings, next_cut_off(case)),
        runs=run_totals(case),
        buckets=bucket_counts(reconciled),
        reconciliation=reconciled,
        rejections=rejections(findings),
        changes=period_diff(case),
        rules_run=len(TESTS),
        rule_book=prepared.book.version,
        checked_at=prepared.now,
    )


def found_in_files(gathered: Gathered) -> Iterator[Finding]:
    """The findings that reading itself brought up: unreadable files, skipped rows, cleaned values."""
    for at, (file, reading) in enumerate(zip(gathered.files, gathered.readings, strict=True)):
        if file.left_out:
            yield about_file("file-left-out", at, {"name": [file.name], "why": [file.left_out]})
        elif reading.error is not None:
            yield about_file(reading.error.code, at, {"name": [file.name], "why": [str(reading.error)]})
        if file.role is not Role.PREVIOUS:
            for note in reading.notes:
                yield found_while_reading(CATALOGUE[note.code], note, at, gathered.first_line[at])


def readable(checked: CheckedRun) -> tuple[FileRead, ...]:
    """The pay files that could be read."""
    return tuple(file for file in checked.files if file.role is Role.PAY and not file.error and not file.left_out)
