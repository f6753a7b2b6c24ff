"""Revenue's own samples and schemas, from beside the checkout; tests that need them are skipped where they are not."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples" / "revenue-ie"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="Revenue's samples are not beside this checkout")
_PIT4 = SAMPLES / "PIT4"


def faults_in_json(content: dict[str, Any]) -> list[str]:
    """What Revenue's schemas have against a submission: the envelope's, and the REST API's for what is in it."""
    envelope = json.loads(
        (_PIT4 / "Screens" / "ROS_Payroll_Reporting_JSON_Envelope_schema_pit4.json").read_text(encoding="utf-8")
    )
    api = json.loads((_PIT4 / "rest" / "paye-employers-rest-api-pit4.json").read_text(encoding="utf-8"))
    body = {"$ref": "#/definitions/PayrollSubmission", "definitions": api["definitions"]}
    faults = [*_faults(content.get("requestBody", content), body)]
    if "requestBody" in content:
        faults += _faults(content, envelope)
    return faults


def _faults(content: Any, schema: dict[str, Any]) -> list[str]:
    found = jsonschema.Draft4Validator(schema).iter_errors(content)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in found]


def faults_in_xml(content: bytes) -> list[str]:
    """What Revenue's schema has against a submission in XML."""
    schema = etree.XMLSchema(etree.parse(_PIT4 / "soap" / "v1" / "payroll" / "payroll-schema-pit4.xsd"))
    root = etree.fromstring(content)
    name = "{http://www.ros.ie/schemas/paye-employers/v1/payroll/}PayrollSubmissionRequest"
    request = root if root.tag == name else next(root.iter(name))
    schema.validate(etree.fromstring(etree.tostring(request)))
    return [one.message for one in schema.error_log]


def submissions(ending: str) -> list[Path]:
    """Revenue's payroll submissions of a format that its own schema has nothing against."""
    found = []
    for path in sorted(SAMPLES.rglob(f"*{ending}")):
        content = path.read_bytes()
        if ending == ".xml" and re.search(rb"<[\w.:-]*PayrollSubmissionRequest\b", content) and b"Payslip>" in content:
            found += [path] if not faults_in_xml(content) else []
        elif (
            ending == ".json" and b'"payslips"' in content and b'"grossPay"' in content and b'"swagger"' not in content
        ):
            found += [path] if not faults_in_json(json.loads(content)) else []
    return found
