"""The wire: what the desktop and the service say to one another, and nothing else."""
