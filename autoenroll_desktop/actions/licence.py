"""What this PC's licence allows, and bringing a new one in. No view: the window and the terminal ask the same way.

standing = look(home, now)          where we stand; the first look starts the trial by itself
start_check(home, now, words)       the same, refusing where new checks have stopped
told = tell_standing(standing, words)   what to say about it on the Office page and in the status bar
activate(home, content, now, words)     take a licence file or a token from the service
ordered_refused(home, now, words)       why the licence file an administrator named was not taken, "" where it was
request(home, now, app)             the text with which a PC without a network asks for one
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.licensing import clock, kept
from autoenroll_desktop.licensing.keys import load_keys
from autoenroll_desktop.licensing.standing import Standing, State, licence_standing, trial_standing
from server_sync.contract.licence import Checked, Licence, Outcome, check_token
from server_sync.contract.licence_file import LONGEST_FILE, LicenceRequest, read_file, write_request

__all__ = [
    "CheckStopped", "Home", "LicenceRefused", "Size", "Standing", "Told", "activate", "look", "ordered_refused",
    "over_limits", "plan_name", "request", "start_check", "tell_standing", "use",
]  # fmt: skip
DUBLIN = ZoneInfo("Europe/Dublin")
YEAR = dt.timedelta(days=365)


class CheckStopped(AppError):
    """New checks have stopped; everything checked before can be read, reopened and exported."""


class LicenceRefused(AppError):
    """A licence that was not taken. `outcome` says why; the one in use stays."""

    def __init__(self, outcome: Outcome, words: Words) -> None:
        refused = (words.say(f"licence-refused.{outcome}-{part}") for part in ("title", "why", "action"))
        super().__init__(*refused)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Home:
    """Where the licence lives.

    Attributes:
        kept: the file of what is remembered. keys: the file of public keys.
        writes: False where nothing may be remembered (`--no-store`).
        ordered: the licence file an administrator named by the policy licence-file; a newer one is taken.
    """

    kept: Path
    keys: Path
    writes: bool = True
    ordered: Path | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What to say.

    Attributes:
        bar: one short line for the status bar. headline, lines: for the Office page.
        level: "quiet", "amber" or "stop", for the colour and the icon beside the words.
    """

    bar: str
    headline: str
    lines: tuple[str, ...]
    level: str


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a licence a pay run uses: employers of the last year, employees in this run."""

    clients: int
    employees: int


def look(home: Home, now: dt.datetime) -> Standing:
    """Where this PC stands. The first look starts the trial; a data folder that cannot be written to stops nobody.

    Raises:
        AppError: the public keys are missing from the installation.
    """
    known = kept.load(home.kept) or kept.begin(now)
    known = _with_ordered(home, known, now)
    checked = _check(home, known, known.token.encode(), now) if known.token else Checked(Outcome.NOT_A_LICENCE)
    usable = checked.licence if checked.outcome in (Outcome.GOOD, Outcome.EXPIRED) else None
    moment, after, noticed = clock.tell(known, now, usable.issued_at if usable else None)
    if home.writes:
        _remember(home.kept, after)
    standing = licence_standing(usable, moment) if usable else trial_standing(after.first_start, moment)
    return replace(standing, clock=noticed)


def start_check(home: Home, now: dt.datetime, words: Words) -> Standing:
    """Where this PC stands, when a new check may start.

    Raises:
        CheckStopped: it may not.
    """
    standing = look(home, now)
    if not standing.may_check:
        raise CheckStopped(
            *(words.say(f"licence-stopped.{standing.cause}-{part}") for part in ("title", "why", "action"))
        )
    return standing


def activate(home: Home, content: bytes, now: dt.datetime, words: Words, *, from_service: bool = False) -> Standing:
    """Take a licence: the content of a licence file, a pasted token, or what the service answered.

    The same licence again is no mistake. One in use is never lost to an older copy, nor to a file that has run out;
    what the service says now is taken even so, for it is how things stand.

    Raises:
        LicenceRefused: it was not taken, with its outcome. AppError: it cannot be remembered.
    """
    known = kept.load(home.kept) or kept.begin(now)
    token = read_file(content)
    checked = _check(home, known, token, now)
    taken = (Outcome.GOOD, Outcome.EXPIRED) if from_service else (Outcome.GOOD,)
    if checked.licence is None or checked.outcome not in taken:
        raise LicenceRefused(checked.outcome, words)
    kept.keep(home.kept, _holding(known, token, checked.licence, now))
    return look(home, now)


def ordered_refused(home: Home, now: dt.datetime, words: Words) -> str:
    """Why the licence file an administrator named is not the one in use; "" where it is, or where none was named."""
    if home.ordered is None:
        return ""
    try:
        content = _content(home.ordered)
    except OSError as error:
        return words.say("licence-ordered.unreadable", path=home.ordered, why=error.strerror or "")
    known = kept.load(home.kept) or kept.begin(now)
    token = read_file(content)
    outcome = Outcome.GOOD if token == known.token.encode() else _check(home, known, token, now).outcome
    if outcome in (Outcome.GOOD, Outcome.ROLLED_BACK):
        return ""
    refused = LicenceRefused(outcome, words)
    return words.say("licence-ordered.refused", path=home.ordered, why=str(refused))


def request(home: Home, now: dt.datetime, app: str) -> str:
    """The text with which this PC asks for a licence. `app` is the program's version.

    Raises:
        AppError: the PC's id cannot be remembered, so an answer would fit nothing.
    """
    known = kept.keep(home.kept, kept.load(home.kept) or kept.begin(now))
    made_at = now.astimezone(dt.UTC).replace(microsecond=0)
    return write_request(LicenceRequest(device=known.device, office=known.office, made_at=made_at, app=app))


def tell_standing(standing: Standing, words: Words) -> Told:
    """What to say about where this PC stands."""
    facts = {
        "until": _day(standing.until),
        "stop": _day(standing.checks_until),
        "days": standing.days_left,
        "plan": plan_name(standing, words),
    }
    key = f"{standing.state}-{standing.cause}" if standing.cause else str(standing.state)
    lines = [words.say(f"licence-page.{key}", **facts)]
    if standing.licence is not None:
        lines += _bought(standing, words)
    if standing.clock is not clock.Clock.FINE:
        lines.append(words.say(f"licence-clock.{standing.clock}"))
    level = {State.READ_ONLY: "stop", State.AMBER: "amber", State.ENDING: "amber"}.get(standing.state, "quiet")
    return Told(
        words.say(f"licence-bar.{key}", **facts), words.say(f"licence-state.{standing.state}"), tuple(lines), level
    )


def plan_name(standing: Standing, words: Words) -> str:
    """The plan in words; its code where this release has no words for it."""
    code = standing.licence.plan if standing.licence else "trial"
    try:
        return words.say(f"licence-plan.{code}")
    except KeyError:
        return code


def use(home: Home, employers: Iterable[str], employees: int, now: dt.datetime) -> Size:
    """Note which employers were checked, and say how much of a licence is used.

    Only short marks of the employers are kept; none can be turned back into a number.
    """
    known = kept.load(home.kept) or kept.begin(now)
    today = now.astimezone(DUBLIN).date()
    marks = {kept.client_mark(known, employer): today for employer in employers}
    clients = {mark: day for mark, day in (known.clients | marks).items() if day > today - YEAR}
    if home.writes and clients != known.clients:
        _remember(home.kept, msgspec.structs.replace(known, clients=clients))
    return Size(len(clients), employees)


def over_limits(standing: Standing, size: Size, words: Words) -> tuple[str, ...]:
    """A sentence for each limit of the licence this use goes beyond. Nothing is stopped for it on a pay day."""
    licence = standing.licence
    if licence is None:
        return ()
    limits = (("clients", licence.clients, size.clients), ("employees", licence.employees, size.employees))
    return tuple(
        words.say(f"licence-over.{name}", limit=limit, used=used, plan=plan_name(standing, words))
        for name, limit, used in limits
        if limit is not None and used > limit
    )


def _bought(standing: Standing, words: Words) -> list[str]:
    licence = standing.licence
    assert licence is not None
    lines = [words.say("licence-page.seats", seats=licence.seats)]
    for name, limit in (("clients", licence.clients), ("employees", licence.employees)):
        lines.append(
            words.say(f"licence-page.{name}" if limit is not None else f"licence-page.{name}-any", limit=limit)
        )
    lines.append(words.say("licence-page.paid", until=_day(licence.valid_until)))
    lines.append(words.say("licence-page.snapshot", until=_day(licence.snapshot_until)))
    if licence.holder:
        lines.append(words.say("licence-page.holder", holder=licence.holder))
    lines.append(words.say("licence-page.serial", serial=licence.serial, office=licence.office))
    return lines


def _with_ordered(home: Home, known: kept.Kept, now: dt.datetime) -> kept.Kept:
    """What is known, with the licence of the file an administrator named where that is newer; see `ordered_refused`."""
    if home.ordered is None:
        return known
    try:
        token = read_file(_content(home.ordered))
    except OSError:
        return known
    if token == known.token.encode():
        return known
    checked = _check(home, known, token, now)
    if checked.outcome is not Outcome.GOOD or checked.licence is None or checked.licence.serial <= known.last_serial:
        return known
    return _holding(known, token, checked.licence, now)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST_FILE)


def _holding(known: kept.Kept, token: bytes, licence: Licence, now: dt.datetime) -> kept.Kept:
    """What there is to remember of a licence that is taken."""
    if licence.serial > known.last_serial:
        known = clock.settle(known, now, licence.issued_at)
    return msgspec.structs.replace(known, token=token.decode(), office=licence.office, last_serial=licence.serial)


def _check(home: Home, known: kept.Kept, token: bytes, now: dt.datetime) -> Checked:
    keys = load_keys(home.keys)
    return check_token(token, keys, now, known.last_serial, office=known.office, device=known.device)


def _remember(path: Path, known: kept.Kept) -> None:
    try:
        kept.keep(path, known)
    except AppError:
        return  # a full disk or a read-only folder is no reason to stop a pay run


def _day(moment: dt.datetime | None) -> dt.date | None:
    return None if moment is None else moment.astimezone(DUBLIN).date()
