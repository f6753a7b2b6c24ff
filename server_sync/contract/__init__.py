"""The wire between the desktop and the central service: messages, routes, problems, what is signed. Needs msgspec only.

`README.md` beside this file says how the parts fit together and lists everything the service may see.
"""
