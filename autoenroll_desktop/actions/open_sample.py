"""The bundled sample employer, for the first minutes with the program."""

import datetime as dt
import tomllib

from autoenroll_desktop import paths
from autoenroll_desktop.actions.check_pay_run import Given


def sample() -> tuple[Given, dt.datetime]:
    """The sample's files, and the moment its clock stands at (the afternoon of a pay day)."""
    folder = paths.resources() / "sample"
    about = tomllib.loads((folder / "sample.toml").read_text(encoding="utf-8"))
    pay, aepn, previous = (tuple(folder / name for name in about[role]) for role in ("pay", "aepn", "previous"))
    return Given(pay=pay, aepn=aepn, previous=previous), dt.datetime.fromisoformat(about["clock"])
