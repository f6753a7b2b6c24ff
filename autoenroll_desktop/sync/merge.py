"""Putting two changes of one shared document together, field by field."""

from collections.abc import Mapping

from autoenroll_desktop.domain.shared import Conflict, Value


def merge(
    base: Mapping[str, Value], mine: Mapping[str, Value], theirs: Mapping[str, Value]
) -> tuple[dict[str, Value], list[Conflict]]:
    """The document with both changes, and the fields that both changed to different values.

    A field only one side changed takes that side's value. Of a field both changed, the value that reached the service
    first stays, for other PCs may have worked with it already; the other one is a `Conflict` and is set aside, never
    thrown away.

    Args:
        base: what both began from; empty where neither saw the other.
    """
    merged: dict[str, Value] = {}
    conflicts = []
    for name in sorted({*base, *mine, *theirs}):
        was, ours, other = (name in one and (one[name],) for one in (base, mine, theirs))
        kept = ours if other == was else other
        if kept:
            merged[name] = kept[0]
        if ours not in (was, other) and other != was:
            conflicts.append(Conflict(name, other[0] if other else None, ours[0] if ours else None))
    return merged, conflicts
