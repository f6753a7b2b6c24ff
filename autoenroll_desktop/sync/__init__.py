"""Talking to the central service; everything works without it."""
