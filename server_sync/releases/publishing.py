"""What an operator does with releases: take in what was signed offline, offer it, hold it back, take it back.

Every change of an offer is signed by the service's own keys and published at once; a client that asks meanwhile gets
the state before or the state after, never a mixture, for the timestamp is written last.
"""

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from securesystemslib.exceptions import StorageError
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Targets, Timestamp

from server_sync.contract.release import CHANNELS, Offer, numbers, offer_target
from server_sync.errors import ServiceError
from server_sync.releases.keys import signer, there
from server_sync.releases.repository import ReleaseRepository

FRESH = dt.timedelta(days=4)
"""The timestamp is signed again once it has less than this left; it lasts seven days."""


@dataclass(frozen=True)
class Releases:
    """The release repository of one service: the folder it serves, and where its keys are."""

    folder: Path
    keys: Path

    def take_in(self, made: Path, now: dt.datetime) -> list[str]:
        """Copy what is new in a repository folder that was signed offline; the versions it lists come back.

        Nothing is published by this. Raises ServiceError: a signature is missing, or its root is not the one here.
        """
        incoming = ReleaseRepository(made)
        if missing := incoming.missing():
            raise ServiceError(f"Not taken in: {', '.join(missing)}", "Sign what is missing with ceremony.py")
        first = self.folder / "metadata" / "1.root.json"
        if first.exists() and first.read_bytes() != (made / "metadata" / "1.root.json").read_bytes():
            raise ServiceError("That repository has another root", "Programs in the field would refuse it")
        for path in sorted((made / "targets").rglob("*")):
            if path.is_file():
                _copy(path, self.folder / "targets" / path.relative_to(made / "targets"))
        for pattern in ("*.root.json", "*.targets.json"):
            for path in sorted((made / "metadata").glob(pattern)):
                _copy(path, self.folder / "metadata" / path.name)
        for name in ("1.channels.json", "1.snapshot.json", "timestamp.json"):
            if not (self.folder / "metadata" / name).exists():
                _copy(made / "metadata" / name, self.folder / "metadata" / name)
        self._publish(now)
        return versions(self._role("targets"))

    def offer(self, made: Offer, now: dt.datetime) -> None:
        """Offer a version to a channel from now on. Raises ServiceError where that makes no sense."""
        try:
            msgspec.json.decode(msgspec.json.encode(made), type=Offer)
        except msgspec.ValidationError as error:
            raise ServiceError(f"This cannot be offered: {error}") from error
        if made.channel not in CHANNELS:
            raise ServiceError(f"There is no channel {made.channel}", f"The channels are {' and '.join(CHANNELS)}")
        if made.version not in versions(self._role("targets")):
            raise ServiceError(f"No build of {made.version} was taken in")
        if numbers(made.minimum) > numbers(made.version):
            raise ServiceError("The minimum is newer than what is offered")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "offer.json"
            path.write_bytes(msgspec.json.encode(made))
            ReleaseRepository(self.folder).offer({offer_target(made.channel): path}, signer(self.keys, "channels"), now)
        self._publish(now)

    def offers(self) -> Mapping[str, Offer]:
        """What each channel offers now."""
        found = {}
        for place, target in self._role("channels").targets.items():
            name = f"{target.hashes['sha256']}.{place.rpartition('/')[2]}"
            data = (self.folder / "targets" / "channels" / name).read_bytes()
            offered = msgspec.json.decode(data, type=Offer)
            found[offered.channel] = offered
        return found

    def change(self, channel: str, now: dt.datetime, **changes: object) -> Offer:
        """Change what a channel offers. Raises ServiceError where it offers nothing yet."""
        offered = self.offers().get(channel)
        if offered is None:
            raise ServiceError(f"The channel {channel} offers nothing yet", "Publish or promote a version first")
        changed = msgspec.structs.replace(offered, **changes)
        self.offer(changed, now)
        return changed

    def refresh(self, now: dt.datetime) -> bool:
        """Sign the timestamp again where it runs out soon; whether that was needed. Nothing to do without keys."""
        path = self.folder / "metadata" / "timestamp.json"
        if not path.exists() or not there(self.keys):
            return False
        clock: Metadata[Timestamp] = _read(path)
        if clock.signed.expires - now > FRESH:
            return False
        self._publish(now)
        return True

    def _publish(self, now: dt.datetime) -> None:
        ReleaseRepository(self.folder).publish(signer(self.keys, "snapshot"), signer(self.keys, "timestamp"), now)

    def _role(self, role: str) -> Targets:
        found = self.folder.glob(f"metadata/*.{role}.json")
        newest = max(found, key=lambda path: int(path.name.partition(".")[0]), default=None)
        if newest is None:
            raise ServiceError("No release was taken in yet", "Run: autoenroll-server admin release publish FOLDER")
        metadata: Metadata[Targets] = _read(newest)
        return metadata.signed


def versions(listed: Targets) -> list[str]:
    """The versions of the builds a targets role lists, oldest first."""
    return sorted({place.split("/")[1] for place in listed.targets if place.startswith("releases/")}, key=numbers)


def _read(path: Path) -> Metadata[Any]:
    """A metadata file of ours. Raises ServiceError where it was spoilt."""
    try:
        return Metadata.from_file(str(path))
    except (RepositoryError, StorageError) as error:
        raise ServiceError(f"{path} cannot be read", "Put it back from a copy, or take the release in again") from error


def _copy(source: Path, target: Path) -> None:
    """Copy a file that never changes under its name; a half-made copy is never seen."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, new)
    new.replace(target)
