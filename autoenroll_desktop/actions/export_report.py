"""Writes the PDF report, whole or not at all."""

import os
from pathlib import Path

from autoenroll_desktop import paths
from autoenroll_desktop.domain.checked_run import CheckedRun
from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import refuse_plain_export
from autoenroll_desktop.policy.sources import in_force


def export_report(
    checked: CheckedRun, path: Path, *, words: Words, show_ppsn: bool = False, progress: Progress = SILENT
) -> Path:
    """Write the report to `path` and return it.

    It is written under a temporary name in the same folder, looked at, and then renamed, so that a half-written report
    never stands under the wanted name.

    Raises:
        AppError: `path` is one of the checked files or cannot be written, or a policy forbids PPSNs in full.
        Cancelled: the person pressed Cancel.
    """
    if any(path.resolve() == Path(file.path).resolve() for file in checked.files):
        raise AppError(
            f"{path.name} is one of the files that were checked", "it is never changed", "Choose another name"
        )
    refuse_plain_export(in_force().policies, show_ppsn=show_ppsn)
    from autoenroll_desktop.reports.pdf import write_pdf

    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write_pdf(
            checked, unfinished, words=words, fonts=paths.resources() / "fonts", show_ppsn=show_ppsn, progress=progress
        )
        with unfinished.open("rb") as written:
            start = written.read(5)
            written.seek(-8, os.SEEK_END)
            if start != b"%PDF-" or b"%%EOF" not in written.read():
                raise AppError("The report was not written whole", "the disk may be full", "Choose another folder")
        unfinished.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise AppError(f"The report cannot be written to {path.parent}", reason, "Choose another folder") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path
