"""Running the platform: for good, or on a thread inside another program, on loopback, with a port that the system chooses."""

from __future__ import annotations

import socket
import threading
import time
from types import TracebackType

import uvicorn

from sealdesk.central.app import create_app
from sealdesk.central.faults import Faults
from sealdesk.central.platform import Platform

LOOPBACK = "127.0.0.1"
_START_S = 20.0
_STOP_S = 10.0
_KEEP_ALIVE_S = 30


def run(platform: Platform, host: str = LOOPBACK, port: int = 8730, *, certificate_file: str = "", key_file: str = "") -> None:
    """Serve until the process is told to end. A certificate and its key make it HTTPS."""
    config = uvicorn.Config(
        create_app(platform),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        ssl_certfile=certificate_file or None,
        ssl_keyfile=key_file or None,
    )
    try:
        uvicorn.Server(config).run()
    finally:
        platform.close()


class ServerThread:
    """A platform on a thread of its own; a context manager. `address` is where it answers.

    Stopped, it can be started again on the same port with `start()`; whoever made the platform closes it.
    """

    def __init__(self, platform: Platform, port: int = 0, faults: Faults | None = None) -> None:
        self.platform = platform
        self.port = port
        self.app = create_app(platform, faults)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """The address of the platform, such as `http://127.0.0.1:41234`."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> ServerThread:
        """Begin to answer.

        Raises:
            OSError: the port is taken. TimeoutError: the server does not come up.
        """
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, self.port))
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self.app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="central", daemon=True)
        thread.start()
        until = time.monotonic() + _START_S
        while not server.started:
            if not thread.is_alive() or time.monotonic() > until:
                listening.close()
                raise TimeoutError("the platform does not come up")
            time.sleep(0.005)
        self._server, self._thread = server, thread
        return self

    def stop(self) -> None:
        """Stop answering; harmless when it has not begun."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_STOP_S)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(_STOP_S)
        self._server = self._thread = None

    def __enter__(self) -> ServerThread:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
