"""How fast a check is. Seconds are printed; what is asserted are ratios within one run, and memory."""

import csv
import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import python_calamine

from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
from tests.bench.making_files import write_aepns, write_csv, write_xlsx

NOW = dt.datetime(2026, 11, 26, 15, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("bench")


def plain_read(path: Path) -> float:
    """Seconds the bare reader takes for the same file."""
    started = time.perf_counter()
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass
    return time.perf_counter() - started


@pytest.mark.parametrize(("size", "rounds"), [(500, 10), (10_000, 5)])
def test_csv_check(benchmark, folder: Path, size: int, rounds: int) -> None:
    """Goals on a quiet machine: 500 lines 0.1 s, 10,000 0.4 s, 100,000 1.5 s."""
    path = write_csv(folder / f"{size}.csv", size)
    checked = benchmark.pedantic(lambda: check_pay_run(Given(pay=(path,), employer="8000074DH"), NOW), rounds=rounds)
    assert len(checked.run) == size


def test_with_aepns(benchmark, folder: Path) -> None:
    path, aepns = write_csv(folder / "matched.csv", 10_000), write_aepns(folder / "aepns.json", 10_000)
    checked = benchmark.pedantic(lambda: check_pay_run(Given(pay=(path,), aepn=(aepns,)), NOW), rounds=3)
    assert (checked.buckets["matched"], checked.buckets["amount_differs"]) == (9_989, 11)


def test_xlsx_is_mostly_the_workbook_reader(benchmark, folder: Path) -> None:
    path = write_xlsx(folder / "10000.xlsx", 10_000)
    benchmark.pedantic(lambda: check_pay_run(Given(pay=(path,), employer="8000074DH"), NOW), rounds=3)
    started = time.perf_counter()
    python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert benchmark.stats.stats.min < 6 * (time.perf_counter() - started)


FRESH = """
import datetime as dt, sys, time
from pathlib import Path
from autoenroll_desktop.actions.check_pay_run import Given, check_pay_run
given, now = Given(pay=(Path(sys.argv[1]),), employer="8000074DH"), dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
started = time.perf_counter()
lines = len(check_pay_run(given, now).run)
seconds = time.perf_counter() - started
status = Path("/proc/self/status")
peak = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")) if status.exists() else 0
print(lines, seconds, int(peak) // 1024)
"""


def test_100_000_lines_in_a_fresh_process(benchmark, folder: Path) -> None:
    """Goals: 1.5 s after imports on a quiet machine, under 500 MB."""
    path = write_csv(folder / "100000.csv", 100_000)
    told: list[tuple[float, int]] = []

    def run() -> None:
        done = subprocess.run([sys.executable, "-c", FRESH, str(path)], capture_output=True, text=True, check=True)
        lines, seconds, peak = done.stdout.split()
        assert int(lines) == 100_000
        told.append((float(seconds), int(peak)))

    benchmark.pedantic(run, rounds=3)
    seconds, peak = min(told)
    benchmark.extra_info.update(seconds=seconds, peak_mb=peak)
    print(f"100,000 lines: {seconds:.2f} s after imports, {peak} MB")
    assert peak < 500
    assert seconds < 20 * min(plain_read(path) for _ in range(3))


def test_the_program_on_the_sample(benchmark) -> None:
    """Goal: 1.2 s from process start to exit."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "autoenroll_desktop.cli", "sample"]
    done = benchmark.pedantic(
        lambda: subprocess.run(command, capture_output=True, check=False, env=environment), rounds=4, warmup_rounds=1
    )
    assert done.returncode == 1


def test_the_window_is_there(benchmark) -> None:
    """Goal: 1.0 s from process start until the window has been painted."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    code = (
        "import datetime as dt, sys\nfrom PySide6.QtWidgets import QApplication\nfrom autoenroll_desktop.app import build_window, load_font, paths\n"
        "application = QApplication([])\nload_font(paths.resources() / 'fonts')\nwindow = build_window(lambda: dt.datetime.now(dt.UTC))\n"
        "window.show()\napplication.processEvents()\nwindow.grab()\n"
        "sys.exit('heavy' if 'pandas' in sys.modules else 0)"
    )
    done = benchmark.pedantic(
        lambda: subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=environment),
        rounds=4,
        warmup_rounds=1,
    )
    assert done.returncode == 0
