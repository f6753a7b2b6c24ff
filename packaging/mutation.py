"""Changes the rules and the domain in thousands of small ways and counts the changes no test notices.

`dev.py campaign mutation [GROUP…]` runs it with the packages of `compare.lock`. mutmut leaves decorated functions alone,
and every rule is one: so it works on a copy in which a decorator is applied below its function instead of above it.
Each group of modules is judged by the quick tests that are about it. What survives is listed; what survives rightly is
explained in `tests/desktop/rules/survivors.md`; those that only name the type of an array, the kind of a sort or the
like are counted apart, because they are the same by another name. MUTATION_SAMPLE=3,7 takes only mutants whose number ends in 3 or 7.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "mutation"
RULES, DOMAIN, TESTS = "autoenroll_desktop/rules", "autoenroll_desktop/domain", "tests/desktop"
TABLES = [f"{TESTS}/rules/{name}.py" for name in ("test_together", "test_law", "test_reference")]
GROUPS: dict[str, tuple[list[str], list[str]]] = {
    "identity": (
        [f"{RULES}/identity.py", f"{RULES}/people.py", f"{RULES}/employment_ids.py"],
        [f"{TESTS}/rules/test_suggestions.py", f"{TESTS}/rules/test_whole_findings.py", *TABLES],
    ),
    "pay": (
        [f"{RULES}/{name}.py" for name in ("pay_run", "pay_period", "period_diff", "history", "past")],
        [*(f"{TESTS}/rules/test_{name}.py" for name in ("case", "past", "payments", "period_diff", "sent")), *TABLES],
    ),
    "aepn": (
        [f"{RULES}/{name}.py" for name in ("aepn", "register", "matching", "keys")],
        [*(f"{TESTS}/rules/test_{name}.py" for name in ("matching", "expected", "whole_findings")), *TABLES],
    ),
    "contributions": (
        [f"{RULES}/{name}.py" for name in ("contributions", "expected", "taken", "wrong_base", "year_to_date")],
        [
            *(
                f"{TESTS}/rules/{name}.py"
                for name in ("test_expected", "test_year_to_date", "test_vectors", "test_wrong_base")
            ),
            *TABLES,
        ],
    ),
    "pension": (
        [f"{RULES}/{name}.py" for name in ("pension", "exemption")],
        [f"{TESTS}/rules/test_exemption.py", *TABLES],
    ),
    "expectation": ([f"{RULES}/expectation.py"], [f"{TESTS}/rules/test_expectation.py", *TABLES]),
    "timing": (
        [f"{RULES}/{name}.py" for name in ("timing", "opt_out", "notices")],
        [f"{TESTS}/rules/test_timing_rules.py", f"{TESTS}/rules/test_notices.py", *TABLES],
    ),
    "reconcile": (
        [f"{RULES}/{name}.py" for name in ("reconcile", "rejections", "file")],
        [f"{TESTS}/rules/test_reconcile.py", f"{TESTS}/rules/test_sent.py"],
    ),
    "engine": (
        [f"{RULES}/{name}.py" for name in ("engine", "case", "columns", "ages", "rule", "totals", "verdict")],
        [*(f"{TESTS}/rules/test_{name}.py" for name in ("ages", "engine", "case", "columns", "past")), *TABLES],
    ),
    "dates": (
        [f"{RULES}/{name}.py" for name in ("book", "calendar", "duties", "after_cut_off")],
        [
            f"{TESTS}/rules/{name}.py"
            for name in ("test_book", "test_calendar", "test_duties", "test_after_cut_off", "test_whole_answers")
        ],
    ),
    "domain": (
        [f"{DOMAIN}/*.py"],
        [
            f"{TESTS}/domain",
            *(
                f"{TESTS}/rules/{name}.py"
                for name in ("test_sent", "test_together", "test_whole_answers", "test_catalogue", "test_reconcile")
            ),
        ],
    ),
}
"""Group → the modules that are changed and the tests that must notice."""
COPIED = ("autoenroll_desktop", "server_sync", "resources", "tests", "packaging")
CONFIG = """
[tool.mutmut]
source_paths = ["autoenroll_desktop"]
only_mutate = {modules}
also_copy = ["autoenroll_desktop", "server_sync", "resources", "tests", "packaging"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:pytest-qt", "-p", "no:benchmark"]
use_git_change_detection = false
[tool.pytest.ini_options]
addopts = ""
markers = ["slow: takes long"]
"""
SURVIVED, NO_TEST, NOT_RUN = 0, 33, None
_TYPE = r"(?:np\.\w+|object|bool|str|None|\"[^\"]*\")"
_BY_ANOTHER_NAME = re.compile(
    rf",?\s*dtype={_TYPE}|,?\s*kind=(?:None|\"\w*\")|,?\s*strict=\w+|(?<=to_numpy\()(?:{_TYPE})?(?=[,)])|,\s*(?=\))"
)
"""What `survivors.md` says makes no difference wherever it stands."""


def undecorated(source: str) -> str:
    """The module with `@rule(…)`, `@cached_property` and the like applied below their functions.

    Example: "@cached_property\\ndef a(self): …" becomes "def a(self): …\\na = cached_property(a)".
    """
    lines = source.split("\n")
    found = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and any(
            not isinstance(one, ast.Name) or one.id not in ("staticmethod", "classmethod")
            for one in node.decorator_list
        )
    ]
    for node in sorted(found, key=lambda one: -one.lineno):
        indent = " " * node.col_offset
        text = f"{node.name}"
        for decorator in reversed(node.decorator_list):
            text = f"({ast.unparse(decorator)})({text})"
        lines.insert(node.end_lineno or node.lineno, f"{indent}{node.name} = {text}")
        first = node.decorator_list[0].lineno - 1
        lines[first : node.lineno - 1] = [""] * (node.lineno - 1 - first)
    return "\n".join(lines)


def prepare(group: str) -> Path:
    """A copy of what the group needs, ready for mutmut.

    Modules that are as before keep their mutants and results, unless a test has changed since: it may see more.
    """
    modules, tests = GROUPS[group]
    home, judges_changed = HOME / group, False
    for file in (file for name in COPIED for file in (ROOT / name).rglob("*") if file.is_file()):
        path = file.relative_to(ROOT)
        if not {"__pycache__", "bench"} & set(path.parts):
            changed = any(path.match(pattern) for pattern in modules)
            data = undecorated(file.read_text(encoding="utf-8")).encode() if changed else file.read_bytes()
            target = home / path
            if not target.exists() or target.read_bytes() != data:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
                judges_changed |= path.parts[0] == "tests"
    if judges_changed:
        shutil.rmtree(home / "mutants", ignore_errors=True)
    there = [one for one in tests if (home / one).exists()]
    (home / "pyproject.toml").write_text(CONFIG.format(modules=json.dumps(modules), tests=json.dumps(there)))
    return home


def counted(home: Path, sample: list[str]) -> tuple[int, list[str]]:
    """How many mutants of the sample (patterns; all where there are none) were judged, and the names of those that live."""
    judged, alive = 0, []
    for file in sorted((home / "mutants").rglob("*.meta")):
        for name, code in json.loads(file.read_text(encoding="utf-8")).get("exit_code_by_key", {}).items():
            if sample and not any(fnmatchcase(name, pattern) for pattern in sample):
                continue
            judged += code is not NOT_RUN
            if code in (SURVIVED, NO_TEST):
                alive.append(name)
    return judged, alive


def same(home: Path, mutant: str) -> bool:
    """Whether a survivor is its original but for the type of an array, the kind of a sort and the like."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant], cwd=home, check=False, capture_output=True, text=True
    ).stdout.splitlines()
    was, now = (
        [_BY_ANOTHER_NAME.sub("", line[1:]) for line in shown if line[:1] == sign and line[:3] != sign * 3]
        for sign in "-+"
    )
    return bool(was) and was == now


