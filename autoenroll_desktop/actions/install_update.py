"""Look for a newer version, fetch it, try it, and have it start next time."""

import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from autoenroll_desktop import __version__, log, paths
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.policy.policies import Policies
from autoenroll_desktop.updates import event_log
from autoenroll_desktop.updates.handover import Scope, environment_for, scope_of
from autoenroll_desktop.updates.versions import Versions, put_in_place
from server_sync.contract.release import Build, Offer, build_target, offer_target

if TYPE_CHECKING:
    from autoenroll_desktop.updates.offer import Decision
    from autoenroll_desktop.updates.trust import Repository

_T = TypeVar("_T")
SELF_TEST_SECONDS = 300


class Outcome(StrEnum):
    """What came of it."""

    CURRENT = "current"
    WAITING = "waiting"
    PAUSED = "paused"
    ANNOUNCED = "announced"
    INSTALLED = "installed"
    REFUSED_HERE = "refused-here"


@dataclass(frozen=True)
class Setup:
    """Where updates come from and go to.

    `present` is the folder of the running frozen program, or None from source; `may_install` is False where an
    administrator looks after the installation.
    """

    url: str
    root: bytes
    versions: Versions
    channel: str = "stable"
    platform: str = ""
    running: str = __version__
    present: Path | None = None
    may_install: bool = True
    proxy: str = ""
    extra_ca: Path | None = None


@dataclass(frozen=True)
class Told:
    """An outcome with the version it is about and its release notes (language → text)."""

    outcome: Outcome
    version: str
    required: bool = False
    withdrawn: bool = False
    notes: dict[str, str] | None = None


def setup_here(policies: Policies, resources: Path) -> Setup:
    """The setup of this installation. Raises AppError where updates are off or this build has no keys for them."""
    if policies.update_lane == "off":
        raise AppError("Updates are off on this computer", "a policy set by your administrator says so (update-lane)")
    try:
        root = (resources / "keys" / "update-root.json").read_bytes()
        url = (resources / "keys" / "update-url.txt").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise AppError(
            "This build takes no updates", "it was made without the keys that releases are signed with"
        ) from error
    if policies.service_url:
        url = policies.service_url.rstrip("/") + "/v1/releases"
    versions = Versions(paths.updates())
    frozen = Path(sys.executable).parent if getattr(sys, "frozen", False) else None
    own = frozen is not None and scope_of(frozen, versions) is Scope.USER
    return Setup(
        url=url,
        root=root,
        versions=versions,
        channel=policies.update_channel,
        platform=platform_name(),
        present=frozen,
        may_install=own and policies.update_lane == "install",
        proxy=policies.proxy,
        extra_ca=Path(policies.extra_ca) if policies.extra_ca else None,
    )


def install_update(
    setup: Setup, *, only_look: bool = False, progress: Callable[[int], None] = lambda _more: None
) -> Told:
    """Look, and where something is offered and may be installed: fetch, put in place, self-test, choose.

    The running program is not touched; the new version starts the next time. `progress` gets bytes as they come.
    Raises `UpdateRefused`, `CannotCheck` or another AppError; after each of them everything is as it was before.
    """
    from autoenroll_desktop.updates.offer import Answer, decide

    repository, done = _open(setup, progress)
    with _alone(setup), done:
        repository.refresh()
        scratch = setup.versions.home / "downloads"
        offer = _decoded(repository.read(offer_target(setup.channel), scratch), Offer)
        decision = decide(offer, setup.running, _device(setup.versions))
        if decision.answer in (Answer.CURRENT, Answer.WAITING, Answer.PAUSED):
            return _told(Outcome(decision.answer.value), decision, offer)
        if decision.version in setup.versions.refused():
            return _told(Outcome.REFUSED_HERE, decision, offer)
        if only_look or not setup.may_install:
            return _told(Outcome.ANNOUNCED, decision, offer)
        build = _decoded(repository.read(build_target(decision.version, setup.platform), scratch), Build)
        if build.version != decision.version or build.platform != setup.platform:
            raise AppError("The update is not for this computer", f"{build.version} for {build.platform}")
        _put_in_place(setup, repository, build, scratch, progress)
        _take_up(setup, decision.version)
    return _told(Outcome.INSTALLED, decision, offer)


def _take_up(setup: Setup, version: str) -> None:
    """Have a version start from now on if it passes its own self-test. Raises AppError where it does not."""
    problem = try_out(setup.versions.folder(version))
    code = "update-refused-here" if problem else "update-chosen"
    log.note(code, version=version)
    event_log.tell(code, version)
    if problem:
        setup.versions.refuse(version)
        action = "Keep working with this version; please tell us about it"
        raise AppError(f"Version {version} does not work on this computer", problem, action)
    setup.versions.choose(version)
    setup.versions.tidy(keep={version, setup.running, *_before(setup.versions)})


