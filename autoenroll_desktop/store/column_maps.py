"""Confirmed column maps: what each heading of a client's files means, kept by the set of headings.

One JSON file a client, holding headings and choices only: nothing about anybody's pay. A file is found again by its
headings whatever their order; one whose headings changed a little is offered the nearest map.
"""

import datetime as dt
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoenroll_desktop.errors import AppError

FORMAT = "autoenroll-columns"
VERSION = 1
_NEAR = 0.75
"""The part of headings two files must share for the map of one to be offered for the other."""


@dataclass(frozen=True)
class Remembered:
    """A map confirmed before.

    Attributes:
        tables: the choices as in a mapping file. confirmed: the day they were.
        changed: headings that were not there then, or are not there now; empty where the headings are the same.
    """

    tables: Mapping[str, Any]
    confirmed: dt.date
    changed: tuple[str, ...] = ()


class ColumnMaps:
    """The maps kept in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, client: str, headings: Sequence[str]) -> Remembered | None:
        """The map for these plain headings, or the nearest one; None where nothing like it was confirmed."""
        wanted = set(headings)
        best: tuple[float, Remembered] | None = None
        for entry in self._entries(client):
            known = set(entry["headings"])
            alike = len(known & wanted) / max(1, len(known | wanted))
            if alike >= _NEAR and (best is None or alike > best[0]):
                day = dt.date.fromisoformat(entry["confirmed"])
                best = alike, Remembered(entry["choices"], day, tuple(sorted(known ^ wanted)))
        return best[1] if best else None

    def keep(self, client: str, headings: Sequence[str], tables: Mapping[str, Any], today: dt.date) -> None:
        """Remember a map, in place of an earlier one for the same headings.

        Raises:
            AppError: the folder cannot be written to.
        """
        entries = [entry for entry in self._entries(client) if set(entry["headings"]) != set(headings)]
        entries.append({"headings": sorted(set(headings)), "choices": dict(tables), "confirmed": today.isoformat()})
        content = {"format": FORMAT, "version": VERSION, "maps": entries}
        path = self._path(client)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
            Path(file.name).replace(path)
        except OSError as error:
            raise AppError("The columns could not be remembered", error.strerror or "", "Free some space") from error

    def _entries(self, client: str) -> list[dict[str, Any]]:
        """The maps of a client; none where the file is missing or not ours to read."""
        try:
            content = json.loads(self._path(client).read_text(encoding="utf-8"))
            if content["format"] != FORMAT or content["version"] > VERSION:
                return []
            return [entry for entry in content["maps"] if {"headings", "choices", "confirmed"} <= entry.keys()]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return []

    def _path(self, client: str) -> Path:
        return self._folder / f"{re.sub(r'[^A-Za-z0-9]', '', client) or 'any'}.json"
