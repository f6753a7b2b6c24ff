"""The Secret Service itself: gnome-keyring on a message bus of its own, unlocked, used, lost, and recovered from."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MISSING = [name for name in ("gnome-keyring-daemon", "dbus-run-session") if shutil.which(name) is None]
IN_SESSION = """
import contextlib, io, sys
import keyring
from autoenroll_desktop.cli import main
from autoenroll_desktop import paths
from autoenroll_desktop.store.keys import read_key_file
from autoenroll_desktop.store.os_keyring import SERVICE

def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    print(code, arguments[:2], out.getvalue().strip().replace("\\n", " | ")[:300], err.getvalue().strip()[:300], sep=" # ")
    return out.getvalue()

print(type(keyring.get_keyring()).__module__)
check = ("check", sys.argv[1], "--now", "2026-11-26T15:12:00+00:00")
run(*check)
file = read_key_file(paths.store())
print("in the keyring:", len(keyring.get_password(SERVICE, file.store)), file.passphrase, file.keyring)
code = run("store", "recovery-code").split("\\n    ")[1].split("\\n")[0]
keyring.delete_password(SERVICE, file.store)
run(*check)
run("store", "recover", code)
run("store", "runs")
"""


@pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")
def test_gnome_keyring_used_lost_and_recovered_from(tmp_path: Path, sample: Path) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON_KEYRING", "DBUS", "XDG"))
    }
    environment |= {
        "HOME": str(tmp_path / "home"),
        "XDG_RUNTIME_DIR": str(runtime),
        "AUTOENROLL_DATA": str(tmp_path / "data"),
        "WHICH": str(sample / "weekly-2026-11-26.csv"),
        "PYTHON": sys.executable,
        "CODE": IN_SESSION,
    }
    (tmp_path / "home").mkdir()
    script = (
        'echo -n pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "$PYTHON" -c "$CODE" "$WHICH"'
    )
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    told = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr[-2000:]
    assert told[0] == "keyring.backends.SecretService"
    assert told[1].startswith("1 # ")
    assert "Kept as run" in told[1]
    assert told[2] == "in the keyring: 64 None True"
    assert told[3].startswith("0 # ('store', 'recovery-code')")
    assert "Nothing is kept of this check. The store's key is not in this computer's keyring" in told[4]
    assert told[4].startswith("1 # ")
    assert told[5].startswith("0 # ('store', 'recover')")
    assert "weekly-2026-11-26.csv" in told[6]
