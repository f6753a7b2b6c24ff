"""People as Revenue knows them: from RPNs and the list of employees, which say who somebody is but not what is paid."""

from autoenroll_desktop.domain.pay_run import Kind

PEOPLE_FIELDS: dict[str, Kind] = {
    "employer_registration_number": Kind.TEXT,
    "ppsn": Kind.TEXT,
    "previous_ppsn": Kind.TEXT,
    "employment_id": Kind.TEXT,
    "works_number": Kind.TEXT,
    "first_name": Kind.TEXT,
    "family_name": Kind.TEXT,
    "date_of_birth": Kind.DATE,
    "start_date": Kind.DATE,
    "leave_date": Kind.DATE,
    "rpn_number": Kind.TEXT,
    "state_pension": Kind.FLAG,
    "director": Kind.FLAG,
    "prsi_class": Kind.TEXT,
}
"""Canonical field → type of its column. `state_pension`: Revenue says that the person draws the State pension."""
