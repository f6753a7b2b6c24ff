"""What was done for the store when nobody waited, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from autoenroll_desktop.domain.words import Words

if TYPE_CHECKING:
    from autoenroll_desktop.actions.look_after_store import LookedAfter


def upkeep_in_words(done: "LookedAfter", words: Words) -> Iterator[tuple[str, str]]:
    """Severity and text of each thing to say; what was removed is told client by client."""
    for one in done.removed:
        yield (
            "info",
            words.say(
                "store.removed",
                employer=one.client.employer or words.say("store.no-number"),
                lines=one.lines_of,
                runs=one.runs,
                snapshots=one.snapshots,
            ),
        )
    if done.doubted:
        yield "warning", words.say("store.doubted")
    if done.copy is not None:
        yield "ready", words.say("store.copied")
