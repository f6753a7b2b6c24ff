"""One file to one table of text, whatever its format."""

from pathlib import Path

from autoenroll_desktop.domain.progress import SILENT, Progress
from autoenroll_desktop.errors import FileTooLarge
from autoenroll_desktop.intake.csv_reader import read_csv
from autoenroll_desktop.intake.json_reader import read_json
from autoenroll_desktop.intake.psr_xml import read_psr_xml
from autoenroll_desktop.intake.source import Limits, open_source
from autoenroll_desktop.intake.table import Table
from autoenroll_desktop.intake.xlsx_reader import read_xlsx

READERS = {"text": read_csv, "xlsx": read_xlsx, "json": read_json, "xml": read_psr_xml}
DEFAULT = Limits()


def read_table(path: Path, *, limits: Limits = DEFAULT, progress: Progress = SILENT) -> Table:
    """Read a file as columns of text, recognised by its content.

    Raises:
        UnreadableFile, EmptyFile, FileTooLarge: with the place that fails where the format gives one.
        Cancelled: the person pressed Cancel.
    """
    source = open_source(path, limits, progress)
    table = READERS[source.form](source, limits, progress)
    if len(table.rows) > limits.lines:
        raise FileTooLarge(
            f"{path.name} holds too many lines",
            f"{len(table.rows):,} lines; up to {limits.lines:,} can be checked",
            "Export one pay run at a time",
        )
    return table
