"""What a channel's offer means for this device. Pure: the same device always gets the same answer."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from server_sync.contract.release import Offer, numbers


class Answer(StrEnum):
    """What an offer means here."""

    CURRENT = "current"
    AVAILABLE = "available"
    REQUIRED = "required"
    WAITING = "waiting"
    PAUSED = "paused"


@dataclass(frozen=True)
class Decision:
    """An answer with the version it is about; `withdrawn` where the version that runs was taken back."""

    answer: Answer
    version: str
    withdrawn: bool = False


def decide(offer: Offer, running: str, device: str) -> Decision:
    """What to do about an offer.

    A version that is not newer than the running one is never taken, whoever offers it. Below `minimum`, the
    update is required and percentage and pause do not hold it back. Raises ValueError if `running` is no version.
    """
    newer = numbers(offer.version) > numbers(running)
    withdrawn = running in offer.withdrawn
    if not newer or offer.version in offer.withdrawn:
        return Decision(Answer.CURRENT, running, withdrawn)
    if numbers(running) < numbers(offer.minimum):
        return Decision(Answer.REQUIRED, offer.version, withdrawn)
    if offer.paused:
        return Decision(Answer.PAUSED, offer.version, withdrawn)
    if share(device, offer.version) >= offer.percent:
        return Decision(Answer.WAITING, offer.version, withdrawn)
    return Decision(Answer.AVAILABLE, offer.version, withdrawn)


def share(device: str, version: str) -> int:
    """Where a device stands in a version's rollout, 0 to 99.

    The version takes part, so that it is not always the same offices that get a release first.
    """
    return int.from_bytes(hashlib.sha256(f"{device}\n{version}".encode()).digest()[:8]) % 100