@contextlib.contextmanager
def _alone(setup: Setup) -> Iterator[None]:
    """One update at a time; a refusal is noted on its way out."""
    from autoenroll_desktop.updates.refusals import UpdateRefused
    from autoenroll_desktop.updates.versions import alone

    try:
        with alone(setup.versions.home):
            yield
    except UpdateRefused as refused:
        log.note("update-refused", attack=refused.attack.value)
        event_log.tell("update-refused", refused.attack.value)
        raise
    except OSError as error:
        action = "Make room on the disk, or ask whoever looks after your computers"
        raise AppError("The update cannot be kept here", error.strerror or "", action) from error


def try_out(folder: Path) -> str:
    """Run a version's own self-test; what is wrong with it, or ""."""
    program = folder / ("autoenroll.exe" if os.name == "nt" else "autoenroll")
    try:
        done = subprocess.run(  # noqa: S603 - its files were just verified against their signed list
            [program, "selftest"],
            capture_output=True,
            text=True,
            timeout=SELF_TEST_SECONDS,
            env=environment_for(os.environ),
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        return "its self-test did not come to an end"
    except OSError as error:
        return f"it does not start: {error.strerror}"
    failed = [line[5:] for line in done.stdout.splitlines() if line.startswith("FAIL ")]
    if done.returncode == 0:
        return ""
    return (
        f"its self-test failed: {'; '.join(failed)[:300]}" if failed else f"its self-test ended with {done.returncode}"
    )


def platform_name() -> str:
    """What builds for this computer are called: "linux-x86_64", "windows-x86_64", "macos-arm64" …"""
    import platform

    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    machine = platform.machine().lower()
    return f"{system}-{ {'amd64': 'x86_64', 'aarch64': 'arm64'}.get(machine, machine) }"


def _open(
    setup: Setup, progress: Callable[[int], None]
) -> tuple["Repository", contextlib.AbstractContextManager[object]]:
    from autoenroll_desktop.sync.connection import session
    from autoenroll_desktop.updates.fetcher import Fetcher
    from autoenroll_desktop.updates.trust import Repository

    try:
        http = session(proxy=setup.proxy, extra_ca=setup.extra_ca, agent=f"AutoEnroll/{setup.running}")
    except OSError as error:
        why = f"{setup.extra_ca}: {error.strerror or error}"
        raise AppError("The certificates the policy names cannot be read", why) from error
    fetcher = Fetcher(http, setup.versions.home / "parts", progress)
    return Repository(setup.versions.home / "metadata", setup.url, setup.root, fetcher), http


def _put_in_place(
    setup: Setup, repository: "Repository", build: Build, scratch: Path, progress: Callable[[int], None]
) -> None:
    from autoenroll_desktop.updates.refusals import Attack, UpdateRefused
    from autoenroll_desktop.updates.unpack import unpack, verify

    there = setup.versions.folder(build.version)
    if there.is_dir() and not verify(there, build):
        return
    whole = [one for one in build.archives if not one.since]
    smaller = [one for one in build.archives if one.since == setup.running and setup.present is not None]
    for archive in (*smaller, *whole):
        try:
            unpack(repository.download(archive.target, scratch), build, setup.versions, setup.present, progress)
        except UpdateRefused as refused:
            if archive.since and refused.attack is Attack.ALTERED:
                continue  # a file of the running version is not as it was released: take the whole archive
            raise
        return
    raise AppError("The update cannot be fetched", f"no whole archive of {build.version} is published")


def _decoded(data: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AppError(
            "The update information is of a newer kind", str(error), "Install the new version by hand"
        ) from error


def _device(versions: Versions) -> str:
    """A random number that says nothing about anybody; it only decides when this device's turn comes."""
    path = versions.home / "device"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if device := path.read_text(encoding="utf-8").strip():
            return device
    device = uuid.uuid4().hex
    with contextlib.suppress(OSError):
        put_in_place(path, device)
    return device


def _before(versions: Versions) -> set[str]:
    chosen = versions.chosen()
    return {chosen.before} - {""} if chosen else set()


def _told(outcome: Outcome, decision: "Decision", offer: Offer) -> Told:
    from autoenroll_desktop.updates.offer import Answer

    required = decision.answer is Answer.REQUIRED
    return Told(outcome, decision.version, required=required, withdrawn=decision.withdrawn, notes=offer.notes)
