"""The steps done so far, with those undone: undo and redo go one step at a time."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autoenroll_desktop.fixes.step import Step


@dataclass(frozen=True, eq=False)
class History:
    """Steps in the order they were done. `undone` can be done again, the last one undone first."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()

    def add(self, *steps: Step) -> "History":
        """With more steps done; what was undone before is gone."""
        return History((*self.done, *steps))

    def undo(self) -> "History":
        """Without the last step; as it is where there is none."""
        return History(self.done[:-1], (*self.undone, self.done[-1])) if self.done else self

    def redo(self) -> "History":
        """With the step undone last; as it is where there is none."""
        return replace(self, done=(*self.done, self.undone[-1]), undone=self.undone[:-1]) if self.undone else self

    def back_to(self, size: int) -> "History":
        """Undone or done again until `size` steps are done."""
        history = self
        while len(history.done) > size and history.done:
            history = history.undo()
        while len(history.done) < size and history.undone:
            history = history.redo()
        return history

    @classmethod
    def of(cls, steps: Iterable[Step]) -> "History":
        """These steps, all done."""
        return cls(tuple(steps))


def mark(steps: Sequence[Step]) -> str:
    """A fingerprint of steps done to a run, that tells whether something was made from the same state."""
    digest = hashlib.sha256()
    for step in steps:
        digest.update(repr((step.kind.value, step.key, step.choice, step.reason, step.lines.tolist())).encode())
        for change in step.changes:
            digest.update(repr((change.field, change.lines.tolist(), [str(value) for value in change.now])).encode())
    return digest.hexdigest()
