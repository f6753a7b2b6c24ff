"""Where things are, from source or frozen."""

import sys
from pathlib import Path


def resources() -> Path:
    """The folder of icons, fonts, words, layouts and the sample employer."""
    frozen = getattr(sys, "_MEIPASS", None)
    return (Path(frozen) if frozen else Path(__file__).resolve().parent.parent) / "resources"
