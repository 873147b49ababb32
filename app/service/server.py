"""The server: a port of its own, pygeoapi behind `app.service.web`, ended by ctrl-C."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_THREADS: Final = 4
_WAITING: Final = 32


def open_port(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises
    ------
    OSError
        If the port is taken, or may not be used, or the host is not this machine's.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    opened = socket.socket(family, kind, protocol)
    try:
        # Else a service that is started again waits a minute for its port.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(_WAITING)
    except OSError:
        opened.close()
        raise
    return opened


def quiet_down() -> None:
    """Log failures only, to standard error. To be called before pygeoapi is, which would take standard output."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.ERROR)
    # What it refuses it calls an error; that is told to who asked.
    logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)


def run(application: Callable[..., Any], opened: socket.socket) -> None:
    """Answer until ctrl-C or a polite end (SIGTERM)."""
    from waitress.server import create_server  # noqa: PLC0415

    server = create_server(application, sockets=[opened], threads=_THREADS, ident=None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.run()
    server.close()
