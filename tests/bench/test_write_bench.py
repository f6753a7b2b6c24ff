"""How long writing takes. Seconds are printed; what is asserted are ratios within one run."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from autoenroll_desktop import paths
from autoenroll_desktop.actions import fix_pay_run as fixing
from autoenroll_desktop.actions.check_pay_run import Given, prepare
from autoenroll_desktop.actions.export_report import export_report
from autoenroll_desktop.actions.fix_pay_run import Workbench
from autoenroll_desktop.actions.write_files import Output, offers, write
from autoenroll_desktop.domain.words import Words
from tests.bench.making_files import rows, write_aepns, write_csv
from tests.making import NOW

WORDS = Words.load(paths.resources())


def bench_of(folder: Path, size: int, known: int | None = None) -> Workbench:
    """A run of `size` lines, the first `known` of them with AEPNs (all when left out); the others are errors."""
    pay = write_csv(folder / f"{size}.csv", size)
    aepns = write_aepns(folder / f"{size}.json", size if known is None else known)
    return fixing.start(prepare(Given(pay=(pay,), aepn=(aepns,)), NOW))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("write")


def seconds(job: Callable[[], object]) -> float:
    """Processor seconds a job takes, which others on the machine hardly change."""
    started = time.process_time()
    job()
    return time.process_time() - started


def bare(path: Path, size: int) -> None:
    """As many cells as an annotated workbook has, written by the bare library."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet()
    for at, cells in enumerate(rows(size)):
        for column, cell in enumerate([*cells, *cells[:8]]):
            page.write_string(at, column, cell)
    book.close()


def test_annotated_workbook_of_20_000_lines(folder: Path) -> None:
    """Goal: 6 s on a quiet machine, written, read again and compared."""
    bench = bench_of(folder, 20_000)
    offer = next(one for one in offers(bench) if one.output is Output.ANNOTATED)
    whole = seconds(lambda: write(bench, offer, folder / "annotated.xlsx", words=WORDS))
    plain = seconds(lambda: bare(folder / "bare.xlsx", 20_000))
    print(f"annotated workbook of 20,000 lines: {whole:.2f} s; its cells by the bare library {plain:.2f} s")
    assert whole < 8 * plain


def test_pdf(folder: Path) -> None:
    """Goals on a quiet machine: 500 employees 0.5 s, 10,000 lines 6 s, an error in each. It grows with its lines."""
    checked = {size: bench_of(folder, size, 10).checked for size in (500, 10_000)}
    export_report(checked[500], folder / "warm.pdf", words=WORDS)
    taken = {
        size: min(
            seconds(lambda one=one, size=size: export_report(one, folder / f"{size}.pdf", words=WORDS))
            for _ in range(2)
        )
        for size, one in checked.items()
    }
    print(f"PDF of 500 employees: {taken[500]:.2f} s, of 10,000 lines: {taken[10_000]:.2f} s")
    assert taken[10_000] < 40 * taken[500]


def test_corrected_file(folder: Path) -> None:
    """A corrected CSV of 10,000 lines with every employee's amount changed, read again and compared."""
    bench = bench_of(folder, 10_000)
    lines = fixing.np.arange(10_000)
    values = fixing.np.array([*range(10_000)], dtype=object)
    step = fixing.Step(
        fixing.StepKind.EDIT, changes=(fixing.change_of(bench.checked.run.lines, "ae_employee", lines, values),)
    )
    check = seconds(lambda: fixing.undo(fixing.do(bench, step)))
    after = fixing.do(bench, step)
    offer = next(one for one in offers(after) if one.output is Output.CORRECTED)
    whole = seconds(lambda: write(after, offer, folder / "corrected.csv", words=WORDS))
    print(f"corrected CSV of 10,000 edited lines: {whole:.2f} s; two checks {check:.2f} s")
    assert whole < 12 * check
