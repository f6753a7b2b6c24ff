"""Rules about the files as a whole; what reading them brings up is declared in `catalogue`."""

from collections.abc import Iterator

import numpy as np

from autoenroll_desktop.domain.pay_run import Role
from autoenroll_desktop.rules.case import Case
from autoenroll_desktop.rules.rule import WARNING, Where, rule


@rule("duplicate-file", severity=WARNING, topic="file")
def duplicate_file(case: Case) -> Iterator[Where]:
    """Files given twice, or sent before, told by their content (SHA-256), whatever their names."""
    first: dict[str, str] = {}
    files, names = [], []
    for at, file in enumerate(case.files):
        if file.sha256 and file.sha256 in first:
            files.append(at)
            names.append(first[file.sha256])
        elif file.sha256:
            first[file.sha256] = file.name
    if files:
        yield Where(files=files, rows=np.full(len(files), -1), facts={"name": names})
    sent = [at for at, file in enumerate(case.files) if file.role is Role.PAY and file.sha256 in case.sent.files]
    if sent:
        days = [case.sent.files[case.files[at].sha256] for at in sent]
        yield Where(files=sent, rows=np.full(len(sent), -1), facts={"day": days}, cause="sent-before")
