"""The central service: it holds an office's sealed bytes and cannot read them. `contract/` is all the desktop
imports.
"""
