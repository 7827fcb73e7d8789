"""Who answers at an address of this machine."""

import errno
import http.client
import json
import socket

from tracker.ports.checkup import Listener

_PATIENCE = 2.0
"""Seconds that an answer may take."""
_MOST = 65_536
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where others listen, it is asked here


def listener(host: str, port: int) -> Listener:
    """Return who listens there; tracker's own servers say so at /readyz. Whatever cannot be used is said in words."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "tracker" if _is_ours(_HERE.get(host, host), port) else "another"
        return error.strerror or str(error)
    return "nobody"


def _is_ours(host: str, port: int) -> bool:
    asked = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        asked.request("GET", "/readyz")
        return "parts" in json.loads(asked.getresponse().read(_MOST))
    except (OSError, http.client.HTTPException, ValueError, TypeError):
        return False
    finally:
        asked.close()
