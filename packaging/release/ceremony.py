"""The key ceremony: make keys, start the release repository, sign, replace a key. Each step is one command.

    ceremony.py make-key KEYFILE                      one person, one stick; writes KEYFILE and KEYFILE.pub
    ceremony.py start REPOSITORY --root A.pub B.pub C.pub --targets D.pub E.pub F.pub
                --channels G.pub --snapshot H.pub --timestamp I.pub
    ceremony.py sign REPOSITORY/metadata/1.root.json --key KEYFILE          as often as the threshold asks
    ceremony.py replace REPOSITORY --role timestamp --old I.pub --new J.pub      makes the next root, to be signed
    ceremony.py missing REPOSITORY

Root and targets need two of three signatures; their keys never touch a machine with a network. Each key has a
passphrase of its own, asked for when it is used.
"""

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from release_keys import ask_person, make_key, open_key
from securesystemslib.signer import Key, SSlibKey

from server_sync.errors import ServiceError
from server_sync.releases.repository import ReleaseRepository

ROLES = ("root", "targets", "channels", "snapshot", "timestamp")


def main(argv: list[str] | None = None) -> int:
    """Do one step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("make-key").add_argument("key", type=Path, metavar="KEYFILE")
    start = steps.add_parser("start")
    start.add_argument("repository", type=Path)
    for role in ROLES:
        start.add_argument(f"--{role}", nargs="+", required=True, type=Path, metavar="PUB")
    sign = steps.add_parser("sign")
    sign.add_argument("file", type=Path)
    sign.add_argument("--key", required=True, type=Path)
    replace = steps.add_parser("replace")
    replace.add_argument("repository", type=Path)
    replace.add_argument("--role", required=True, choices=[role for role in ROLES if role != "channels"])
    replace.add_argument("--old", nargs="+", required=True, type=Path, metavar="PUB")
    replace.add_argument("--new", nargs="+", required=True, type=Path, metavar="PUB")
    steps.add_parser("missing").add_argument("repository", type=Path)
    arguments = parser.parse_args(argv)
    now = dt.datetime.now(dt.UTC)
    try:
        _do(arguments, now)
    except ServiceError as error:
        raise SystemExit(str(error)) from error
    return 0


def _do(arguments: argparse.Namespace, now: dt.datetime) -> None:
    match arguments.step:
        case "make-key":
            public = make_key(arguments.key, ask_person)
            written = arguments.key.with_name(arguments.key.name + ".pub")
            written.write_text(
                json.dumps({"keyid": public.keyid, **public.to_dict()}, indent=1) + "\n", encoding="utf-8"
            )
            print(f"{written}: {public.keyid}")
        case "start":
            keys = {role: [read_public(path) for path in getattr(arguments, role)] for role in ROLES}
            print(f"To be signed: {ReleaseRepository(arguments.repository).create(keys, now)}")
        case "sign":
            repository = ReleaseRepository(arguments.file.parent.parent)
            repository.sign(arguments.file, open_key(arguments.key, ask_person))
            print("\n".join(repository.missing()) or "Every signature is there.")
        case "replace":
            old = [read_public(path).keyid for path in arguments.old]
            new = [read_public(path) for path in arguments.new]
            path = ReleaseRepository(arguments.repository).change_keys(arguments.role, old, new, now)
            print(f"To be signed by the old and the new keys: {path}")
        case "missing":
            print("\n".join(ReleaseRepository(arguments.repository).missing()) or "Every signature is there.")


def read_public(path: Path) -> SSlibKey:
    """The public half of a key. Raises SystemExit where the file is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        key = Key.from_dict(found.pop("keyid"), found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SystemExit(f"{path} is no public key: {error}") from error
    if not isinstance(key, SSlibKey):
        raise SystemExit(f"{path} is a key of another kind")
    return key


if __name__ == "__main__":
    sys.exit(main())
