"""Writes the PDF report, whole or not at all."""

import os
from functools import partial
from pathlib import Path

from autoenroll_desktop import paths
from autoenroll_desktop.actions.whole_file import write_whole
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import refuse_plain_export
from autoenroll_desktop.policy.sources import in_force


def export_report(
    checked: CheckedRun,
    path: Path,
    *,
    words: Words,
    show_ppsn: bool = False,
    replace: bool = True,
    progress: Progress = SILENT,
) -> Path:
    """Write the report to `path` and return it.

    It is written under a temporary name in the same folder, looked at, and then renamed, so that a half-written report
    never stands under the wanted name.

    Raises:
        AppError: `path` is one of the checked files or cannot be written, or a policy forbids PPSNs in full.
        Cancelled: the person pressed Cancel.
    """
    refuse_plain_export(in_force().policies, show_ppsn=show_ppsn)
    produce = partial(produce_report, checked, words=words, show_ppsn=show_ppsn, progress=progress)
    inputs = [file.path for file in checked.files]
    return write_whole(path, produce, verify_report, inputs=inputs, replace=replace)


def produce_report(
    checked: CheckedRun, path: Path, *, words: Words, show_ppsn: bool = False, progress: Progress = SILENT
) -> None:
    """Write the report's bytes to `path`."""
    from autoenroll_desktop.reports.pdf import write_pdf

    write_pdf(checked, path, words=words, fonts=paths.resources() / "fonts", show_ppsn=show_ppsn, progress=progress)


def verify_report(path: Path) -> None:
    """Raise AppError where the report is not whole."""
    with path.open("rb") as written:
        start = written.read(5)
        written.seek(-8, os.SEEK_END)
        if start != b"%PDF-" or b"%%EOF" not in written.read():
            raise AppError("The report was not written whole", "the disk may be full", "Choose another folder")
