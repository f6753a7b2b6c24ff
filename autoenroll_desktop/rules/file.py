"""Rules about the files as a whole; what reading them brings up is declared in `catalogue`."""

import numpy as np

from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.rule import WARNING, Where, rule


@rule("duplicate-file", severity=WARNING, topic="file")
def duplicate_file(case: Case) -> Where | None:
    """Files given twice, told by their content (SHA-256), whatever their names."""
    first: dict[str, str] = {}
    files, names = [], []
    for at, file in enumerate(case.files):
        if file.sha256 and file.sha256 in first:
            files.append(at)
            names.append(first[file.sha256])
        elif file.sha256:
            first[file.sha256] = file.name
    if not files:
        return None
    return Where(files=files, rows=np.full(len(files), -1), facts={"name": names})
