"""How updates come over HTTP: a broken download goes on.

requests rather than python-tuf's own fetcher: the office's proxy, its private certificate authority and the
system's certificate store are the same for updates and for syncing (`sync.connection`).
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import requests
from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError
from tuf.ngclient.fetcher import FetcherInterface

CHUNK = 256 * 1024
WAIT = (10, 30)
"""Seconds to wait for a connection, and between two pieces of an answer."""


class Fetcher(FetcherInterface):
    """Fetches for python-tuf, which verifies; remembers what came last, so that a refusal can be named.

    A target that broke off is kept in `parts` under its content-addressed name and goes on from there.
    """

    def __init__(
        self, http: requests.Session, parts: Path, progress: Callable[[int], None] = lambda _more: None
    ) -> None:
        self._http = http
        self._parts = parts
        self._progress = progress
        self._kept: Path | None = None
        self._answer: requests.Response | None = None
        self.part = ""
        self.came = b""

    def _fetch(self, url: str) -> Iterator[bytes]:
        name = url.rpartition("/")[2]
        if name.endswith(".json") and "/targets/" not in url:
            self.part = name.removesuffix(".json").rpartition(".")[2]
            return self._small(url)
        self.part = name.partition(".")[2]
        self.came = b""
        self._kept = self._parts / name
        return self._large(url, self._kept)

    def _small(self, url: str) -> Iterator[bytes]:
        self.came = b""
        answer = self._get(url, {})
        return self._remembered(answer)

    def _remembered(self, answer: requests.Response) -> Iterator[bytes]:
        for piece in self._pieces(answer):
            self.came += piece
            yield piece

    def _large(self, url: str, kept: Path) -> Iterator[bytes]:
        have = kept.stat().st_size if kept.exists() else 0
        try:
            answer = self._get(url, {"Range": f"bytes={have}-"} if have else {})
        except DownloadHTTPError:
            if not have:
                raise
            have, answer = 0, self._get(url, {})  # somebody in between does not like to be asked for a part
        goes_on = answer.status_code == requests.codes.partial and answer.headers.get("Content-Range", "").startswith(
            f"bytes {have}-"
        )
        complete = answer.status_code == requests.codes.requested_range_not_satisfiable
        return self._resumed(answer, kept, goes_on=goes_on, complete=complete)

    def _resumed(self, answer: requests.Response, kept: Path, *, goes_on: bool, complete: bool) -> Iterator[bytes]:
        kept.parent.mkdir(parents=True, exist_ok=True)
        if goes_on or complete:
            with kept.open("rb") as old:
                while piece := old.read(CHUNK):
                    self._progress(len(piece))
                    yield piece
        if complete:
            answer.close()
            return
        with kept.open("ab" if goes_on else "wb") as file:
            for piece in self._pieces(answer):
                file.write(piece)
                self._progress(len(piece))
                yield piece

    def close(self) -> None:
        """Let go of the last answer, which python-tuf leaves half read when it refuses it."""
        if self._answer is not None:
            self._answer.close()
            self._answer = None

    def forget(self) -> None:
        """Throw away what was kept of the last large download: it was verified, or it was refused."""
        if self._kept is not None:
            self._kept.unlink(missing_ok=True)
            self._kept = None

    def _get(self, url: str, headers: dict[str, str]) -> requests.Response:
        try:
            answer = self._http.get(url, headers=headers, stream=True, timeout=WAIT)
        except requests.Timeout as error:
            raise SlowRetrievalError from error
        except requests.RequestException as error:
            raise DownloadError(type(error).__name__) from error
        self._answer = answer
        if answer.status_code >= 400 and answer.status_code != requests.codes.requested_range_not_satisfiable:
            answer.close()
            raise DownloadHTTPError(f"status {answer.status_code}", answer.status_code)
        return answer

    @staticmethod
    def _pieces(answer: requests.Response) -> Iterator[bytes]:
        try:
            yield from answer.iter_content(CHUNK)
        except requests.Timeout as error:
            raise SlowRetrievalError from error
        except requests.RequestException as error:
            raise DownloadError(type(error).__name__) from error
        finally:
            answer.close()
