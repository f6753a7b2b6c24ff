"""The pages a browser comes back to.

They decide nothing: the licence comes by the webhook, whether this page opens or not.
"""

from server_sync.web.call import Call

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} – AutoEnroll Desktop</title>
<style>body{{font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:12vh auto;padding:0 1em}}
body{{color:#1d2733;background:#fff}}
h1{{font-size:1.5em}}@media(prefers-color-scheme:dark){{body{{color:#e6ebf0;background:#16202b}}}}</style></head>
<body><main><h1>{title}</h1>{text}</main></body></html>
"""
THANKS = PAGE.format(
    title="Thank you",
    text="<p>You can close this page and go back to AutoEnroll Desktop: the licence arrives there by itself, usually "
    "within seconds. A bank transfer or direct debit takes a few days; until then the trial goes on.</p>"
    "<p>The receipt and the licence file also come by e-mail.</p>",
)
BACK = PAGE.format(
    title="Nothing was changed here",
    text="<p>You can close this page and go back to AutoEnroll Desktop. Everything you checked stays yours; buy or "
    "change the licence whenever it suits.</p>",
)


def licence_thanks(_call: Call) -> bytes:
    """After paying."""
    return THANKS.encode()


def licence_back(_call: Call) -> bytes:
    """After leaving the checkout or the portal."""
    return BACK.encode()
