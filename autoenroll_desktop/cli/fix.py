"""`autoenroll fix`, and what `check --out` writes beside its report."""

import argparse
import datetime as dt
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoenroll_desktop.cli.arguments import EXIT, USAGE, Verbs, verb, words_in
from autoenroll_desktop.cli.files_given import files_given, inputs
from autoenroll_desktop.cli.keep import keep_recipe_of, note_produced
from autoenroll_desktop.domain.identifiers import mask_ppsn
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError

if TYPE_CHECKING:
    from autoenroll_desktop.actions.check_pay_run import Given
    from autoenroll_desktop.actions.fix_pay_run import Workbench
    from autoenroll_desktop.actions.write_files import Offer
    from autoenroll_desktop.fixes.recipe import Entry, Recipe
    from autoenroll_desktop.store.store import Store

_FORMS = ("as-it-is", "correction", "fresh")


def add_fix(verbs: Verbs) -> None:
    """Add the verb."""
    fix = verb(verbs, "fix", _fix, "put files right")
    inputs(fix)
    fix.add_argument("--recipe", type=Path, metavar="FILE", help="do the steps recorded in this file")
    fix.add_argument("--kept", action="store_true",
                     help="do the steps that were kept when an earlier run of this employer was put right")  # fmt: skip
    fix.add_argument("--certain", action="store_true", help="take every suggestion that is determined")
    fix.add_argument("--merge", action="append", default=[], type=Path, metavar="FILE",
                     help="take over what was changed in an annotated workbook or exceptions file")  # fmt: skip
    fix.add_argument("--out", type=Path, metavar="PATH", help="the corrected file, or a folder for everything written")
    fix.add_argument("--save-recipe", type=Path, metavar="FILE", help="record the steps done")
    fix.add_argument("--submission", choices=_FORMS, default="as-it-is",
                     help="for a payroll submission: not sent yet, sent and accepted, or sent and refused")  # fmt: skip
    fix.add_argument("--client", default="", metavar="NAME", help="the client, for file names")
    fix.add_argument("--replace", action="store_true", help="overwrite files of the same name")
    fix.add_argument("--lang", choices=("en", "ga"), default="")


def _fix(arguments: argparse.Namespace) -> int:
    with files_given(arguments) as (given, store):
        return _put_right(arguments, given, words_in(arguments.lang), store)


def _put_right(arguments: argparse.Namespace, given: "Given", words: Words, store: "Store | None") -> int:
    from autoenroll_desktop.actions import fix_pay_run as fixing
    from autoenroll_desktop.actions.check_pay_run import prepare, readable
    from autoenroll_desktop.actions.kept_recipes import needed_recipe
    from autoenroll_desktop.actions.recipe_file import read_recipe, write_recipe

    if not (arguments.recipe or arguments.kept or arguments.certain or arguments.merge):
        raise AppError("Nothing was said to be done", "", "Give --recipe FILE, --kept, --certain or --merge FILE")
    recipe = read_recipe(arguments.recipe) if arguments.recipe else None
    start = fixing.start(prepare(given, arguments.now or dt.datetime.now(dt.UTC)))
    for file in start.checked.files:
        if file.error:
            print(file.error, file=sys.stderr)
    if not readable(start.checked):
        return USAGE
    bench = _replayed(start, recipe, words) if recipe else start
    bench = _replayed(bench, needed_recipe(store, start.checked), words) if arguments.kept else bench
    bench = fixing.fix_certain(bench) if arguments.certain else bench
    for path in arguments.merge:
        bench = _merged(bench, path, words)
    _tell(start, bench, words)
    if arguments.save_recipe:
        name = arguments.client or arguments.save_recipe.stem
        kept = write_recipe(fixing.recipe(bench, name), arguments.save_recipe)
        print(words.say("write.written", path=kept))
        if store is not None:
            note_produced(store, bench.checked, "recipe", kept)
    if arguments.out:
        _write_corrected(bench, arguments, words, store)
    if store is not None and (arguments.save_recipe or arguments.out):
        keep_recipe_of(store, bench, words)
    return EXIT[bench.checked.verdict.answer.value]


def _replayed(bench: "Workbench", recipe: "Recipe", words: Words) -> "Workbench":
    from autoenroll_desktop.actions.fix_pay_run import replay

    replayed = replay(bench, recipe)
    print(words.say("fix.recipe", name=recipe.name, fitted=len(replayed.fitted), steps=len(recipe)))
    for entry in replayed.left:
        print("  " + words.say("fix.left", step=_in_words(entry, words)))
    return replayed.bench


def _tell(start: "Workbench", bench: "Workbench", words: Words) -> None:
    """What was done, the verdict before and after, and what still blocks."""
    cells = sum(map(len, bench.stepped.edits))
    print(words.say("fix.changed", steps=len(bench.history.done), cells=cells, lines=len(bench.stepped.dropped)))
    for key, checked in (("before", start.checked), ("after", bench.checked)):
        verdict = words.say(f"verdict.{checked.verdict.answer.value}")
        print(words.say(f"fix.{key}", verdict=verdict, tally=words.tally(checked)))
    for finding in bench.checked.findings:
        if finding.severity.blocks:
            print(f"  {words.title(finding)} ({len(finding)}) [{finding.code}]")


