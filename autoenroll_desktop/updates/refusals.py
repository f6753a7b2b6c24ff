"""Why an update is refused: each known attack has a name, told from the bytes that were offered.

python-tuf decides *that* something is refused; its exceptions are wider than the attacks (one exception stands for a
rollback and for mixed metadata). Which it was is told here from the refused bytes and what was trusted before: pure
functions of bytes, so that every name can be tested without a network.
"""

import json
from enum import StrEnum

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    SlowRetrievalError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, Root

from autoenroll_desktop.errors import AppError


class Attack(StrEnum):
    """What a refused update looks like. Expired metadata (`FREEZE`) alone raises no alarm: it may be our delay."""

    ROLLBACK = "rollback"
    FREEZE = "freeze"
    MIX_AND_MATCH = "mix-and-match"
    ENDLESS_DATA = "endless-data"
    WRONG_KEYS = "wrong-keys"
    THRESHOLD = "threshold"
    ALTERED = "altered"
    MALFORMED = "malformed"


_WHY = {
    Attack.ROLLBACK: "an older state than the one already seen was offered",
    Attack.MIX_AND_MATCH: "parts that do not belong together were offered",
    Attack.ENDLESS_DATA: "more data came than was announced",
    Attack.WRONG_KEYS: "it is not signed with our keys",
    Attack.THRESHOLD: "too few of our keys have signed it",
    Attack.ALTERED: "the file is not the one that was signed",
    Attack.MALFORMED: "what came is no update information",
}


class UpdateRefused(AppError):
    """Something was offered that is not ours, or not meant for now. Nothing was changed."""

    def __init__(self, attack: Attack, part: str) -> None:
        action = "Keep working: nothing was changed. If it stays so, tell whoever looks after your computers"
        super().__init__(f"An update was refused ({attack})", f"{_WHY[attack]} ({part})", action)
        self.attack = attack
        self.part = part


class CannotCheck(AppError):
    """Nobody could be asked, or the answer is out of date: not an alarm, and the program goes on as it is."""

    def __init__(self, why: str) -> None:
        super().__init__("It cannot be checked whether there is an update", why, "Try again later")


def translate(error: Exception, part: str, offered: bytes, trusted: dict[str, bytes]) -> AppError:
    """The error to show for one of python-tuf's.

    `part`: the role or target asked for last ("timestamp", "snapshot", "targets", "root", or a target's place);
    `offered`: the bytes that came for it (b"" where they were not kept); `trusted`: role → the last trusted bytes.
    """
    match error:
        case ExpiredMetadataError():
            return CannotCheck("the update information is out of date")
        case DownloadLengthMismatchError():
            return UpdateRefused(Attack.ENDLESS_DATA, part)
        case SlowRetrievalError():
            return CannotCheck("the update service answers too slowly")
        case DownloadError():
            return CannotCheck("the update service cannot be reached")
        case UnsignedMetadataError():
            attack = Attack.THRESHOLD if signed_by_any(part, offered, trusted) else Attack.WRONG_KEYS
            return UpdateRefused(attack, part)
        case BadVersionNumberError():
            return UpdateRefused(version_attack(part, offered, trusted), part)
        case LengthOrHashMismatchError():
            metadata = part in ("snapshot", "targets") or part in trusted
            return UpdateRefused(Attack.MIX_AND_MATCH if metadata else Attack.ALTERED, part)
    attack = Attack.MIX_AND_MATCH if part == "snapshot" and _versions(offered) else Attack.MALFORMED
    return UpdateRefused(attack, part)


def signed_by_any(role: str, offered: bytes, trusted: dict[str, bytes]) -> bool:
    """Whether at least one of the keys trusted for a role has signed the bytes, so that only the number is wrong."""
    for delegator in (trusted.get("root"), trusted.get("targets")):
        if not delegator or not offered:
            continue
        try:
            above: Metadata[Root] = Metadata.from_bytes(delegator)
            below: Metadata[Root] = Metadata.from_bytes(offered)
            found = above.signed.get_verification_result(role, below.signed_bytes, below.signatures)
        except Exception:  # noqa: BLE001, S112 - a role this delegator does not know, or no metadata at all
            continue
        if found.signed:
            return True
    return False


def version_attack(role: str, offered: bytes, trusted: dict[str, bytes]) -> Attack:
    """Whether a wrong version number means going back, or parts of different states.

    A role older than the trusted one, or one that lists an older role, goes back; else the parts do not fit.
    """
    new, old = _versions(offered), _versions(trusted.get(role, b""))
    if role == "root" or any(version < old.get(name, 0) for name, version in new.items()):
        return Attack.ROLLBACK
    return Attack.MIX_AND_MATCH


def _versions(data: bytes) -> dict[str, int]:
    """The version of a role under "", and of each it lists under its name; loosely, for it is refused already."""
    try:
        signed = json.loads(data)["signed"]
        listed = {str(name): int(entry["version"]) for name, entry in signed.get("meta", {}).items()}
        return {"": int(signed["version"]), **listed}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
