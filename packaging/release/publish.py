"""Publishing: add a build, sign it, offer it to a channel. Each step is one command.

    publish.py add REPOSITORY MADE_FOLDER                      list the files make_update.py made (then: ceremony.py sign)
    publish.py offer REPOSITORY --channel pilot --version 0.2.0 --percent 10 --notes-en FILE --notes-ga FILE --key KEYFILE
    publish.py publish REPOSITORY --snapshot KEYFILE --timestamp KEYFILE        from now on clients see it
    publish.py status REPOSITORY

Pause, go on, promote, withdraw: `offer` again, with --paused, a larger --percent, --channel stable, or --withdrawn.
"""

import argparse
import datetime as dt
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import msgspec
from release_keys import ask_person, open_key
from tuf.api.metadata import Metadata, Targets

from server_sync.contract.release import CHANNELS, Offer, numbers, offer_target
from server_sync.errors import ServiceError
from server_sync.releases.repository import ReleaseRepository


def main(argv: list[str] | None = None) -> int:
    """Do one step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    add = steps.add_parser("add")
    add.add_argument("repository", type=Path)
    add.add_argument("made", type=Path, metavar="MADE_FOLDER")
    offer = steps.add_parser("offer")
    offer.add_argument("repository", type=Path)
    offer.add_argument("--channel", required=True, choices=CHANNELS)
    offer.add_argument("--version", required=True)
    offer.add_argument("--percent", type=int, default=100)
    offer.add_argument("--paused", action="store_true")
    offer.add_argument("--minimum", default="0.0.0", help="older versions are told that they must update")
    offer.add_argument("--withdrawn", nargs="*", default=[], metavar="VERSION")
    offer.add_argument("--notes-en", type=Path, required=True)
    offer.add_argument("--notes-ga", type=Path, required=True)
    offer.add_argument("--key", required=True, type=Path, help="the channels key")
    publish = steps.add_parser("publish")
    publish.add_argument("repository", type=Path)
    publish.add_argument("--snapshot", required=True, type=Path)
    publish.add_argument("--timestamp", required=True, type=Path)
    steps.add_parser("status").add_argument("repository", type=Path)
    arguments = parser.parse_args(argv)
    now = dt.datetime.now(dt.UTC)
    try:
        _do(arguments, now)
    except ServiceError as error:
        raise SystemExit(str(error)) from error
    return 0


def _do(arguments: argparse.Namespace, now: dt.datetime) -> None:
    repository = ReleaseRepository(arguments.repository)
    match arguments.step:
        case "add":
            files = {
                path.relative_to(arguments.made).as_posix(): path
                for path in arguments.made.rglob("*")
                if path.is_file()
            }
            print(f"To be signed: {repository.add_targets(files, now)}")
        case "offer":
            offered = checked_offer(arguments)
            if not published(repository, offered.version):
                raise SystemExit(f"No build of {offered.version} is in the repository")
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "offer.json"
                path.write_bytes(msgspec.json.encode(offered))
                repository.offer({offer_target(offered.channel): path}, open_key(arguments.key, ask_person), now)
            print(f"{offered.channel}: {offered.version} to {offered.percent} %{' (paused)' if offered.paused else ''}")
        case "publish":
            snapshot, timestamp = (open_key(path, ask_person) for path in (arguments.snapshot, arguments.timestamp))
            repository.publish(snapshot, timestamp, now)
            print("Published.")
        case "status":
            print(status(repository, now))


def checked_offer(arguments: argparse.Namespace) -> Offer:
    """The offer asked for. Raises SystemExit where it makes no sense."""
    try:
        notes = {
            "en": arguments.notes_en.read_text(encoding="utf-8"),
            "ga": arguments.notes_ga.read_text(encoding="utf-8"),
        }
        made = Offer(
            channel=arguments.channel,
            version=arguments.version,
            percent=arguments.percent,
            paused=arguments.paused,
            minimum=arguments.minimum,
            withdrawn=tuple(arguments.withdrawn),
            notes={language: text.strip() for language, text in notes.items()},
        )
        made = msgspec.json.decode(msgspec.json.encode(made), type=Offer)
    except (OSError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise SystemExit(f"This cannot be offered: {error}") from error
    if numbers(made.minimum) > numbers(made.version):
        raise SystemExit("The minimum is newer than what is offered")
    return made


def published(repository: ReleaseRepository, version: str) -> bool:
    """Whether a build of this version is listed."""
    return any(place.startswith(f"releases/{version}/") for place in listed(repository, "targets").signed.targets)


def listed(repository: ReleaseRepository, role: str) -> "Metadata[Targets]":
    """The newest metadata of a role."""
    newest = max(repository.metadata.glob(f"*.{role}.json"), key=lambda path: int(path.name.partition(".")[0]))
    return Metadata.from_file(str(newest))


def status(repository: ReleaseRepository, now: dt.datetime) -> str:
    """What is published, what is missing, and when each signature runs out."""
    lines = [f"listed   {place}" for place in sorted(listed(repository, "targets").signed.targets)]
    for channel, target in sorted(listed(repository, "channels").signed.targets.items()):
        stored = repository.folder / "targets" / "channels" / f"{target.hashes['sha256']}.{channel.rpartition('/')[2]}"
        offered = msgspec.json.decode(stored.read_bytes(), type=Offer)
        held = " (paused)" if offered.paused else ""
        lines.append(f"offered  {offered.channel}: {offered.version} to {offered.percent} %{held}")
    ends = {role: listed(repository, role).signed.expires for role in ("root", "targets", "channels", "snapshot")}
    ends["timestamp"] = Metadata.from_file(str(repository.metadata / "timestamp.json")).signed.expires
    lines += [f"expires  {role}: in {(end - now).days} days" for role, end in ends.items()]
    return "\n".join(lines + [f"missing  {entry}" for entry in repository.missing()])


if __name__ == "__main__":
    sys.exit(main())
