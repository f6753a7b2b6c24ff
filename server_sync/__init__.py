"""The central service. This release holds none yet; the desktop works without it."""
