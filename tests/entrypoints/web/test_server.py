"""The web server parts from callers who say nothing."""

import http.client
import socket
from time import sleep

from starlette.responses import PlainTextResponse

from tracker.entrypoints.web.server import WebServer, open_socket


def test_who_calls_and_says_nothing_is_hung_up_on() -> None:
    """Half a request, and none at all, are waited for only so long; who asks again and again is not cut off."""
    listening = open_socket("127.0.0.1:0")
    place: tuple[str, int] = listening.getsockname()
    server = WebServer(PlainTextResponse("ok"), listening, patience=0.6)
    server.start()
    with socket.create_connection(place, timeout=30) as half, socket.create_connection(place, timeout=30) as none:
        half.sendall(b"GET / HTTP/1.1\r\nHos")
        line = http.client.HTTPConnection(*place, timeout=30)
        line.connect()
        kept = line.sock
        for _ in range(8):
            line.request("GET", "/")
            assert line.getresponse().read() == b"ok"
            sleep(0.2)
        assert line.sock is kept
        assert (half.recv(1), none.recv(1)) == (b"", b"")
        line.close()
    server.stop()
