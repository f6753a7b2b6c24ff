"""Uploads: sealed files in chunks, addressed by what they hold, kept once an office and never across offices."""
