"""The release repository, verified by The Update Framework (python-tuf's client).

The trust starts at the root this build was frozen with, never at one that was downloaded. python-tuf takes its own
clock for expiry; everything it refuses is translated here, once, into our words.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.api.metadata import TargetFile
from tuf.ngclient import Updater, UpdaterConfig

from autoenroll_desktop.errors import AppError
from autoenroll_desktop.updates.fetcher import Fetcher
from autoenroll_desktop.updates.refusals import CannotCheck, translate

ROLES = ("root", "timestamp", "snapshot", "targets", "channels")
SMALL = 4_000_000
"""Bytes a signed document (an offer, a list of files) may have."""


class Repository:
    """What can be had from a release repository; nothing is asked for before `refresh`.

    `home` keeps the last trusted metadata, `url` ends before `metadata/` and `targets/`, `root` are the bytes of the
    root this build trusts.
    """

    def __init__(self, home: Path, url: str, root: bytes, fetcher: Fetcher) -> None:
        self._home = home
        self._url = url.rstrip("/")
        self._root = root
        self._fetcher = fetcher
        self._updater: Updater | None = None

    def refresh(self) -> None:
        """Bring the metadata up to date. Raises `UpdateRefused` or `CannotCheck`."""
        with self._translated():
            self._home.mkdir(parents=True, exist_ok=True)
            self._updater = Updater(
                metadata_dir=str(self._home),
                metadata_base_url=f"{self._url}/metadata/",
                target_base_url=f"{self._url}/targets/",
                fetcher=self._fetcher,
                config=UpdaterConfig(root_max_length=256_000, targets_max_length=2_000_000, max_root_rotations=64),
                bootstrap=self._root,
            )
            self._updater.refresh()

    def read(self, target: str, scratch: Path) -> bytes:
        """A small signed document. Raises `CannotCheck` where the repository has none of that name."""
        info = self._info(target)
        if info.length > SMALL:
            raise CannotCheck(f"{target} is larger than such a document can be")
        return self._fetch(info, scratch).read_bytes()

    def download(self, target: str, into: Path) -> Path:
        """A large target, verified; a download that broke off before goes on. The same errors as `refresh`."""
        return self._fetch(self._info(target), into)

    def _info(self, target: str) -> TargetFile:
        if self._updater is None:
            self.refresh()
        assert self._updater is not None
        with self._translated():
            info = self._updater.get_targetinfo(target)
        if info is None:
            raise CannotCheck(f"nothing is published under {target}")
        return info

    def _fetch(self, info: TargetFile, into: Path) -> Path:
        assert self._updater is not None
        into.mkdir(parents=True, exist_ok=True)
        path = into / info.path.rpartition("/")[2]
        with self._translated():
            if self._updater.find_cached_target(info, str(path)) is None:
                self._updater.download_target(info, str(path))
        self._fetcher.forget()
        return path

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        before = self._trusted()
        try:
            yield
        except DownloadError as error:
            refused = translate(error, self._fetcher.part, self._fetcher.came, self._trusted(before))
            if not isinstance(refused, CannotCheck):
                self._fetcher.forget()
            raise refused from error
        except RepositoryError as error:
            self._fetcher.forget()
            raise translate(error, self._fetcher.part, self._fetcher.came, self._trusted(before)) from error
        except OSError as error:
            action = "Make room on the disk, or ask whoever looks after your computers"
            raise AppError("The update cannot be kept here", error.strerror or "", action) from error
        finally:
            self._fetcher.close()

    def _trusted(self, before: dict[str, bytes] | None = None) -> dict[str, bytes]:
        """Role → bytes trusted before this step; the root is always the newest one."""
        found = {} if before is None else dict(before)
        for role in ROLES if before is None else ("root",):
            with contextlib.suppress(OSError):
                found[role] = (self._home / f"{role}.json").read_bytes()
        return found
