"""The Windows event log: the few things an administrator of many computers wants to see in one place.

The installer for all users registers the source; without it Windows still keeps the words. Nothing elsewhere than on
Windows. What is written are our own codes and version numbers, never a path, a name or an amount.
"""

import sys
from enum import IntEnum

SOURCE = "AutoEnroll Desktop"


class Kind(IntEnum):
    """How grave an event is, as Windows counts."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 4


EVENTS = {
    "update-chosen": (1, Kind.INFORMATION, "Version {version} was installed and starts next time."),
    "update-refused-here": (2, Kind.WARNING, "Version {version} failed its self-test here and was removed."),
    "update-refused": (3, Kind.ERROR, "An update was refused ({version}). Nothing was changed."),
}
"""Code → event id, kind, words."""


def tell(code: str, version: str) -> str:
    """Write an event; the words that were (or elsewhere would be) written come back. Never raises on a full log."""
    number, kind, words = EVENTS[code]
    text = words.format(version=version)
    if sys.platform == "win32":
        import ctypes

        library = ctypes.windll.advapi32
        library.RegisterEventSourceW.restype = ctypes.c_void_p
        handle = library.RegisterEventSourceW(None, SOURCE)
        if handle:
            strings = (ctypes.c_wchar_p * 1)(text)
            source = ctypes.c_void_p(handle)
            library.ReportEventW(source, int(kind), 0, number, None, 1, 0, strings, None)
            library.DeregisterEventSource(source)
    else:
        del number, kind
    return text
