"""Clearing what a killed PostgreSQL leaves where nobody reaps processes, as in a container without an init.

PostgreSQL takes its own stale lock file over when the process it names is gone. To it a zombie is not gone, and it
would never start again. The lock file is removed only when that process is dead and no other of the cluster is left.
"""

import time
from pathlib import Path

PATIENCE = 20.0
"""Seconds the orphaned backends get to notice that their postmaster is gone."""


def clear_after_kill(cluster: Path, proc: Path = Path("/proc")) -> bool:
    """Remove the lock file of a dead server; True where that was done. Does nothing where there is no /proc."""
    lock = cluster / "postmaster.pid"
    try:
        pid = lock.read_text(encoding="utf-8").split()[0]
        state = (proc / pid / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (OSError, IndexError, ValueError):
        return False
    if state not in ("Z", "X"):
        return False
    until = time.monotonic() + PATIENCE
    while _at_work_in(cluster, proc):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    lock.unlink(missing_ok=True)
    return True


def _at_work_in(cluster: Path, proc: Path) -> bool:
    """Whether any living process has the cluster as its working folder, as every process of a server has."""
    for link in proc.glob("[0-9]*/cwd"):
        try:
            if link.readlink() == cluster.resolve():
                return True
        except OSError:
            continue
    return False
