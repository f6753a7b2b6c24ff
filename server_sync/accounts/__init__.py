"""Offices and the people in them: making, joining, roles, passwords, erasing, exporting, the audit chain."""
