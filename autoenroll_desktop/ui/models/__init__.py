"""Qt models over columns: they only show."""
