"""A small, honest Stripe for tests: the real `stripe` library talks to it over a loopback socket.

It keeps customers, products, prices, checkout sessions, subscriptions, invoices, charges, refunds, disputes, portal
sessions and events, with the field names of the installed library's own types (a test compares them), refuses
parameters the library does not know, answers idempotency keys as Stripe does, and fails any call when told to.
Its own clock moves only when told. What cannot be had here is said in `server.py`.
"""
