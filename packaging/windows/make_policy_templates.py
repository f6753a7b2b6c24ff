"""Writes the Windows policy templates (ADMX and ADML) from the program's own policies: `make_policy_templates.py OUT`.

They go to the domain's central store (…/PolicyDefinitions). Made from the same declaration as the program reads, so a
key can neither be missing nor be spelt differently.
"""

import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from autoenroll_desktop.policy.policies import schema
from autoenroll_desktop.policy.sources import REGISTRY

NAMESPACE = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
LANGUAGES = ("en-US", "en-IE")
"""en-US is what Windows falls back to."""


def main() -> int:
    """Write the templates into the folder given."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    for path in write_templates(Path(sys.argv[1])):
        print(path)
    return 0


def write_templates(out: Path) -> list[Path]:
    """Write the ADMX and an ADML for each language; their paths come back."""
    properties: dict[str, dict[str, Any]] = schema()["properties"]
    written = [out / "AutoEnrollDesktop.admx", *(out / language / "AutoEnrollDesktop.adml" for language in LANGUAGES)]
    for path in written:
        path.parent.mkdir(parents=True, exist_ok=True)
        tree = _admx(properties) if path.suffix == ".admx" else _adml(properties)
        ET.indent(tree)
        path.write_bytes(ET.tostring(tree, encoding="utf-8", xml_declaration=True) + b"\n")
    return written


def _admx(properties: dict[str, dict[str, Any]]) -> ET.Element:
    root = ET.Element("policyDefinitions", {"xmlns": NAMESPACE, "revision": "1.0", "schemaVersion": "1.0"})
    names = ET.SubElement(root, "policyNamespaces")
    ET.SubElement(names, "target", prefix="autoenroll", namespace="AutoEnroll.Policies.Desktop")
    ET.SubElement(root, "resources", minRequiredRevision="1.0")
    supported = ET.SubElement(ET.SubElement(root, "supportedOn"), "definitions")
    ET.SubElement(supported, "definition", name="SUPPORTED", displayName="$(string.SUPPORTED)")
    ET.SubElement(ET.SubElement(root, "categories"), "category", name="AutoEnroll", displayName="$(string.AutoEnroll)")
    policies = ET.SubElement(root, "policies")
    for key, about in properties.items():
        words = {"displayName": f"$(string.{key})", "explainText": f"$(string.{key}-explain)", "key": REGISTRY}
        policy = ET.SubElement(policies, "policy", {"name": key, "class": "Both", **words})
        ET.SubElement(policy, "parentCategory", ref="AutoEnroll")
        ET.SubElement(policy, "supportedOn", ref="SUPPORTED")
        _value(policy, key, about)
    return root


def _value(policy: ET.Element, key: str, about: dict[str, Any]) -> None:
    """How a policy's value is written: 1 and 0, one of some words, a number, or a text."""
    if about["type"] == "boolean" if "type" in about else False:
        policy.set("valueName", key)
        for name, number in (("enabledValue", "1"), ("disabledValue", "0")):
            ET.SubElement(ET.SubElement(policy, name), "decimal", value=number)
        return
    policy.set("presentation", f"$(presentation.{key})")
    elements = ET.SubElement(policy, "elements")
    if "enum" in about:
        choice = ET.SubElement(elements, "enum", id=key, valueName=key, required="true")
        for word in filter(None, about["enum"]):
            item = ET.SubElement(choice, "item", displayName=f"$(string.{key}-{word})")
            ET.SubElement(ET.SubElement(item, "value"), "string").text = word
    elif about["type"] == "integer":
        limits = {"minValue": str(about["minimum"]), "maxValue": str(about["maximum"])}
        ET.SubElement(elements, "decimal", id=key, valueName=key, required="true", **limits)
    else:
        ET.SubElement(elements, "text", id=key, valueName=key, maxLength=str(about["maxLength"]))


def _adml(properties: dict[str, dict[str, Any]]) -> ET.Element:
    root = ET.Element("policyDefinitionResources", {"xmlns": NAMESPACE, "revision": "1.0", "schemaVersion": "1.0"})
    ET.SubElement(root, "displayName").text = "AutoEnroll Desktop"
    ET.SubElement(root, "description").text = "What an administrator decides for AutoEnroll Desktop"
    resources = ET.SubElement(root, "resources")
    strings, presentations = ET.SubElement(resources, "stringTable"), ET.SubElement(resources, "presentationTable")
    texts = {"AutoEnroll": "AutoEnroll Desktop", "SUPPORTED": "AutoEnroll Desktop 0.1 or later"}
    for key, about in properties.items():
        title = key.replace("-", " ").capitalize()
        texts |= {key: title, f"{key}-explain": about["description"]}
        texts |= {f"{key}-{word}": word for word in about.get("enum", ()) if word}
        if about.get("type") != "boolean":
            presentation = ET.SubElement(presentations, "presentation", id=key)
            if "enum" in about:
                ET.SubElement(presentation, "dropdownList", refId=key).text = f"{title}:"
            elif about["type"] == "integer":
                ET.SubElement(
                    presentation, "decimalTextBox", refId=key, defaultValue=str(about["default"])
                ).text = f"{title}:"
            else:
                ET.SubElement(ET.SubElement(presentation, "textBox", refId=key), "label").text = f"{title}:"
    for name, text in texts.items():
        ET.SubElement(strings, "string", id=name).text = text
    return root


if __name__ == "__main__":
    sys.exit(main())
