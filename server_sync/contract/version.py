"""The protocol's number. The service speaks two: this one and the one before it.

1. The first: offices, people, devices, uploads, reports, documents, the change feed, the audit chain.
"""

PROTOCOL = 1
OLDEST = 1
"""The lowest number still answered."""
HEADER = "Autoenroll-Protocol"
"""The header a request names its number in; a request without it is taken to speak `PROTOCOL`."""
