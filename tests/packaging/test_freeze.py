"""What goes into the frozen program, and the list of its parts."""

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

FREEZE = Path(__file__).resolve().parents[2] / "packaging" / "freeze"
sys.path.insert(0, str(FREEZE))
import bill_of_materials  # noqa: E402
import build  # noqa: E402
import icons  # noqa: E402
import what_to_leave_out  # noqa: E402


@pytest.mark.parametrize(
    ("place", "out"),
    [
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", False),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", False),
        ("PySide6/Qt/plugins/platforms/libqminimal.so", True),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", True),
        ("PySide6/Qt/lib/libQt6Qml.so.6", True),
        ("PySide6/Qt/lib/libQt6Svg.so.6", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", False),
        ("libstdc++.so.6", True),
        ("libX11-xcb.so.1", True),
        ("libxcb-render-util.so.0", True),
        ("libxcb.so.1", True),
        ("pillow.libs/libxcb-9065bb12.so.1.1.0", False),
        ("pillow.libs/libavif-c6062d5f.so.16.4.2", True),
        ("numpy.libs/libscipy_openblas64_-32a4b2a6.so", False),
        ("libssl.so.3", False),
        ("libzstd.so.1", True),
        ("resources/words/en/check.toml", False),
        ("resources/sample/planted.toml", False),
        ("autoenroll_desktop/rules/parameters/timing.toml", False),
        ("numpy/tests/data.npy", True),
    ],
)
def test_what_is_left_out(place: str, out: bool) -> None:
    assert what_to_leave_out.unwanted(place) is out


def test_nothing_we_import_is_left_out(root: Path) -> None:
    """A module named in the list that the product imports would be missing from the frozen program only."""
    own = "\n".join(path.read_text(encoding="utf-8") for path in (root / "autoenroll_desktop").rglob("*.py"))
    for module in what_to_leave_out.MODULES:
        assert f"import {module}\n" not in own, module
        assert f"from {module} import" not in own, module


def test_icons_of_every_size(root: Path, tmp_path: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import icons, pathlib; icons.make_icons(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))"
    drawing = root / "resources" / "icons" / "autoenroll.svg"
    subprocess.run([sys.executable, "-c", code, str(FREEZE), str(drawing), str(tmp_path)], check=True)
    from PySide6.QtGui import QImage

    for size in icons.SIZES:
        picture = QImage(str(tmp_path / f"autoenroll-{size}.png"))
        assert (picture.width(), picture.height()) == (size, size)
        assert picture.pixelColor(size // 2, size // 5).alpha() == 255
        assert picture.pixelColor(0, 0).alpha() == 0
    ico = (tmp_path / "autoenroll.ico").read_bytes()
    assert ico[:6] == b"\x00\x00\x01\x00\x07\x00"


def test_the_list_of_parts_is_a_cyclonedx_document() -> None:
    parts = [bill_of_materials._python(), bill_of_materials._component(importlib.metadata.distribution("requests"))]
    document = bill_of_materials._document("0.1.0", parts)
    # the parts of the CycloneDX 1.6 schema that matter here; the whole one is not at hand without a network
    schema = {
        "type": "object",
        "required": ["bomFormat", "specVersion", "serialNumber", "version", "components"],
        "properties": {
            "bomFormat": {"const": "CycloneDX"},
            "specVersion": {"const": "1.6"},
            "serialNumber": {"pattern": "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},
            "version": {"type": "integer", "minimum": 1},
            "components": {
                "items": {
                    "required": ["type", "name", "version", "purl", "bom-ref"],
                    "properties": {
                        "type": {"enum": ["application", "framework", "library"]},
                        "purl": {"pattern": "^pkg:"},
                    },
                }
            },
        },
    }
    jsonschema.validate(json.loads(json.dumps(document)), schema)
    assert document == bill_of_materials._document("0.1.0", parts)
    assert document["components"][1]["purl"] == f"pkg:pypi/requests@{importlib.metadata.version('requests')}"


def test_parts_are_told_from_pyinstallers_lists(tmp_path: Path) -> None:
    place = str(importlib.metadata.distribution("requests").locate_file("requests/api.py"))
    (tmp_path / "PYZ-00.toc").write_text(
        repr(("/x/PYZ-00.pyz", [("requests.api", place, "PYMODULE"), ("b", "-", "PYMODULE")]))
    )
    (tmp_path / "COLLECT-00.toc").write_text(repr(([("lib.so", "/usr/lib/lib.so", "BINARY")],)))
    files = bill_of_materials.sources(tmp_path)
    assert files == {Path(place), Path("/usr/lib/lib.so")}
    assert [package.metadata["Name"] for package in bill_of_materials.distributions(files)] == ["requests"]


def test_the_version_resource_of_windows() -> None:
    text = build.windows_version("autoenroll", "0.12.3")
    assert "filevers=(0, 12, 3, 0)" in text
    compile(text, "version", "eval")
    assert build.version() == "0.1.0" or build.version().count(".") == 2
