"""One file to one table of text, whatever its format."""

from collections.abc import Callable
from pathlib import Path

from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.errors import FileTooLarge, UnreadableFile
from autoenroll_desktop.intake.choices import Choices
from autoenroll_desktop.intake.csv_reader import read_csv
from autoenroll_desktop.intake.html_reader import read_html
from autoenroll_desktop.intake.json_reader import read_json
from autoenroll_desktop.intake.limits import Limits
from autoenroll_desktop.intake.source import Source, open_source
from autoenroll_desktop.intake.table import Table
from autoenroll_desktop.intake.workbook_reader import read_workbook
from autoenroll_desktop.intake.xml_reader import read_xml

Reader = Callable[[Source, Limits, Progress, Choices], Table]
READERS: dict[str, Reader] = {
    "text": read_csv,
    "xlsx": read_workbook,
    "xls": read_workbook,
    "ods": read_workbook,
    "html": read_html,
    "json": read_json,
    "xml": read_xml,
}
LIMITS = Limits()
NONE = Choices()


def read_table(
    path: Path,
    choices: Choices = NONE,
    *,
    held: bytes | None = None,
    limits: Limits = LIMITS,
    progress: Progress = SILENT,
) -> Table:
    """Read a file as columns of text, recognised by its content.

    Args:
        path: a file, or a file inside a ZIP archive as if that were a folder.
        choices: what a person decided about it (sheet, heading row).
        held: its content where it is on no disk, as pasted text is; `path` then is its name.

    Raises:
        UnreadableFile, EmptyFile, FileTooLarge, ForeignFile: with the place that fails where the format gives one.
        Cancelled: the person pressed Cancel.
    """
    source = open_source(path, limits, progress, held)
    if source.form == "zip":
        raise UnreadableFile(f"{path.name} is an archive inside an archive", "", "Unpack it and choose the files in it")
    table = READERS[source.form](source, limits, progress, choices)
    if len(table.rows) > limits.lines:
        raise FileTooLarge(
            f"{path.name} holds too many lines",
            f"{len(table.rows):,} lines; up to {limits.lines:,} can be checked",
            "Export one pay run at a time",
        )
    return table
