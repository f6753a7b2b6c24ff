"""A file in its own layout with single cells changed: reading's mirror, every other byte as it was."""
