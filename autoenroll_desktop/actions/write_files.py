"""Everything that is written from a pay run, and the one way to write it.

A window or terminal asks `offers(bench)` what can be written, shows each with its words (`write.OUTPUT` and
`write.about-OUTPUT` in `resources/words`), lets the person choose a place (`name` of the offer is the name to suggest)
and calls `write`.

    corrected       the file in the layout it came in, with every step done so far in it; goes back into payroll. For a
                    payroll submission (PSR, `Offer.psr`) a `Submission` says whether it was sent before.
    annotated       an Excel workbook of all pay lines: marked cells with comments, a summary, the findings. It can be
                    edited and dropped back: `actions.merge_back.merge` gives the step that takes the changes over.
    exceptions      only the failing rows, in the layout they came in; put right and dropped back the same way.
    contribution    the contribution file of one payroll run, JSON (our own format, version 1, not NAERSA's).
    contribution-table   the same lines as CSV.
    keying-sheet    CSV for typing into NAERSA's portal by hand: who, PPSN, gross pay, amounts to compare.
    aepn-changes    CSV for payroll: what NAERSA's instructions ask to be changed.
    control-report  text: counts and sums by file, run and frequency, hashes, when the AEPNs were fetched.
    report          the PDF report.

Each is written under a temporary name, looked at (read again and compared), and renamed. A file that was read is never
overwritten, any other only with `replace`; without it `AlreadyThere` is raised so that a person can be asked. PPSNs
stand in full in everything but the reports: payroll and portal cannot work with masked ones. Where the policy
forbid-plain-exports is set, only reports and what goes back into payroll or to NAERSA are offered and written.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any

import pandas as pd

from autoenroll_desktop.actions import write_outputs as outputs
from autoenroll_desktop.actions.corrected_file import Made, Submission, make_corrected, verify
from autoenroll_desktop.actions.exceptions_file import any_failing, make_exceptions
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.made_before import produced_before
from autoenroll_desktop.actions.plan_edits import Unplaced, plan, with_edits, writable
from autoenroll_desktop.actions.whole_file import AlreadyThere, write_whole
from autoenroll_desktop.domain.pay_run import Role
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.sources import in_force
from autoenroll_desktop.reports.aepn_changes import CODE
from autoenroll_desktop.reports.contribution_lines import lines_of
from autoenroll_desktop.rewrite.rewrite import NEVER

__all__ = ["AlreadyThere", "Offer", "Output", "Submission", "Unplaced", "Written", "offers", "suggested_name", "write"]


class Output(StrEnum):
    """What can be written."""

    CORRECTED = "corrected"
    ANNOTATED = "annotated"
    EXCEPTIONS = "exceptions"
    CONTRIBUTION = "contribution"
    CONTRIBUTION_TABLE = "contribution-table"
    KEYING_SHEET = "keying-sheet"
    AEPN_CHANGES = "aepn-changes"
    CONTROL_REPORT = "control-report"
    REPORT = "report"


_FOR_READING = {Output.ANNOTATED, Output.KEYING_SHEET, Output.AEPN_CHANGES}
"""Tables with PPSNs in full that people read; the policy forbid-plain-exports is about these."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be written now.

    Attributes:
        name: the file name to suggest: "2026-11-26 Hibernia Foods weekly 48 corrected.csv".
        file: which of the files read it is made from (a place among `bench.checked.files`), None for the whole run.
        run: which payroll run it is about (a place among `bench.checked.runs`), None for all.
        psr: it is a payroll submission, so that a person has to choose a `Submission`.
        unplaced: changed values the file has no cell for; to be said before it is written.
        errors: errors that stand in its way; `write` refuses while there are any.
        produced_before: when a file with the very same submission was written before that nobody noted as sent. Sent
            after all, it would be sent twice (MFFERR020).
    """

    output: Output
    name: str
    file: int | None = None
    run: int | None = None
    psr: bool = False
    unplaced: tuple[Unplaced, ...] = ()
    errors: int = 0
    produced_before: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written and looked at.

    Attributes:
        lines: pay lines (of a change list: employments) in it.
        unplaced: changed values it has no cell for. new_notes: codes of what reading it again brought up and the
            original did not have (a stated total that no longer agrees).
        submissions, items: fingerprints (`domain.sent`) of the identifiers a contribution file uses up when it is sent.
        submission_id: the submission it makes. file, run: what it was made from, as in its `Offer`.
    """

    output: Output
    path: Path
    sha256: str
    lines: int
    unplaced: tuple[Unplaced, ...] = ()
    new_notes: tuple[str, ...] = ()
    submissions: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    submission_id: str | None = None
    file: int | None = None
    run: int | None = None


