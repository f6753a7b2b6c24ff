"""The Windows sources agree with the program and with one another; building them is the campaign `windows`."""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

WINDOWS = Path(__file__).resolve().parents[2] / "packaging" / "windows"
sys.path.insert(0, str(WINDOWS))
import make_policy_templates  # noqa: E402

from autoenroll_desktop.policy.policies import KEYS, schema  # noqa: E402
from autoenroll_desktop.policy.sources import REGISTRY  # noqa: E402

SPACE = {"p": make_policy_templates.NAMESPACE}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ET.Element, list[ET.Element]]:
    paths = make_policy_templates.write_templates(tmp_path_factory.mktemp("templates"))
    admx, *words = (ET.parse(path).getroot() for path in paths)
    return admx, words


def test_every_policy_is_in_the_template_as_the_program_reads_it(
    templates: tuple[ET.Element, list[ET.Element]],
) -> None:
    admx, _ = templates
    policies = {one.get("name"): one for one in admx.iterfind(".//p:policy", SPACE)}
    assert set(policies) == set(KEYS)
    assert {one.get("key") for one in policies.values()} == {REGISTRY}
    for key, one in policies.items():
        about = schema()["properties"][key]
        element = one.find("p:elements", SPACE)
        if about.get("type") == "boolean":
            assert one.get("valueName") == key
            assert [value.get("value") for value in one.iterfind(".//p:decimal", SPACE)] == ["1", "0"]
        elif "enum" in about:
            offered = {value.text for value in element.iterfind(".//p:string", SPACE)}
            assert offered == set(about["enum"]) - {""}
        elif about["type"] == "integer":
            assert element[0].get("minValue") == str(about["minimum"])
            assert element[0].get("maxValue") == str(about["maximum"])
        else:
            assert element[0].tag.endswith("text")
            assert element[0].get("valueName") == key


def test_every_word_a_template_names_is_there(templates: tuple[ET.Element, list[ET.Element]]) -> None:
    admx, languages = templates
    text = ET.tostring(admx, encoding="unicode")
    for kind in ("string", "presentation"):
        wanted = set(re.findall(rf"\$\({kind}\.([^)]+)\)", text))
        assert wanted
        for words in languages:
            assert wanted <= {one.get("id") for one in words.iterfind(f".//p:{kind}", SPACE)}
    for words in languages:
        asked = {one.get("refId") for one in words.iter() if one.get("refId")}
        assert asked == {one.get("id") for one in admx.iter() if one.get("id")}


def test_both_installers_offer_the_same_files_to_the_program() -> None:
    msi, setup = ((WINDOWS / name).read_text(encoding="utf-8") for name in ("autoenroll.wxs", "autoenroll.nsi"))
    kinds = re.compile(r"Software\\Classes\\(\.[a-z]+)\\OpenWithProgids")
    assert set(kinds.findall(msi)) == set(kinds.findall(setup)) == {".csv", ".xlsx", ".xls", ".xml", ".json"}
    written, removed = (
        len(re.findall(rf"{verb} HKCU .Software\\Classes\\\.", setup)) for verb in ("WriteRegStr", "DeleteRegValue")
    )
    assert written == removed == 5


def test_what_upgrades_hang_on_does_not_move() -> None:
    text = (WINDOWS / "autoenroll.wxs").read_text(encoding="utf-8")
    assert 'UpgradeCode="6f2b1f5e-5f0b-4a56-9d5c-1d8f7c3e9a41"' in text
    guids = re.findall(r'Guid="([0-9a-f-]{36})"', text)
    assert len(guids) == len(set(guids)) == 5
    assert "RequestExecutionLevel user" in (WINDOWS / "autoenroll.nsi").read_text(encoding="utf-8")
