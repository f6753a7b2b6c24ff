"""The Debian package's tree, from a small stand-in for the frozen program; installing it is the campaign `deb`."""

import gzip
import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

LINUX = Path(__file__).resolve().parents[2] / "packaging" / "linux"
sys.path.insert(0, str(LINUX))
import make_deb  # noqa: E402

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is not there")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package around the real terminal program, run from source."""
    monkeypatch.setattr(make_deb, "MADE", tmp_path / "made")
    (tmp_path / "made" / "icons").mkdir(parents=True)
    for size in (16, 256):
        (tmp_path / "made" / "icons" / f"autoenroll-{size}.png").write_bytes(b"\x89PNG")
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    root = LINUX.parents[1]
    (bundle / "autoenroll-desktop").write_text(
        f'#!/bin/sh\ncd {root} && exec {sys.executable} -m autoenroll_desktop.cli "$@"\n'
    )
    (bundle / "autoenroll-desktop").chmod(0o755)
    (bundle / "autoenroll").symlink_to("autoenroll-desktop")
    return make_deb.make_deb(bundle, "0.1.0", tmp_path, fast=True)


def test_the_package(package: Path, tmp_path: Path) -> None:
    told = subprocess.run(["dpkg-deb", "--info", package], capture_output=True, text=True, check=True).stdout
    assert "Package: autoenroll-desktop" in told
    assert "libxcb-icccm4" in told
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "x"], check=True)
    tree = tmp_path / "x"
    assert (tree / "usr/bin/autoenroll").readlink() == Path("/opt/autoenroll-desktop/autoenroll")
    assert json.loads((tree / "opt/autoenroll-desktop/installed.json").read_text())["scope"] == "machine"
    assert (tree / "usr/share/icons/hicolor/256x256/apps/autoenroll-desktop.png").exists()
    page = gzip.decompress((tree / "usr/share/man/man1/autoenroll.1.gz").read_bytes()).decode()
    for command in ("check", "selftest", "policies", "diagnostics", "update"):
        assert f".B {command}\n" in page
    assert "@" not in page
    about = ET.parse(tree / "usr/share/metainfo/ie.autoenroll.desktop.metainfo.xml").getroot()
    assert about.find("releases/release").get("version") == "0.1.0"
    owners = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in owners.splitlines()} == {"root/root"}


def test_scripts_need_no_network_and_parse() -> None:
    for name in ("postinst", "postrm"):
        subprocess.run(["sh", "-n", LINUX / name], check=True)
        text = (LINUX / name).read_text()
        assert "set -e" in text
        assert not any(word in text for word in ("curl", "wget", "http", "pip", "apt"))


def test_file_types_of_the_desktop_entry_are_declared() -> None:
    entry = (LINUX / "autoenroll-desktop.desktop").read_text()
    types = {name for name in entry.partition("MimeType=")[2].split("\n")[0].split(";") if "autoenroll" in name}
    declared = ET.parse(LINUX / "autoenroll-desktop.mime.xml").getroot()
    assert types == {one.get("type") for one in declared}
