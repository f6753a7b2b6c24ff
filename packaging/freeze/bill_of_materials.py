"""What the frozen program is made of: a CycloneDX list of parts, and the licences of all of them.

The parts are read from what PyInstaller really put into the bundle, not from what was installed to build it.
"""

import ast
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

_TEXTS = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors|ofl)[^/]*$", re.IGNORECASE)


def sources(work: Path) -> set[Path]:
    """Every file that went into a bundle, from PyInstaller's own lists."""
    found: set[Path] = set()
    for name in ("PYZ-00.toc", "COLLECT-00.toc"):
        for entry in _triples(ast.literal_eval((work / name).read_text(encoding="utf-8"))):
            if entry[1] and entry[1] != "-":
                found.add(Path(entry[1]))
    return found


def _triples(toc: object) -> list[tuple[str, str, str]]:
    match toc:
        case (str() as name, str() as source, str() as kind) if not name.startswith("["):
            return [(name, source, kind)]
        case tuple() | list():
            return [triple for part in toc for triple in _triples(part)]
    return []


def distributions(files: set[Path]) -> list[importlib.metadata.Distribution]:
    """The installed Python packages that files came from, by name."""
    used = {os.path.normpath(path) for path in files}
    found = {}
    for package in importlib.metadata.distributions():
        if any(os.path.normpath(str(package.locate_file(file))) in used for file in package.files or ()):
            found[package.metadata["Name"].lower()] = package
    found.pop("autoenroll-desktop", None)
    return [found[name] for name in sorted(found)]


def debian_packages(files: set[Path]) -> dict[str, str]:
    """Debian package → version of the system libraries in a bundle; empty elsewhere."""
    if shutil.which("dpkg-query") is None:
        return {}
    places = [str(path) for path in files if str(path).startswith(("/lib", "/usr/lib"))]
    places += [place.removeprefix("/usr") if place.startswith("/usr/lib") else f"/usr{place}" for place in places]
    told = subprocess.run(["dpkg-query", "-S", *places], capture_output=True, text=True, check=False).stdout
    names = sorted({line.split(": ")[0] for line in told.splitlines() if not line.startswith("diversion")})
    versions = {}
    for name in names:
        shown = subprocess.run(["dpkg-query", "-W", "-f=${Version}", name], capture_output=True, text=True, check=False)
        versions[name.split(":")[0]] = shown.stdout
    return versions


def write(work: Path, bundle: Path, version: str, own: Path) -> tuple[int, int]:
    """Write `sbom.cdx.json` and `licences/` into a bundle; the numbers of Python and system parts come back.

    `own`: the folder of licence texts for parts that bring none.
    """
    files = sources(work)
    packages, libraries = distributions(files), debian_packages(files)
    folder = bundle / "licences"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts = [_python()]
    shutil.copytree(own, folder / "common")
    for package in packages:
        parts.append(_component(package))
        _copy_texts(package, folder)
    for name, number in libraries.items():
        parts.append(_part(name, number, f"pkg:deb/debian/{name}@{number}", "library"))
        text = Path("/usr/share/doc", name, "copyright")
        if text.exists():
            shutil.copy(text, folder / f"{name}.txt")
    (bundle / "sbom.cdx.json").write_text(json.dumps(_document(version, parts), indent=1) + "\n", encoding="utf-8")
    return len(packages), len(libraries)


def _document(version: str, parts: list[dict[str, object]]) -> dict[str, object]:
    named = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts, sort_keys=True))  # the same parts, the same number
    ours = {"type": "application", "bom-ref": "autoenroll-desktop", "name": "AutoEnroll Desktop", "version": version}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{named}",
        "version": 1,
        "metadata": {"component": ours},
        "components": parts,
        "dependencies": [{"ref": "autoenroll-desktop", "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def _python() -> dict[str, object]:
    number = ".".join(map(str, sys.version_info[:3]))
    return _part("CPython", number, f"pkg:generic/cpython@{number}", "framework", "Python-2.0.1")


def _component(package: importlib.metadata.Distribution) -> dict[str, object]:
    name, told = package.metadata["Name"], package.metadata
    normal = re.sub(r"[-_.]+", "-", name).lower()
    classified = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or () if line.startswith("License ::")
    ]
    licence = (
        told.get("License-Expression") or (told.get("License") or "").strip().split("\n")[0] or ", ".join(classified)
    )
    expression = bool(told.get("License-Expression"))
    return _part(
        name, package.version, f"pkg:pypi/{normal}@{package.version}", "library", licence, expression=expression
    )


def _part(
    name: str, version: str, purl: str, kind: str, licence: str = "", *, expression: bool = False
) -> dict[str, object]:
    part: dict[str, object] = {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if licence:
        part["licenses"] = [{"expression": licence}] if expression else [{"license": {"name": licence[:200]}}]
    return part


def _copy_texts(package: importlib.metadata.Distribution, folder: Path) -> None:
    for file in package.files or ():
        if _TEXTS.search(file.as_posix()) and ".dist-info/" in file.as_posix():
            target = folder / package.metadata["Name"] / file.name
            target.parent.mkdir(exist_ok=True)
            shutil.copy(Path(str(package.locate_file(file))), target)
