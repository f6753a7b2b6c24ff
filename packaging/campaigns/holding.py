"""What campaigns have in common: commands that have to go through, what has to hold, and telling what held."""

import subprocess
import time


def ran(
    *command: object, check: bool = True, env: dict[str, str] | None = None, seconds: float = 1800
) -> subprocess.CompletedProcess[str]:
    """Run a command and keep what it prints. Raises SystemExit where it fails, unless `check` is false."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=env, timeout=seconds)
    if check and done.returncode:
        raise SystemExit(f"FAIL {' '.join(words[:8])}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done


def holds(condition: bool, otherwise: str) -> None:
    """Go on where the condition holds. Raises SystemExit with `otherwise` where it does not."""
    if not condition:
        raise SystemExit(f"FAIL {otherwise}")


def said(what: str, detail: str = "", started: float | None = None) -> None:
    """Tell what held, and how long it took where `started` (of `time.monotonic`) is given."""
    seconds = "" if started is None else f"{time.monotonic() - started:.0f} s"
    more = ", ".join(part for part in (detail, seconds) if part)
    print(f"ok   {what}" + (f" ({more})" if more else ""), flush=True)


def version_after(number: str) -> str:
    """The version after one: 0.1.0 → 0.1.1."""
    first, second, third = number.split(".")
    return f"{first}.{second}.{int(third) + 1}"
