"""Painters of rows that need more than one line of text."""
