"""How fast the law is: seconds are printed, ratios within one run are asserted, and memory.

Goals on a quiet machine: 20,000 lines with history checked again in 0.1 s, 100,000 in 0.6 s, 1,000,000 in 8 s and 3 GB
(`dev.py campaign million`).
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autoenroll_desktop.rules.engine import apply_rules
from autoenroll_desktop.rules.reconcile import reconcile
from tests.bench.making_runs import case_of, made

FULL = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"


def quickest(size: int, weeks: int, rounds: int) -> tuple[float, float]:
    """The least seconds, and of them those of this process, of a check after the first."""
    run, past, aepns = made(size, weeks)
    seconds, own = [], []
    for _ in range(rounds + 1):
        begun, begun_own = time.perf_counter(), time.process_time()
        case = case_of(run, past, aepns)
        findings = apply_rules(case)
        reconcile(case)
        seconds.append(time.perf_counter() - begun)
        own.append(time.process_time() - begun_own)
    assert sum(len(one) for one in findings if one.code == "contribution-rounding") > size // 1500
    print(f"\n{size:>9,} lines, {weeks} earlier weeks: {min(seconds[1:]):.3f} s, {min(own[1:]):.3f} s of the processor")
    return min(seconds[1:]), min(own[1:])


def test_lines_cost_the_same_each() -> None:
    """Five times the lines cost about five times as much: a little is the same for any run, and big columns miss caches."""
    (_, small), (_, large) = quickest(20_000, 0, 4), quickest(100_000, 0, 2)
    assert large < 9 * small


def test_earlier_weeks_cost_next_to_nothing_when_checked_again() -> None:
    (_, alone), (_, with_weeks) = quickest(20_000, 0, 4), quickest(20_000, 4, 4)
    assert with_weeks < 2.5 * alone


MILLION = """
import sys, time
from pathlib import Path
from autoenroll_desktop.rules.engine import apply_rules
from tests.bench.making_runs import case_of, made
run, past, aepns = made(1_000_000)
begun, own = time.perf_counter(), time.process_time()
apply_rules(case_of(run, past, aepns))
seconds, own = time.perf_counter() - begun, time.process_time() - own
peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(seconds, own, int(peak) // 1024)
"""


@pytest.mark.skipif(not FULL, reason="dev.py campaign million")
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_million_lines(root: Path) -> None:
    done = subprocess.run([sys.executable, "-c", MILLION], capture_output=True, text=True, check=True, cwd=root)
    seconds, own, peak = done.stdout.split()
    print(f"\n1,000,000 lines: {float(seconds):.1f} s, {float(own):.1f} s of the processor, {peak} MB at most")
    assert int(peak) < 3_000
