"""The words of `autoenroll-server admin release`, apart from what they do, so that asking for help loads nothing."""

import argparse
from pathlib import Path

from server_sync.contract.release import CHANNELS


def add_words(parser: argparse.ArgumentParser) -> None:
    """Add the verbs of releases to a parser."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("new-keys", help="make the service's three release keys; their .pub go to the ceremony")
    publish = acts.add_parser(
        "publish", help="take in a repository folder signed offline, and offer its newest version"
    )
    publish.add_argument("folder", type=Path)
    _about_an_offer(publish, channel="pilot", percent=10)
    publish.add_argument("--notes-en", type=Path, required=True, help="release notes, plain text")
    publish.add_argument("--notes-ga", type=Path, required=True)
    promote = acts.add_parser("promote", help="offer to a channel what another one has, or to more devices")
    promote.add_argument("version")
    _about_an_offer(promote, channel="stable", percent=100)
    for name, about in (("pause", "offer nothing new for the moment"), ("resume", "offer again what was held back")):
        acts.add_parser(name, help=about).add_argument("--channel", choices=CHANNELS, required=True)
    withdraw = acts.add_parser("withdraw", help="take a version back in every channel and offer the one before it")
    withdraw.add_argument("version")
    acts.add_parser("status", help="what is offered, and until when the signatures hold")
    acts.add_parser("refresh", help="sign the timestamp again if it runs out soon; the worker does it by itself")


def _about_an_offer(parser: argparse.ArgumentParser, channel: str, percent: int) -> None:
    parser.add_argument("--channel", choices=CHANNELS, default=channel)
    parser.add_argument("--percent", type=int, default=percent, help=f"of the devices; default {percent}")
    parser.add_argument("--minimum", default=None, help="older versions are told that they must update")
