"""`autoenroll-server`: run the central service, migrate its database, look after it."""

import argparse
import datetime as dt
import os
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from server_sync.errors import ServiceError
from server_sync.releases.words import add_words
from server_sync.settings import Settings, from_environment, new_key

ENVIRONMENT = """environment:
  DATABASE_URL            a PostgreSQL of yours, under a role with the rights of autoenroll_serve
  MIGRATE_DATABASE_URL    the same under the role that owns the tables; default DATABASE_URL
  DB_POOLER=transaction   a transaction pooler stands before it
  AUTOENROLL_SIGNING_KEY  signs tokens; NEW,OLD while one replaces the other
  AUTOENROLL_SECRET_KEY   hashes e-mail addresses and seals one-time secrets; losing it locks sign-in
  AUTOENROLL_SERVER_DATA  the folder of the embedded database and its keys
  PUBLIC_URL              the service's address, which tokens are made for and a browser comes back to
  AUTOENROLL_LICENCE_KEY  signs licences: IN-USE,NEXT as `admin keys new` makes them; without it there are none
  STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET   what licences are sold with; NEW,OLD secrets while one replaces the other
  SMTP_URL, MAIL_FROM     sends licence files: smtp+starttls://user:password@host:587
  BLOB_URL                where uploads are kept: file:///srv/blobs, or s3://bucket/folder?region=eu-west-1&endpoint=https://host
                          with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without it in the database
  BACKUP_STAMP            a file that is touched after each backup; `doctor --production` looks at its age
  PROXY_HOPS              how many proxies of yours set X-Forwarded-For
  PLACES                  requests one process works on at once, 8; more where commits are slow
  REQUESTS_PER_MINUTE, STRANGERS_PER_MINUTE, METRICS_TOKEN, LOG_FORMAT=text
TLS is the proxy's; it should buffer requests."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; 0 when it went well, 1 when it could not, 2 when it was asked wrongly."""
    words = _parser().parse_args(argv)
    if words.verb == "admin" and words.what == "new-key":
        print(new_key())
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    try:
        if words.verb == "admin" and words.what == "keys":
            from server_sync.licences.commands import run_keys

            run_keys(words, print)
            return 0
        settings = from_environment(os.environ, words.data)
        return _run(words, settings)
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(words: argparse.Namespace, settings: Settings) -> int:
    from server_sync.database.migrate import migrate
    from server_sync.serve import database_urls, run_worker, serve

    if words.verb == "serve":
        serve(settings, words.host, words.port, words.workers)
    elif words.verb == "worker":
        run_worker(settings)
    elif words.verb == "migrate":
        with database_urls(settings) as (_, url):
            print(f"The database is at revision {migrate(url)}.")
    elif words.verb == "admin" and words.what == "release":
        from server_sync.releases.operator import act

        print(act(words, settings, dt.datetime.now(dt.UTC)))
    elif words.verb == "admin":
        _administer(words, settings)
    elif words.verb == "doctor":
        return _examine(words, settings)
    return 0


def _examine(words: argparse.Namespace, settings: Settings) -> int:
    from server_sync.doctor import examine
    from server_sync.licences.examining import examine_selling
    from server_sync.production import examine_production
    from server_sync.serve import database_urls, now
    from server_sync.walking import walk_through

    with database_urls(settings) as (url, _):
        findings = examine(settings, url)
        if all(finding.good for finding in findings if finding.item.startswith("the schema")):
            findings += examine_selling(settings.selling, url, now())
            if words.production:
                findings += examine_production(settings, url, now())
    if words.through:
        findings += walk_through(words.through)
    for finding in findings:
        print(finding)
    return 0 if all(finding.good for finding in findings) else 1


def _administer(words: argparse.Namespace, settings: Settings) -> None:
    from server_sync.licences.commands import run_licences, run_plans
    from server_sync.operator import counts, fleet
    from server_sync.serve import database_urls, now

    if words.what == "plans":
        run_plans(settings.selling, print)
        return
    with database_urls(settings) as (url, _):
        if words.what == "counts":
            print(counts(url))
        elif words.what == "chunks":
            print(_move(words.does, settings, url))
        elif words.what == "fleet":
            print(fleet(url, now().date()))
        else:
            run_licences(words, settings.selling, url, now(), print)


def _move(where: str, settings: Settings, url: str) -> str:
    from server_sync.database.engine import Database
    from server_sync.storage.interface import StorageFailed
    from server_sync.uploads.moving import move_in, move_out

    storage, database = settings.storage.open(), Database(url, 2, pooler=settings.pooler)
    if storage is None:
        raise ServiceError("BLOB_URL is not set", "It names where chunks go to, or come from")
    try:
        moved, stayed = (move_out if where == "out" else move_in)(database, storage)
    except StorageFailed as error:
        raise ServiceError(f"The storage failed ({error.args[0]})", "Run it again: it goes on where it was") from error
    finally:
        database.close()
    if stayed:
        raise ServiceError(f"{moved} chunks were moved; {stayed} are lost or spoilt and stay where they are")
    return f"{moved} chunks were moved."


def _parser() -> argparse.ArgumentParser:
    from server_sync.licences.commands import add_commands

    parser = argparse.ArgumentParser(
        prog="autoenroll-server",
        description="The central service of AutoEnroll Desktop.",
        epilog=ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=version("autoenroll-desktop"))
    parser.add_argument("--data", type=Path, help="the folder of the embedded database (AUTOENROLL_SERVER_DATA)")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    serving = verbs.add_parser("serve", help="run the service; without DATABASE_URL on a PostgreSQL of its own")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    serving.add_argument("--workers", type=int, default=1, help="HTTP processes")
    verbs.add_parser("worker", help="run only the worker, beside further HTTP processes")
    verbs.add_parser("migrate", help="bring the database to this release's schema")
    doctor = verbs.add_parser("doctor", help="check that everything the service needs is there")
    doctor.add_argument("--through", metavar="ADDRESS", help="and walk through the service that answers there")
    doctor.add_argument("--production", action="store_true", help="and that these settings may face the internet")
    admin = verbs.add_parser("admin", help="keys, counts, releases, licences, prices")
    whats = admin.add_subparsers(dest="what", required=True, metavar="WHAT")
    whats.add_parser("new-key", help="make a key").set_defaults(needs="nothing")
    whats.add_parser("counts", help="each office in counts and sizes").set_defaults(needs="database")
    chunks = whats.add_parser("chunks", help="move kept uploads out to BLOB_URL, or in to the database")
    chunks.add_argument("does", choices=["out", "in"])
    chunks.set_defaults(needs="database")
    whats.add_parser("fleet", help="which version how many devices run").set_defaults(needs="database")
    add_words(whats.add_parser("release", help="publish, promote, pause and withdraw releases of the desktop"))
    add_commands(whats)
    return parser


if __name__ == "__main__":
    sys.exit(main())
