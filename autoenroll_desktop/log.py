"""One log for the whole program, in which nobody can be found.

What is written is decided by type, not by searching text for secrets: a number or a short code may pass, any other
text may not. Records of other libraries lose their text altogether (a database driver quotes rows, an HTTP library
addresses) and keep their logger, level and place in the code. So a PPSN, a name or an amount cannot come in by
somebody's careless line; the rejected alternative, masking by patterns, misses every name.
"""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

OURS = "autoenroll"
_CODE = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*|[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}")
_PPSN = re.compile(r"[0-9]{7}[a-z]{1,2}", re.IGNORECASE)
_LOG_BYTES, _LOGS_KEPT = 500_000, 3


def set_up(folder: Path, level: int = logging.INFO) -> logging.Handler | None:
    """Write the log to `folder/autoenroll.log`, a few old ones kept; None (and no log) where that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "autoenroll.log", maxBytes=_LOG_BYTES, backupCount=_LOGS_KEPT, encoding="utf-8", delay=False
        )
    except OSError:
        return None
    handler.setFormatter(Guarded())
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger(OURS).setLevel(level)
    return handler


def note(event: str, **facts: object) -> None:
    """Write that something happened: a code in our words and facts that are numbers or codes.

    `note("checked", lines=214, verdict="ready")`. Any other fact is written as "…".
    """
    logging.getLogger(OURS).info(event, extra={"facts": facts})


def note_mistake(error: BaseException) -> None:
    """Write that we made a mistake: its kind and where it happened; never its text."""
    logging.getLogger(OURS).error("mistake", exc_info=error)


class Guarded(logging.Formatter):
    """Writes one line a record: when, how grave, what, and only facts that cannot be about a person."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03d"

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record)} {record.levelname.lower()} {passes(record.name.lower())}"
        if record.name == OURS:
            facts = getattr(record, "facts", {})
            line += f" {passes(str(record.msg))}"
            line += "".join(f" {passes(key)}={passes(value)}" for key, value in facts.items())
        else:
            line += f" at {passes(Path(record.pathname).stem.lower())}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            line += " " + where(record.exc_info[1])
        return line


def passes(value: object) -> str:
    """A fact as it may stand in the log: numbers under a million and codes pass, everything else is "…"."""
    match value:
        case bool() | None:
            return str(value).lower()
        case int() if abs(value) < 1_000_000:
            return str(value)
        case str() if len(value) <= 60 and _CODE.fullmatch(value) and not _PPSN.search(value):
            return value
    return "…"


def where(error: BaseException) -> str:
    """The kind of an error and the places it passed through, innermost last; without its text."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " ".join([type(error).__name__, *places[-12:]])