def _merged(bench: "Workbench", path: Path, words: Words) -> "Workbench":
    from autoenroll_desktop.actions.fix_pay_run import do
    from autoenroll_desktop.actions.merge_back import merge

    merged = merge(bench, path)
    print(words.say("fix.merged", name=path.name, cells=merged.cells))
    for what, rows in (("unknown", merged.unknown), ("missing", merged.missing)):
        if rows:
            print("  " + words.say(f"fix.{what}", rows=_listed(rows)))
    for one in merged.unread:
        field = words.say(f"heading.{one.field}")
        text = mask_ppsn(one.text) if one.field == "ppsn" else one.text
        print("  " + words.say("fix.unread", row=one.row, field=field, text=text))
    return do(bench, merged.step) if merged.step else bench


def _listed(rows: Iterable[int]) -> str:
    numbers = [str(row) for row in rows]
    return ", ".join(numbers[:12]) + (" …" if len(numbers) > 12 else "")


def _in_words(entry: "Entry", words: Words) -> str:
    """A step of a recipe; PPSNs masked."""
    if entry.do == "meaning":
        return words.say("fix.step-meaning", word=entry.was, status=words.say(f"status.{entry.now}"))
    if entry.do == "edit":
        was, now = (mask_ppsn(text) if entry.field == "ppsn" else text for text in (entry.was, entry.now))
        return words.say("fix.step-edit", field=words.say(f"heading.{entry.field}"), was=was or "–", now=now or "–")
    code = entry.finding.partition("/")[0]
    title = words.headline(code) if code in words.codes() else entry.finding
    return words.say("fix.step", title=title)


def _write_corrected(bench: "Workbench", arguments: argparse.Namespace, words: Words, store: "Store | None") -> None:
    """The corrected file under the name given; everything that can be written where a folder was given."""
    from autoenroll_desktop.actions.write_files import Output, offers

    offered = offers(bench, arguments.client)
    corrected = [offer for offer in offered if offer.output is Output.CORRECTED]
    out: Path = arguments.out
    how: dict[str, Any] = {"replace": arguments.replace, "form": arguments.submission, "store": store}
    if out.is_dir() or (not out.suffix and not out.exists()):
        write_all(bench, out, words, client=arguments.client, **how)
        return
    if not corrected:
        print(words.say("fix.nothing"), file=sys.stderr)
        return
    if len(corrected) > 1:
        names = ", ".join(bench.checked.files[offer.file or 0].name for offer in corrected)
        raise AppError("Several files were corrected", names, "Give --out a folder")
    _write(bench, corrected[0], out, words, **how)


def write_all(
    bench: "Workbench",
    folder: Path,
    words: Words,
    *,
    client: str = "",
    replace: bool = False,
    form: str = "as-it-is",
    store: "Store | None" = None,
) -> None:
    """Write everything but the report that can be written into a folder, under its suggested names.

    What is there already under such a name is kept, and said, unless it may be replaced. What is written is noted in
    the store where there is one.
    """
    from autoenroll_desktop.actions.write_files import AlreadyThere, Output, offers

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AppError(f"{folder} cannot be used as a folder", error.strerror or "", "Choose another folder") from error
    for offer in offers(bench, client):
        if offer.errors or offer.output is Output.REPORT:
            continue
        try:
            _write(bench, offer, folder / offer.name, words, replace=replace, form=form, store=store)
        except AlreadyThere:
            print(words.say("write.kept", name=offer.name), file=sys.stderr)
        except AppError as error:  # the others can still be written
            print(error, file=sys.stderr)


def _write(
    bench: "Workbench", offer: "Offer", path: Path, words: Words, *, replace: bool, form: str, store: "Store | None"
) -> None:
    from autoenroll_desktop.actions.check_pay_run import DUBLIN
    from autoenroll_desktop.actions.write_files import Submission, write

    written = write(bench, offer, path, words=words, form=Submission(form), replace=replace)
    print(words.say("write.written", path=written.path), file=sys.stderr)
    if offer.produced_before is not None:
        at = offer.produced_before.astimezone(DUBLIN)
        print("  " + words.say("write.produced-before", at=at), file=sys.stderr)
    if store is not None:
        note_produced(store, bench.checked, str(offer.output), written)
    for one in written.unplaced:
        field = words.say(f"heading.{one.field}") if words.knows(f"heading.{one.field}") else one.field
        reason = words.say(f"write.{one.reason}")
        print("  " + words.say("write.unplaced", field=field, lines=one.lines, reason=reason), file=sys.stderr)
    for code in written.new_notes:
        print("  " + words.say("write.new-note", title=words.headline(code)), file=sys.stderr)
