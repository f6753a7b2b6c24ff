"""What is published of a release: which one a channel offers, and which files a build is made of.

Both are targets of a TUF repository, so neither is read before its signatures are verified. They are signed by
different people: a build and its list of files by the offline release keys, a channel's offer by the service's own
key. A service that was broken into can therefore only offer builds that were signed for release, never its own.
"""

import re
from typing import Annotated, Literal

import msgspec

_VERSION = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")

Version = Annotated[str, msgspec.Meta(pattern=rf"^{_VERSION.pattern}$")]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Place = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^/\\:\x00][^\\:\x00]*$")]
Size = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
CHANNELS = ("stable", "pilot")


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """`channels/CHANNEL.json`: what a channel offers today.

    `percent` of the devices are offered `version`; a device below `minimum` is offered it whatever the percentage.
    `withdrawn` versions are offered to nobody, and a device that runs one is told. `notes`: language → plain text.
    """

    format: Literal["autoenroll-channel"] = "autoenroll-channel"
    channel: str
    version: Version
    percent: Percent = 100
    paused: bool = False
    minimum: Version = "0.0.0"
    withdrawn: tuple[Version, ...] = ()
    notes: dict[str, Annotated[str, msgspec.Meta(max_length=20_000)]] = {}


class File(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file of a build: its place in the folder, bytes, SHA-256; or where a link points, relative to its place."""

    place: Place
    size: Size = 0
    sha256: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""
    run: bool = False
    link: str = ""


class Archive(msgspec.Struct, frozen=True):
    """A target to download: the whole build, or what differs from `since`."""

    target: Place
    size: Size
    since: str = ""


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """`releases/VERSION/PLATFORM.json`: every file of a build and the archives that hold them."""

    format: Literal["autoenroll-build"] = "autoenroll-build"
    version: Version
    platform: str
    files: tuple[File, ...]
    archives: tuple[Archive, ...]


def numbers(version: str) -> tuple[int, int, int]:
    """A version as numbers to compare: "0.10.2" → (0, 10, 2). Raises ValueError for anything else."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError(version)
    return int(found[1]), int(found[2]), int(found[3])


def offer_target(channel: str) -> str:
    """The target that holds a channel's offer."""
    return f"channels/{channel}.json"


def build_target(version: str, platform: str) -> str:
    """The target that lists a build's files."""
    return f"releases/{version}/{platform}.json"
