"""What was written, for the Reports page."""

from autoenroll_desktop.store.written_files import WrittenFile, WrittenFiles

__all__ = ["WrittenFile", "WrittenFiles"]
