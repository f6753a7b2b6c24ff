"""Where the store lies: on a disk of this computer, or on one of the network.

SQLite's write-ahead log needs memory shared between processes, which no network drive has. There the store is held by
one computer at a time, with a plain rollback journal; a second one is told so. Folders that a service copies between
computers are told by `store.opening`, which looks the database over when another computer has written it last.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

_NETWORK = {
    *("9p", "afpfs", "afs", "ceph", "cifs", "davfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4"),
    *("smb", "smb3", "smbfs", "webdav", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs"),
}
_REMOTE = 4
"""DRIVE_REMOTE of the Windows API."""


def on_network(folder: Path) -> bool:
    """Whether a folder (or, where it is not there yet, the nearest one above it) lies on a network drive."""
    folder = folder.resolve()
    if sys.platform == "win32":
        import ctypes

        if str(folder).startswith("\\\\"):
            return True
        return int(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor)) == _REMOTE
    if sys.platform == "darwin":
        import subprocess

        listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
        mounts = (line.partition(" on ")[2].rpartition(" (") for line in listed.splitlines())
        return _kind(folder, ((path, kind.partition(",")[0]) for path, _, kind in mounts)) in _NETWORK
    try:
        table = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return kind_of(folder, table) in _NETWORK


def kind_of(folder: Path, mountinfo: str) -> str:
    """The file system a folder is on, from the text of Linux' `/proc/self/mountinfo`; "" where it is not told.

    Example of a line: "36 25 0:32 / /home/a\\040b rw,relatime shared:1 - cifs //server/share rw".
    """
    mounts = []
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        parts = before.split()
        if len(parts) > 4 and after:
            path = parts[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
            mounts.append((path, after.split()[0]))
    return _kind(folder, mounts)


def _kind(folder: Path, mounts: Iterable[tuple[str, str]]) -> str:
    best, kind = -1, ""
    for path, name in mounts:
        parts = Path(path).parts
        if folder.parts[: len(parts)] == parts and len(parts) >= best:
            best, kind = len(parts), name
    return kind
