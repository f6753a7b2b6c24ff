"""Writes what is kept of a client into a folder, readable by anybody: files as they were, results, lines, trail."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from autoenroll_desktop.actions.check_pay_run import readable
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.reports.check_json import check_as_json
from autoenroll_desktop.store import clients, keeping, kept_files, lists, snapshots
from autoenroll_desktop.store.audit import Event, Stamp
from autoenroll_desktop.store.audit import add as add_entry
from autoenroll_desktop.store.column_maps import maps_of
from autoenroll_desktop.store.evidence import evidence
from autoenroll_desktop.store.produced import produced_files
from autoenroll_desktop.store.recipes import recipes_of
from autoenroll_desktop.store.refusals import translated
from autoenroll_desktop.store.runs import open_run
from autoenroll_desktop.store.store import Store

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_store(store: Store, employer: str, folder: Path, words: Words, stamp: Stamp) -> int:
    """Write everything kept of an employer into an empty or new folder; returns how many runs were written.

    PPSNs are written in full: this is the client's own data. The export is noted in the trail.

    Raises:
        AppError: nothing is kept of it, the folder holds something, or cannot be written to.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AppError(f"{folder} is not an empty folder", "nothing is written over", "Choose a new folder")
    with store.reading() as connection:
        one = clients.named(connection, clients.plain_employer(employer))
        runs = [
            version
            for newest in lists.runs_kept(connection, one.employer, limit=None)
            for version in lists.versions(connection, newest.id)
        ]
        known = snapshots.snapshots(connection, one)
    with translated():
        folder.mkdir(parents=True, exist_ok=True)
        for run in runs:
            _write_run(store, run, folder, words)
        with store.reading() as connection:
            for number, (snapshot, moment, _) in enumerate(known, 1):
                frame = snapshots.read_snapshots(connection, one, [snapshot])[0]
                _table(frame, folder / f"aepn-{number:03d}-{moment:%Y-%m-%d}.csv")
            told = [
                {"headings": sorted(h), "choices": c, "confirmed": d.isoformat()}
                for h, c, d in maps_of(connection, one.employer)
            ]
            _write(folder / "columns.json", json.dumps(told, ensure_ascii=False, indent=1).encode())
            written = [asdict(file) for file in produced_files(connection, one.employer)]
            _write(folder / "produced.json", json.dumps(written, ensure_ascii=False, indent=1, default=str).encode())
            for recipe in recipes_of(connection, one):
                _write(folder / f"recipe-{_plain(recipe.name)}.toml", recipe.text.encode())
    with store.writing() as connection:
        add_entry(connection, stamp, Event("client-exported", one.id, facts={"runs": len(runs)}))
        signed = evidence(connection, store.id, stamp, one)
    with translated():
        _write(folder / "audit.json", signed)
    return len(runs)


def _write_run(store: Store, run: lists.RunListed, folder: Path, words: Words) -> None:
    day = run.last_pay_date.isoformat() if run.last_pay_date else "no-pay-date"
    place = folder / f"{day}-{_plain(run.reference or 'run')}-v{run.version}-{run.id[:8]}"
    place.mkdir()
    with store.reading() as connection:
        for name, role, file_id in keeping.files_of(connection, run.id):
            if file_id is not None:
                _write(place / f"{role}-{_plain(name)}", kept_files.read_file(connection, store.kept, file_id))
        try:
            checked = open_run(connection, run.id)
        except AppError as gone:
            _write(place / "lines-removed.txt", f"{gone}\n".encode())
            return
    _write(place / "check.json", check_as_json(checked, words, lines=bool(readable(checked)), show_ppsn=True).encode())
    _table(checked.run.lines.drop(columns=["file"]), place / "lines.csv")


def _table(frame: pd.DataFrame, path: Path) -> None:
    """A frame as CSV; a text a spreadsheet would take for a formula gets a mark before it."""
    texts = frame.select_dtypes(["object", "string"]).columns
    marked = {
        name: [f"'{one}" if isinstance(one, str) and one[:1] in _FORMULA else one for one in frame[name]]
        for name in texts
    }
    frame.assign(**marked).to_csv(path, index=False)


def _write(path: Path, data: bytes) -> None:
    while path.exists():
        path = path.with_name(f"{path.stem}-{path.suffix}")
    path.write_bytes(data)


def _plain(name: str) -> str:
    return re.sub(r"[^\w. -]", "_", name).strip(". ")[:80] or "file"
