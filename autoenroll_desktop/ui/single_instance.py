"""One window a person: a second start hands its files to the first and ends.

The two speak over a local socket that only this user may open. What is handed over is checked like any other input.
"""

import getpass
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 1500
_LONGEST = 1_000_000


def instance_name(data: Path) -> str:
    """The socket's name for one user and one folder of data."""
    digest = hashlib.sha256(f"{getpass.getuser()} {data}".encode()).hexdigest()
    return f"autoenroll-desktop-{digest[:16]}"


def hand_over(name: str, files: Sequence[Path]) -> bool:
    """Give files to a window that is open already; False where there is none."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(json.dumps([str(file.resolve()) for file in files]).encode() + b"\n")
    socket.flush()
    answered = socket.waitForReadyRead(_WAIT_MS) and bytes(socket.readAll().data()).startswith(b"taken")
    socket.disconnectFromServer()
    return answered


class FilesFromOutside(QObject):
    """Listens for further starts. `came`: the files they were given, possibly none."""

    came = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def listen(self, name: str) -> bool:
        """Begin to listen; False where that is not possible, and then every start opens a window of its own."""
        if self._server.listen(name):
            return True
        QLocalServer.removeServer(name)  # left behind by a start that was killed
        return self._server.listen(name)

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.setReadBufferSize(_LONGEST)
        socket.readyRead.connect(lambda: self._read(socket))
        socket.disconnected.connect(socket.deleteLater)
        if socket.bytesAvailable():
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        try:
            names = json.loads(bytes(socket.readLine().data()))
        except ValueError:
            names = None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            socket.disconnectFromServer()
            return
        socket.write(b"taken\n")
        socket.flush()
        self.came.emit([Path(name) for name in names])
