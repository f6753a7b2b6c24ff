"""One file per thing a person can do. The window and the terminal call the same functions."""
