"""The release repository as files: metadata and targets, changed and signed role by role.

    metadata/  1.root.json … timestamp.json, N.snapshot.json, N.targets.json, N.channels.json
    targets/   releases/VERSION/HASH.PLATFORM.json, …/HASH.autoenroll-….tar.xz, channels/HASH.CHANNEL.json

Who signs what: `root` and `targets` (builds and their lists of files) are signed offline, each by two of three people;
`channels` (which build is offered to whom), `snapshot` and `timestamp` by the service, which can therefore hold back
or offer a build, and never make one.
"""

import datetime as dt
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from securesystemslib.signer import Signer, SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from server_sync.errors import ServiceError

DAYS = {"root": 730, "targets": 365, "channels": 90, "snapshot": 30, "timestamp": 7}
"""How long each role's word holds. A week without the service's signature, and clients say "cannot check"."""
THRESHOLD = {"root": 2, "targets": 2}


class ReleaseRepository:
    """A repository in a folder; every change is one method, and is on the disk when it returns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def metadata(self) -> Path:
        """The folder of signed metadata."""
        return self.folder / "metadata"

    def create(self, keys: dict[str, list[SSlibKey]], now: dt.datetime) -> Path:
        """Start a repository whose roles have these public keys; the unsigned root's path comes back."""
        root = Root(version=1, expires=_until("root", now), consistent_snapshot=True)
        for role in ("root", "targets", "snapshot", "timestamp"):
            for key in keys[role]:
                root.add_key(key, role)
            root.roles[role].threshold = THRESHOLD.get(role, 1)
        targets = Targets(version=1, expires=_until("targets", now))
        channel_keys = keys["channels"]
        channels = DelegatedRole(
            "channels", [key.keyid for key in channel_keys], 1, terminating=True, paths=["channels/*"]
        )
        targets.delegations = Delegations({key.keyid: key for key in channel_keys}, {"channels": channels})
        self._write(Metadata(root), self.metadata / "1.root.json")
        self._write(Metadata(targets), self.metadata / "1.targets.json")
        self._write(Metadata(Targets(version=1, expires=_until("channels", now))), self.metadata / "1.channels.json")
        self._write(Metadata(Snapshot(version=1, expires=_until("snapshot", now))), self.metadata / "1.snapshot.json")
        self._write(Metadata(Timestamp(version=1, expires=_until("timestamp", now))), self.metadata / "timestamp.json")
        return self.metadata / "1.root.json"

    def sign(self, path: Path, signer: Signer) -> None:
        """Add a signature to a metadata file."""
        signed: Metadata[Root] = Metadata.from_file(str(path))
        signed.sign(signer, append=True)
        self._write(signed, path)

    def change_keys(self, role: str, old: Sequence[str], new: Sequence[SSlibKey], now: dt.datetime) -> Path:
        """A next root in which a role's keys `old` (ids) are replaced by `new`; unsigned, its path comes back."""
        path = self._newest("root")
        root: Metadata[Root] = Metadata.from_file(str(path))
        for keyid in old:
            root.signed.revoke_key(keyid, role)
        for key in new:
            root.signed.add_key(key, role)
        root.signed.version += 1
        root.signed.expires = _until("root", now)
        root.signatures.clear()
        target = self.metadata / f"{root.signed.version}.root.json"
        self._write(root, target)
        return target

    def add_targets(self, files: dict[str, Path], now: dt.datetime) -> Path:
        """List new offline targets (place → file) and put them in place; the unsigned metadata's path comes back."""
        return self._add("targets", files, now)

    def offer(self, files: dict[str, Path], signer: Signer, now: dt.datetime) -> None:
        """List and sign new channel documents (place → file)."""
        self.sign(self._add("channels", files, now), signer)

    def publish(self, snapshot: Signer, timestamp: Signer, now: dt.datetime) -> None:
        """Sign a new snapshot and timestamp over what stands there. Raises ServiceError: a signature is missing."""
        missing = self.missing()
        if missing:
            raise ServiceError(f"Not published: {', '.join(missing)}", "Sign what is missing with ceremony.py")
        listed: Metadata[Snapshot] = Metadata.from_file(str(self._newest("snapshot")))
        listed.signed.version += 1
        listed.signed.expires = _until("snapshot", now)
        for role in ("targets", "channels"):
            listed.signed.meta[f"{role}.json"] = MetaFile(version=self._version(role))
        listed.signatures.clear()
        listed.sign(snapshot)
        self._write(listed, self.metadata / f"{listed.signed.version}.snapshot.json")
        clock: Metadata[Timestamp] = Metadata.from_file(str(self.metadata / "timestamp.json"))
        clock.signed.version += 1
        clock.signed.expires = _until("timestamp", now)
        clock.signed.snapshot_meta = MetaFile(version=listed.signed.version)
        clock.signatures.clear()
        clock.sign(timestamp)
        self._write(clock, self.metadata / "timestamp.json")  # last: until now clients see the state before

    def missing(self) -> list[str]:
        """What still has to be signed, in words: "root: 1 of 2 signatures"."""
        root: Metadata[Root] = Metadata.from_file(str(self._newest("root")))
        found = []
        for role in ("root", "targets"):
            checked: Metadata[Root] = Metadata.from_file(str(self._newest(role)))
            result = root.signed.get_verification_result(role, checked.signed_bytes, checked.signatures)
            if not result:
                found.append(f"{role}: {len(result.signed)} of {result.threshold} signatures")
        return found

    def _add(self, role: str, files: dict[str, Path], now: dt.datetime) -> Path:
        listed: Metadata[Targets] = Metadata.from_file(str(self._newest(role)))
        for place, file in files.items():
            target = TargetFile.from_file(place, str(file), ["sha256"])
            folder, _, name = place.rpartition("/")
            stored = self.folder / "targets" / folder / f"{target.hashes['sha256']}.{name}"
            stored.parent.mkdir(parents=True, exist_ok=True)
            if not stored.exists():
                shutil.copy(file, stored)
            listed.signed.targets[place] = target
        listed.signed.version += 1
        listed.signed.expires = _until(role, now)
        listed.signatures.clear()
        path = self.metadata / f"{listed.signed.version}.{role}.json"
        self._write(listed, path)
        return path

    def _newest(self, role: str) -> Path:
        return self.metadata / f"{self._version(role)}.{role}.json"

    def _version(self, role: str) -> int:
        found = [int(path.name.partition(".")[0]) for path in self.metadata.glob(f"*.{role}.json")]
        if not found:
            raise ServiceError(
                f"{self.folder} is no release repository", "Start one with ceremony.py, or publish a folder"
            )
        return max(found)

    @staticmethod
    def _write(metadata: Metadata, path: Path) -> None:  # type: ignore[type-arg]
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.write_text(json.dumps(metadata.to_dict(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
        new.replace(path)


def _until(role: str, now: dt.datetime) -> dt.datetime:
    return (now + dt.timedelta(days=DAYS[role])).replace(microsecond=0)
