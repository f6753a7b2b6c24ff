"""How long a clerk waits after "Fix all"."""

import pytest

from autoenroll_desktop.actions import fix_pay_run as fixing
from autoenroll_desktop.actions.check_pay_run import Given, prepare
from tests.bench.making_files import write_aepns, write_csv
from tests.making import NOW

LINES = 5_000


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> fixing.Workbench:
    """A run of 5,000 lines, each without its employment ID."""
    folder = tmp_path_factory.mktemp("fix")
    path = write_csv(folder / "pay.csv", LINES)
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    at = rows[0].index("Employment ID")
    path.write_text("\n".join(",".join([*row[:at], row[at] if row is rows[0] else "", *row[at + 1 :]]) for row in rows))
    aepns = write_aepns(folder / "aepn.json", LINES)
    return fixing.start(prepare(Given(pay=(path,), aepn=(aepns,)), NOW))


def test_fix_all_alike(benchmark, bench: fixing.Workbench) -> None:
    """Goal: 5,000 alike findings fixed, checked again and totals refreshed within 0.3 s."""
    finding = next(one for one in bench.checked.findings if one.code == "employment-id-missing")
    assert len(finding) == LINES

    def fix_all() -> fixing.Workbench:
        return fixing.do(bench, fixing.fix(bench, bench.proposals(finding)[0]))

    after = benchmark.pedantic(fix_all, rounds=5, warmup_rounds=1)
    assert all(one.code != "employment-id-missing" for one in after.checked.findings)
    print(f"fix all: {benchmark.stats.stats.min:.3f} s")
    assert benchmark.stats.stats.min < 0.3


def test_undo(benchmark, bench: fixing.Workbench) -> None:
    """The step back costs one check."""
    finding = next(one for one in bench.checked.findings if one.code == "employment-id-missing")
    after = fixing.do(bench, fixing.fix(bench, bench.proposals(finding)[0]))
    before = benchmark.pedantic(lambda: fixing.undo(after), rounds=5, warmup_rounds=1)
    assert len(before.checked.findings) == len(bench.checked.findings)
    assert benchmark.stats.stats.min < 0.3
