"""Shared documents: settings, clients, recipes. Each change names the version it was made from, so nothing is
overwritten unseen.
"""
