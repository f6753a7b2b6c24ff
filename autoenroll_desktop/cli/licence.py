"""The verb `autoenroll licence`: what this PC's licence allows, and bringing one in without the window."""

import argparse
import datetime as dt
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from autoenroll_desktop import __version__, paths
from autoenroll_desktop.cli.arguments import Verbs, moment, verb, words_in
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError

if TYPE_CHECKING:
    from autoenroll_desktop.actions.licence import Home
    from autoenroll_desktop.actions.licence_gate import LicenceGate
    from autoenroll_desktop.domain.checked_run import CheckedRun
    from autoenroll_desktop.licensing.standing import Standing

_LONGEST = 65_536


def add_licence(verbs: Verbs) -> None:
    """Add the verb."""
    licence = verb(verbs, "licence", _status, "what this PC's licence allows; activate one; ask for one")
    licence.add_argument("--lang", choices=("en", "ga"), default="")
    licence.set_defaults(format="text", moment=None)
    parts = licence.add_subparsers(metavar="status | activate | request")

    status = parts.add_parser("status", help="what the licence is and until when it holds")
    status.set_defaults(command=_status)
    status.add_argument("--format", choices=("text", "json"), default="text")
    status.add_argument("--on", dest="moment", type=moment, metavar="ISO-DATETIME", help="how it would stand then")

    activate = parts.add_parser("activate", help="take a licence file (- reads it from standard input)")
    activate.set_defaults(command=_activate)
    activate.add_argument("file", type=Path, metavar="FILE")

    request = parts.add_parser("request", help="ask for a licence file for a PC without a network")
    request.set_defaults(command=_request)
    request.add_argument("--out", type=Path, metavar="FILE", help="write the request here instead of printing it")
    request.add_argument("--qr", type=Path, metavar="FILE.svg", help="draw it as a QR code for a phone's camera")
    for one in (status, activate, request):
        one.add_argument("--lang", choices=("en", "ga"), default=argparse.SUPPRESS)


def before_check(arguments: argparse.Namespace, words: Words) -> "Standing":
    """Refuse a new check where they have stopped; say on stderr what has to be said. Raises AppError."""
    from autoenroll_desktop.actions.licence import tell_standing

    standing = _gate(arguments).before(words)
    told = tell_standing(standing, words)
    if told.level != "quiet":
        print(told.lines[0], file=sys.stderr)
    return standing


def after_check(arguments: argparse.Namespace, standing: "Standing", checked: "CheckedRun", words: Words) -> None:
    """Say on stderr where a check went beyond what the licence holds."""
    for sentence in _gate(arguments).after(standing, checked, words):
        print(sentence, file=sys.stderr)


def _gate(arguments: argparse.Namespace) -> "LicenceGate":
    from autoenroll_desktop.actions.licence_gate import LicenceGate

    return LicenceGate(partial(home, writes=not arguments.no_store), arguments.clock)


def home(*, writes: bool = True) -> "Home":
    """Where the licence lives on this PC."""
    from autoenroll_desktop.actions.licence import Home

    return Home(paths.licence(), paths.licence_keys(), writes, paths.ordered_licence())


def _status(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.licence import look, tell_standing

    standing = look(home(writes=arguments.moment is None), arguments.moment or arguments.clock())
    words = words_in(arguments.lang)
    told = tell_standing(standing, words)
    if arguments.format == "json":
        print(_as_json(standing, told.lines[0]))
    else:
        print("\n".join((told.headline, *(f"  {line}" for line in told.lines))))
    return 0 if standing.may_check else 1


def _as_json(standing: "Standing", says: str) -> str:
    licence = standing.licence
    told: dict[str, object] = {
        "format": "autoenroll-licence-status",
        "version": 1,
        "state": standing.state,
        "cause": standing.cause or None,
        "may_check": standing.may_check,
        "until": _iso(standing.until),
        "checks_until": _iso(standing.checks_until),
        "days_left": standing.days_left,
        "clock": standing.clock,
        "says": says,
        "licence": None,
    }
    if licence is not None:
        told["licence"] = {
            "office": licence.office,
            "holder": licence.holder or None,
            "plan": licence.plan,
            "seats": licence.seats,
            "clients": licence.clients,
            "employees": licence.employees,
            "features": list(licence.features),
            "serial": licence.serial,
            "issued_at": _iso(licence.issued_at),
            "valid_until": _iso(licence.valid_until),
            "snapshot_until": _iso(licence.snapshot_until),
            "ended": licence.ended or None,
        }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _activate(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.licence import activate, tell_standing

    try:
        if str(arguments.file) == "-":
            content = sys.stdin.buffer.read(_LONGEST)
        else:
            with arguments.file.open("rb") as file:
                content = file.read(_LONGEST)
    except OSError as error:
        raise AppError(f"{arguments.file} cannot be read", error.strerror or "", "Choose the licence file") from error
    words = words_in(arguments.lang)
    told = tell_standing(activate(home(), content, arguments.clock(), words), words)
    print("\n".join((told.headline, *(f"  {line}" for line in told.lines))))
    return 0


def _request(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.draw_request import draw_request
    from autoenroll_desktop.actions.licence import request

    words = words_in(arguments.lang)
    text = request(home(), arguments.clock(), __version__)
    if arguments.out is None and arguments.qr is None:
        print(text)
    if arguments.out is not None:
        _write(arguments.out, text + "\n")
        print(words.say("licence-request.written", path=arguments.out))
    if arguments.qr is not None:
        _write(arguments.qr, draw_request(text))
        print(words.say("licence-request.drawn", path=arguments.qr))
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AppError(f"{path} cannot be written", error.strerror or "", "Choose another place") from error