def offers(bench: Workbench, client: str = "") -> list[Offer]:
    """What can be written from a run as it stands now, in the order to show it.

    Args:
        client: whose run it is, for the file names; the employer's number where it is not known.
    """
    found = (*_by_file(bench, client), *_whole(bench, client), *_by_run(bench, client))
    return [offer for offer in found if _may_write(offer.output)]


def _may_write(output: Output) -> bool:
    return not (output in _FOR_READING and in_force().policies.forbid_plain_exports)


def _by_file(bench: Workbench, client: str) -> Iterator[Offer]:
    readings = bench.prepared.gathered.readings
    for at in with_edits(bench):
        planned = plan(bench, at)
        file = planned.reading.file
        what = "corrected" if file.role is Role.PAY else "contributions corrected"
        name = suggested_name(bench, client, what, _ending(file.name, file.kind), file=at)
        yield Offer(Output.CORRECTED, name, file=at, psr=file.kind.startswith("psr-"), unplaced=planned.unplaced)
    pays = [at for at, one in enumerate(readings) if writable(one) and one.file.role is Role.PAY]
    for at in any_failing(bench, pays):
        file = readings[at].file
        yield Offer(
            Output.EXCEPTIONS, suggested_name(bench, client, "exceptions", _ending(file.name, file.kind), file=at), at
        )


def _ending(name: str, kind: str) -> str:
    return ".xlsx" if kind.endswith(NEVER) else PurePath(name).suffix or ".txt"


def _whole(bench: Workbench, client: str) -> Iterator[Offer]:
    if not len(bench.checked.run):
        return
    yield Offer(Output.ANNOTATED, suggested_name(bench, client, "annotated", ".xlsx"))
    yield Offer(Output.CONTROL_REPORT, suggested_name(bench, client, "control", ".txt"))
    yield Offer(Output.REPORT, suggested_name(bench, client, "report", ".pdf"))
    if any(finding.code == CODE for finding in bench.checked.findings):
        yield Offer(Output.AEPN_CHANGES, suggested_name(bench, client, "AEPN changes", ".csv"))


def _by_run(bench: Workbench, client: str) -> Iterator[Offer]:
    before = produced_before(bench.prepared)
    for at, run in enumerate(bench.checked.runs):
        taken = bench.checked.run.lines.iloc[lines_of(bench.checked, run)][["ae_employee", "ae_employer"]]
        if not (run.expected_employee or run.expected_employer or taken.fillna(0).to_numpy().any()):
            continue
        errors = outputs.errors_of(bench, run)
        for output, what, ending in (
            (Output.CONTRIBUTION, "contribution", ".json"),
            (Output.CONTRIBUTION_TABLE, "contribution", ".csv"),
            (Output.KEYING_SHEET, "keying sheet", ".csv"),
        ):
            noted = before(bench.checked, run) if output is not Output.KEYING_SHEET else None
            name = suggested_name(bench, client, what, ending, run=at)
            yield Offer(output, name, run=at, errors=errors, produced_before=noted)


