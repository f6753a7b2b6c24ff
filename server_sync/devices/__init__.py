"""Devices: registering, letting in, revoking; tokens; the office key in its sealed forms."""
