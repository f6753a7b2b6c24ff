"""Reports: finished things, sealed; kept and listed, never changed."""