def write(
    bench: Workbench,
    offer: Offer,
    path: Path,
    *,
    words: Words,
    form: Submission = Submission.AS_IT_IS,
    profile: Path | None = None,
    replace: bool = False,
    progress: Progress = SILENT,
) -> Written:
    """Write what was offered to `path`.

    Args:
        form: for a corrected payroll submission. replace: a file of that name may be overwritten.
        profile: the TOML file of names for a contribution file; our own format when left out.

    Raises:
        AlreadyThere: there is a file of that name and `replace` is false.
        AppError: `path` is one of the files read, cannot be written, or did not read back as it should; or what was
            offered cannot be written (the words say why). Nothing is left behind then.
        Cancelled: the person pressed Cancel.
    """
    if not _may_write(offer.output):
        raise AppError(
            "A table with PPSNs in full is not written on this computer",
            "a policy set by your administrator forbids it (forbid-plain-exports)",
            "Write the report, in which they are masked, or the corrected file",
        )
    inputs = [file.path for file in bench.checked.files]
    if offer.file is not None:
        if offer.output is Output.CORRECTED:
            asked = make_corrected(bench, offer.file, form, progress)
        else:
            asked = make_exceptions(bench, offer.file, progress)
        return _in_its_layout(bench, offer, path, asked, inputs, replace, progress)
    product = _product(bench, offer, words, profile, progress)
    write_whole(path, product.produce, product.verify, inputs=inputs, replace=replace)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Written(
        offer.output, path, digest, product.lines, submissions=product.submissions, items=product.items,
        submission_id=product.submission_id, run=offer.run,
    )  # fmt: skip


def _product(bench: Workbench, offer: Offer, words: Words, profile: Path | None, progress: Progress) -> outputs.Product:
    match offer.output:
        case Output.ANNOTATED:
            return outputs.annotated(bench, words, progress)
        case Output.AEPN_CHANGES:
            return outputs.aepn_changes(bench, words)
        case Output.CONTROL_REPORT:
            return outputs.control_report(bench, words)
        case Output.REPORT:
            return outputs.pdf_report(bench, words, progress)
    if offer.run is None:
        raise AppError("It is not said what to write that from", "", "Choose a file or a payroll run")
    file = outputs.contributions_of(bench, bench.checked.runs[offer.run])
    match offer.output:
        case Output.CONTRIBUTION:
            return outputs.contribution_json(file, profile)
        case Output.CONTRIBUTION_TABLE:
            return outputs.contribution_table(file, profile)
    return outputs.keying_sheet(file, words)


def _in_its_layout(
    bench: Workbench, offer: Offer, path: Path, asked: Made, inputs: list[str], replace: bool, progress: Progress
) -> Written:
    """Write the bytes of a file in a layout we read, and read it again."""
    before = {note.code for note in asked.plan.reading.notes}
    found: list[str] = []

    def produce(unfinished: Path) -> None:
        unfinished.write_bytes(asked.content)

    def look(unfinished: Path) -> None:
        again = verify(unfinished, asked, bench.prepared.now, progress)
        found.extend(sorted({note.code for note in again.notes} - before))

    write_whole(path, produce, look, inputs=inputs, replace=replace)
    digest = hashlib.sha256(asked.content).hexdigest()
    return Written(offer.output, path, digest, len(asked.plan.rows), asked.plan.unplaced, tuple(found), file=offer.file)


def suggested_name(
    bench: Workbench, client: str, what: str, ending: str, file: int | None = None, *, run: int | None = None
) -> str:
    """The name to suggest for a file: "2026-11-26 Hibernia Foods weekly 48 corrected.csv".

    Pay date, client, frequency and period are said where all lines of the file or run agree on them; characters no
    file may have in its name are left out.
    """
    lines = bench.checked.run.lines
    if run is not None:
        lines = lines.iloc[lines_of(bench.checked, bench.checked.runs[run])]
    elif file is not None and (lines["file"] == file).any():
        lines = lines[lines["file"] == file]
    days = lines["pay_date"].dropna()
    parts = [f"{days.max():%Y-%m-%d}" if len(days) else "", client or _client(bench, lines)]
    parts += [_only(lines["pay_frequency"]).replace("_", "-").lower(), _only(lines["pay_period"]), what]
    clean = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", " ".join(filter(None, parts)))
    return " ".join(clean.split())[:180].strip(". ") + ending


def _client(bench: Workbench, lines: pd.DataFrame) -> str:
    """What the office calls the employer of the lines, else its number; "" where there are several."""
    employer = _only(lines["employer_registration_number"])
    return bench.prepared.clients.get(employer.upper(), employer)


def _only(column: "pd.Series[Any]") -> str:
    """The one value of a column, "" where it has none or several."""
    values = column.dropna().unique()
    return str(values[0]) if len(values) == 1 else ""
