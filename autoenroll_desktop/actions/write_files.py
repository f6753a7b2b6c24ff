"""Everything that is written from a pay run, and the one way to write it.

A window or terminal asks `offers(bench)` what can be written, shows each with its words (`write.OUTPUT` in
`resources/words`), lets the person choose a place (the offer's `name` is the name to suggest) and calls `write`.

    corrected       the file in the layout it came in, with every step done so far in it; goes back into payroll. For a
                    payroll submission (PSR) a `Submission` says whether it was sent before.
    annotated       an Excel workbook of all pay lines: marked cells with comments, a summary, the findings. It can be
                    edited and dropped back: `actions.merge_back.merge`.
    exceptions      only the failing rows, in the layout they came in; can be put right and dropped back as well.
    contribution    the contribution file, JSON (our own format, version 1, not NAERSA's).
    contribution-table   the same lines as CSV.
    keying-sheet    CSV for typing into NAERSA's portal by hand: who, PPSN, gross pay, expected amounts.
    aepn-changes    CSV for payroll: what NAERSA's instructions ask to be changed.
    control-report  text: counts and sums by file, run and frequency, hashes, the time of the AEPNs.
    report          the PDF report.

Each is written under a temporary name, looked at (read again and compared where we can read it), and renamed. A file
that was read is never overwritten, any other only with `replace`; without it `AlreadyThere` is raised so that a person
can be asked.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from autoenroll_desktop.actions.corrected_file import Made, Submission, make_corrected, verify
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.plan_edits import Unplaced, plan, with_edits
from autoenroll_desktop.actions.whole_file import write_whole
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.rewrite.rewrite import NEVER


class Output(StrEnum):
    """What can be written."""

    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be written now.

    Attributes:
        name: the file name to suggest: "2026-11-26 Hibernia Foods weekly 48 corrected.csv".
        file: which of the files read it is made from (a place among `bench.checked.files`), None for the whole run.
        psr: it is a payroll submission, so that a person has to choose a `Submission`.
        unplaced: changed values the file has no cell for; to be said before it is written.
    """

    output: Output
    name: str
    file: int | None = None
    psr: bool = False
    unplaced: tuple[Unplaced, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written and looked at.

    Attributes:
        lines: pay lines in it.
        unplaced: changed values it has no cell for. new_notes: codes of what reading it again brought up and the
            original did not have (a stated total that no longer agrees).
    """

    output: Output
    path: Path
    sha256: str
    lines: int
    unplaced: tuple[Unplaced, ...] = ()
    new_notes: tuple[str, ...] = ()


def offers(bench: Workbench, client: str = "") -> list[Offer]:
    """What can be written from a run as it stands now, in the order to show it.

    Args:
        client: whose run it is, for the file names; the employer's number where it is not known.
    """
    return [*_corrected(bench, client)]


def write(
    bench: Workbench,
    offer: Offer,
    path: Path,
    *,
    words: Words,
    form: Submission = Submission.AS_IT_IS,
    replace: bool = False,
    progress: Progress = SILENT,
) -> Written:
    """Write what was offered to `path`.

    Args:
        form: for a corrected payroll submission. replace: a file of that name may be overwritten.

    Raises:
        AlreadyThere: there is a file of that name and `replace` is false.
        AppError: `path` is one of the files read, cannot be written, or did not read back as it should; or what was
            offered cannot be written (the words say why). Nothing is left behind then.
        Cancelled: the person pressed Cancel.
    """
    return _WRITERS[offer.output](_Job(bench, offer, path, words, form, replace, progress))


@dataclass(frozen=True, slots=True)
class _Job:
    bench: Workbench
    offer: Offer
    path: Path
    words: Words
    form: Submission
    replace: bool
    progress: Progress

    @property
    def inputs(self) -> list[str]:
        return [file.path for file in self.bench.checked.files]


def _corrected(bench: Workbench, client: str) -> Iterator[Offer]:
    for at in with_edits(bench):
        planned = plan(bench, at)
        file = planned.reading.file
        ending = PurePath(file.name).suffix or ".txt"
        name = suggested_name(bench, client, "corrected", ".xlsx" if file.kind.endswith(NEVER) else ending, at)
        yield Offer(Output.CORRECTED, name, at, file.kind.startswith("psr-"), planned.unplaced)


def _write_corrected(job: _Job) -> Written:
    if job.offer.file is None:
        raise AppError("No file was chosen to be corrected", "", "Choose one")
    asked = make_corrected(job.bench, job.offer.file, job.form, job.progress)
    return _written_again(job, asked)


def _written_again(job: _Job, asked: Made) -> Written:
    """Write the bytes of a file in a layout we read, and read it again."""
    before = {note.code for note in asked.plan.reading.notes}
    found: list[str] = []

    def look(path: Path) -> None:
        again = verify(path, asked, job.bench.prepared.now, job.progress)
        found.extend(sorted({note.code for note in again.notes} - before))

    path = write_whole(job.path, lambda path: _put(path, asked.content), look, inputs=job.inputs, replace=job.replace)
    digest = hashlib.sha256(asked.content).hexdigest()
    return Written(job.offer.output, path, digest, len(asked.plan.rows), asked.plan.unplaced, tuple(found))


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def suggested_name(bench: Workbench, client: str, what: str, ending: str, file: int | None = None) -> str:
    """The name to suggest for a file: "2026-11-26 Hibernia Foods weekly 48 corrected.csv".

    Pay date, client, frequency and period are said where all lines agree on them; characters no file may have in its
    name are left out.

    Args:
        file: only the lines of this file count.
    """
    lines = bench.checked.run.lines
    if file is not None:
        own = lines[lines["file"] == file]
        lines = own if len(own) else lines
    parts = []
    for field in ("pay_date", "employer_registration_number", "pay_frequency", "pay_period"):
        values = lines[field].dropna().unique()
        value = values[0] if len(values) == 1 else None
        if field == "employer_registration_number":
            parts.append(client or str(value or ""))
        elif value is not None:
            parts.append(str(value)[:10] if field == "pay_date" else str(value).replace("_", "-").lower())
        elif field == "pay_date" and len(values):
            parts.append(str(max(values))[:10])
    text = " ".join(filter(None, (*parts, what)))
    clean = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", text)
    return " ".join(clean.split())[:180].rstrip(". ") + ending


_WRITERS: dict[Output, Callable[[_Job], Written]] = {Output.CORRECTED: _write_corrected}
