"""Makes what is written about a run besides files in a layout that came in, and looks at what was written."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from autoenroll_desktop import paths
from autoenroll_desktop.actions.check_pay_run import DUBLIN
from autoenroll_desktop.actions.fix_pay_run import Workbench, understood
from autoenroll_desktop.actions.marked_rows import read_marked
from autoenroll_desktop.domain.checked_run import RunTotals
from autoenroll_desktop.domain.money import plain
from autoenroll_desktop.domain.progress import Progress
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.fixes.history import mark
from autoenroll_desktop.reports.contribution_lines import Contributions, contributions, errors_in, lines_of
from autoenroll_desktop.reports.delimited import rows_of


@dataclass(frozen=True, slots=True)
class Product:
    """Something to be written: how, how to look at it, how many lines are in it, and identifiers it uses up.

    Attributes:
        submissions, items: fingerprints for the ledger; empty but for contribution files. submission_id: theirs.
    """

    produce: Callable[[Path], None]
    verify: Callable[[Path], None]
    lines: int
    submissions: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    submission_id: str | None = None


def annotated(bench: Workbench, words: Words, progress: Progress) -> Product:
    """The annotated workbook."""
    from autoenroll_desktop.reports.annotated import Marks, write_annotated

    checked = bench.checked
    was: dict[str, dict[int, object]] = {}
    for change in bench.stepped.edits:
        alive = np.isin(change.lines, bench.stepped.origin)
        places = np.searchsorted(bench.stepped.origin, change.lines[alive])
        was[change.field] = dict(zip(places.tolist(), change.was[alive], strict=True))
    marks = Marks(mark(bench.history.done), was)

    def look(path: Path) -> None:
        again = read_marked(path, bench.prepared.now.astimezone(DUBLIN).date(), progress)
        lines = checked.run.lines
        if again is None or len(again.rows) != len(lines):
            raise _not_whole(path)
        for field in again.fields:
            if not again.rows[field].equals(lines[field]):
                raise _not_whole(path, field)

    return Product(lambda path: write_annotated(checked, path, marks, words, progress), look, len(checked.run))


def _not_whole(path: Path, why: str = "") -> AppError:
    name = path.name.removeprefix(".").rpartition(".part")[0].rpartition(".")[0]
    return AppError(f"{name} was not written", f"it does not read back as it should {why}".strip(), "Try again")


def errors_of(bench: Workbench, run: RunTotals) -> int:
    """Errors that stand in the way of a run's contribution file."""
    return errors_in(bench.checked, lines_of(bench.checked, run))


def contributions_of(bench: Workbench, run: RunTotals) -> Contributions:
    """What is reported for a run.

    Raises:
        AppError: errors are open in it, or nothing is to be reported.
    """
    if errors := errors_of(bench, run):
        raise AppError(
            "The contribution file is not written while errors are open",
            f"there are {errors:,} in this run",
            "Put them right first",
        )
    file = contributions(bench.checked, run, bench.prepared.register.current, bench.prepared.sent)
    if not len(file.lines):
        raise AppError("There is no contribution to report in this run", "", "Nothing has to be submitted for it")
    return file


def contribution_json(file: Contributions, profile: Path | None) -> Product:
    """The contribution file."""
    from autoenroll_desktop.reports.contribution_file import Profile, as_json

    text = as_json(file, Profile.load(profile or default_profile()))

    def look(path: Path) -> None:
        again = path.read_bytes()
        if again != text.encode() or json.loads(again) != json.loads(text):
            raise _not_whole(path)

    used = (*file.fingerprints(), file.submission_id)
    return Product(lambda path: _put(path, text.encode()), look, len(file.lines), *used)


def contribution_table(file: Contributions, profile: Path | None) -> Product:
    """The same as a table."""
    from autoenroll_desktop.reports.contribution_file import Profile, as_table

    return _table(as_table(file, Profile.load(profile or default_profile())), file, 0)


def keying_sheet(file: Contributions, words: Words) -> Product:
    """The sheet for the portal."""
    from autoenroll_desktop.reports.keying_sheet import keying_sheet as sheet

    return _table(sheet(file, words), file, 1)


def _table(content: bytes, file: Contributions, totals: int) -> Product:
    """A table whose rows are the file's lines; its amounts have to add up to the file's totals."""

    def look(path: Path) -> None:
        rows = rows_of(path.read_bytes())[1:]
        body = rows[: len(rows) - totals]
        wanted = {plain(file.total(name)) for name in ("gross_pay", "employee", "employer")}
        sums = {plain(sum(_cents(row[column]) for row in body)) for column in range(len(body[0]))} if body else set()
        if len(body) != len(file.lines) or not wanted <= sums:
            raise _not_whole(path)

    if totals:
        return Product(lambda path: _put(path, content), look, len(file.lines))
    return Product(lambda path: _put(path, content), look, len(file.lines), *file.fingerprints(), file.submission_id)


def _cents(text: str) -> int:
    whole, _, part = text.lstrip("-").partition(".")
    if not (whole.isdigit() and part.isdigit() and len(part) == 2):
        return 0
    return (int(whole) * 100 + int(part)) * (-1 if text.startswith("-") else 1)


def aepn_changes(bench: Workbench, words: Words) -> Product:
    """The change list for payroll."""
    from autoenroll_desktop.reports.aepn_changes import aepn_changes as changes

    register = understood(bench.prepared, bench.history).register
    content = changes(bench.checked, register.current, register.previous, words)
    return _bytes(content, len(rows_of(content)) - 1)


def control_report(bench: Workbench, words: Words) -> Product:
    """The control report."""
    from autoenroll_desktop.reports.control_report import control_report as report

    checked = bench.checked
    edited: dict[str, int] = {}
    files = bench.prepared.gathered.run["file"].to_numpy(np.int64)
    for change in bench.stepped.edits:
        for file in files[change.lines].tolist():
            name = checked.files[file].name
            edited[name] = edited.get(name, 0) + 1
    text = report(checked, bench.prepared.register.downloaded_at, edited, words)
    return _bytes(text.encode("utf-8-sig"), len(checked.run))


def pdf_report(bench: Workbench, words: Words, progress: Progress) -> Product:
    """The PDF report."""
    from autoenroll_desktop.actions.export_report import produce_report, verify_report

    produce = partial(produce_report, bench.checked, words=words, progress=progress)
    return Product(produce, verify_report, len(bench.checked.run))


def _bytes(content: bytes, lines: int) -> Product:
    digest = hashlib.sha256(content).digest()

    def look(path: Path) -> None:
        if hashlib.sha256(path.read_bytes()).digest() != digest:
            raise _not_whole(path)

    return Product(lambda path: _put(path, content), look, lines)


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def default_profile() -> Path:
    """Our own format's profile."""
    return paths.resources() / "profiles" / "autoenroll-1.toml"
