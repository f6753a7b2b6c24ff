"""Licences: grants and their ledger, seats, signed tokens and files, and what the operator does by hand."""
