"""`autoenroll-server admin release …`: the operator's words for releases."""

import argparse
import datetime as dt
from pathlib import Path

from server_sync.contract.release import Offer
from server_sync.errors import ServiceError
from server_sync.releases.keys import make_keys
from server_sync.releases.publishing import Releases, versions
from server_sync.settings import Settings


def releases_of(settings: Settings) -> Releases:
    """The releases of a service, in its data folder."""
    return Releases(settings.data / "releases", settings.data / "release-keys")


def act(words: argparse.Namespace, settings: Settings, now: dt.datetime) -> str:
    """Do what was asked; what to print. Raises ServiceError."""
    releases = releases_of(settings)
    match words.act:
        case "new-keys":
            return "\n".join(map(str, make_keys(releases.keys)))
        case "publish":
            newest = releases.take_in(words.folder, now)[-1:]
            if not newest:
                raise ServiceError("There is no build in that folder", "List it first with publish.py add")
            notes = {"en": _text(words.notes_en), "ga": _text(words.notes_ga)}
            return _offered(releases, words, newest[0], notes, now)
        case "promote":
            known = [one for one in releases.offers().values() if one.version == words.version]
            return _offered(releases, words, words.version, known[0].notes if known else {}, now)
        case "pause" | "resume":
            return _told(releases.change(words.channel, now, paused=words.act == "pause"))
        case "withdraw":
            return "\n".join(_withdraw(releases, words.version, now))
        case "refresh":
            return "Signed again." if releases.refresh(now) else "The signature holds long enough."
    return status(releases, now)


def status(releases: Releases, now: dt.datetime) -> str:
    """What was taken in, what is offered, and how long the signatures hold."""
    lines = [f"taken in {version}" for version in versions(releases._role("targets"))]  # noqa: SLF001 - of one piece
    lines += [f"offered  {_told(one)}" for one in releases.offers().values()]
    return "\n".join([*lines, *expiries(releases, now)])


def expiries(releases: Releases, now: dt.datetime) -> list[str]:
    """A line a role: how many days its signature still holds."""
    from tuf.api.metadata import Metadata

    paths = {"timestamp": releases.folder / "metadata" / "timestamp.json"}
    for role in ("snapshot", "channels", "targets", "root"):
        found = releases.folder.glob(f"metadata/*.{role}.json")
        paths[role] = max(found, key=lambda path: int(path.name.partition(".")[0]))
    days = {role: (Metadata.from_file(str(path)).signed.expires - now).days for role, path in paths.items()}
    return [f"holds    {role}: {left} days" for role, left in days.items()]


def _offered(
    releases: Releases, words: argparse.Namespace, version: str, notes: dict[str, str], now: dt.datetime
) -> str:
    before = releases.offers().get(words.channel)
    minimum = words.minimum or (before.minimum if before else "0.0.0")
    withdrawn = tuple(one for one in (before.withdrawn if before else ()) if one != version)
    made = Offer(
        channel=words.channel,
        version=version,
        percent=words.percent,
        minimum=minimum,
        withdrawn=withdrawn,
        notes=notes,
    )
    releases.offer(made, now)
    return _told(made)


def _withdraw(releases: Releases, version: str, now: dt.datetime) -> list[str]:
    there = versions(releases._role("targets"))  # noqa: SLF001 - of one piece
    if version not in there:
        raise ServiceError(f"No build of {version} was taken in")
    told = []
    for channel, offered in releases.offers().items():
        withdrawn = tuple(dict.fromkeys([*offered.withdrawn, version]))
        left = [one for one in there if one not in withdrawn]
        changes: dict[str, object] = {"withdrawn": withdrawn}
        if offered.version == version and left:
            changes |= {"version": left[-1], "percent": 100, "minimum": "0.0.0"}
        told.append(_told(releases.change(channel, now, **changes)))
    return told


def _told(offered: Offer) -> str:
    held = ", paused" if offered.paused else ""
    gone = f", withdrawn: {' '.join(offered.withdrawn)}" if offered.withdrawn else ""
    return f"{offered.channel}: {offered.version} to {offered.percent} %{held}{gone}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ServiceError(f"{path} cannot be read") from error