def main(wanted: list[str]) -> int:
    """Run the groups named, or all; 1 when more than one mutant in ten lives and is no original by another name."""
    judged = survived = named = 0
    sample = [f"*__mutmut_*{end}" for end in os.environ.get("MUTATION_SAMPLE", "").split(",") if end]
    for group in wanted or GROUPS:
        home = prepare(group)
        quiet = {**os.environ, "HYPOTHESIS_PROFILE": "mutation", "QT_QPA_PLATFORM": "offscreen"}
        quiet["PYTEST_DEBUG_TEMPROOT"] = str(home)  # where no other run of pytest clears up
        with (home / "log.txt").open("w", encoding="utf-8") as log:
            subprocess.run(
                [sys.executable, "-m", "mutmut", "run", "--max-children", os.environ.get("MUTATION_WORKERS", "1"), *sample],
                cwd=home, env=quiet, check=False, stdout=log, stderr=log,
            )  # fmt: skip
        count, alive = counted(home, sample)
        alike = [mutant for mutant in alive if same(home, mutant)]
        judged, survived, named = judged + count, survived + len(alive), named + len(alike)
        print(
            f"{group:<14}{count:6} mutants, {count - len(alive):6} killed, {100 * (count - len(alive)) / max(count, 1):5.1f} %"
            f"; {len(alike)} of the others are the same by another name",
            flush=True,
        )
        (home / "alive.txt").write_text("\n".join(one for one in alive if one not in alike) + "\n")
    print(
        f"{'all':<14}{judged:6} mutants, {judged - survived:6} killed, {100 * (judged - survived) / max(judged, 1):5.1f} %"
        f"; {named} of the others are the same by another name"
    )
    return int(judged == 0 or (survived - named) * 10 > judged)


if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(GROUPS)
    if unknown:
        print(f"No such group: {', '.join(sorted(unknown))}. There are: {', '.join(GROUPS)}", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1:]))
