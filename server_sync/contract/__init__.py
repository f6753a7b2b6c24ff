"""The wire: what the desktop and the central service both read and write. The only part the desktop imports."""
