"""Revenue's notices about people: RPNs and the list of employees, which item is which field in JSON and XML alike.

Source: Revenue, rpn-schema-pit4.xsd and employee-schema.xsd.
"""

from collections.abc import Mapping

ITEMS: Mapping[str, str] = {
    "rpnNumber": "rpn_number",
    "employeeID/employeePpsn": "ppsn",
    "employeeID/employmentID": "employment_id",
    "previousEmployeePPSN": "previous_ppsn",
    "employerReference": "works_number",
    "name/firstName": "first_name",
    "name/familyName": "family_name",
    "employmentCessationDate": "leave_date",
    "prsiClass": "prsi_class",
    "statePensionCont": "state_pension",
}
"""JSON path → field."""

EMPLOYEE: Mapping[str, str] = {
    "ppsn": "ppsn",
    "familyName": "family_name",
    "firstName": "first_name",
    "dob": "date_of_birth",
    "employmentrefnum": "works_number",
    "employmentId": "employment_id",
    "startDate": "start_date",
    "directorMarker": "director",
}
"""Attribute of an employee in the XML list of employees → field."""
