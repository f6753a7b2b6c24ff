"""Releases: the repository updates come from, the service's own keys of it, and handing it out."""
