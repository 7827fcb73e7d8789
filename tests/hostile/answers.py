"""Hostile answers by name, each with the line in which its reading must end. Sizes suit a limit of a megabyte."""

import gzip
import zlib
from functools import cache

from tests.hostile.server import (
    FEED,
    Behaviour,
    chunk,
    chunked,
    drips,
    pours,
    redirects,
    reply,
    resets,
    says,
)

LIMIT = 1_000_000
READ = "2 entries"
TOO_LONG = f"the answer is longer than {LIMIT} bytes"
CUT_SHORT = "the answer was cut short"
LATE = "no complete answer within 0.4 s"
NOT_COMPRESSED = "the answer is not compressed as it says"
NOT_HTTP = "the answer is not HTTP"
LONG_HEADERS = "the headers of the answer are too long"
CLOSED = "the server closed the connection"
GZIP = "Content-Encoding: gzip"
PACKED = gzip.compress(FEED)

Cases = dict[str, tuple[Behaviour, str]]


@cache
def bomb(megabytes: int) -> bytes:
    """Return a gzip file of some kilobytes that unfolds to so many megabytes."""
    squeeze = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    return b"".join(squeeze.compress(bytes(1_000_000)) for _ in range(megabytes)) + squeeze.flush()


COMPRESSED: Cases = {
    "gzip bomb": (says(reply(bomb(30), GZIP)), TOO_LONG),
    "deflate bomb": (says(reply(zlib.compress(bytes(30_000_000)), "Content-Encoding: deflate")), TOO_LONG),
    "gzip bomb in gzip": (says(reply(gzip.compress(bomb(30)), "Content-Encoding: gzip, gzip")), TOO_LONG),
    "gzip in gzip": (says(reply(gzip.compress(PACKED), "Content-Encoding: gzip, gzip")), READ),
    "gzip in gzip, said once": (says(reply(gzip.compress(PACKED), GZIP)), "binary data, not a feed"),
    "noise behind gzip": (says(reply(PACKED + b"\0\0noise", GZIP)), READ),
    "gzip cut short": (says(reply(PACKED[:-20], GZIP)), CUT_SHORT),
    "gzip without its checksum": (says(reply(PACKED[:-8], GZIP)), CUT_SHORT),
    "gzip with a false checksum": (says(reply(PACKED[:-8] + bytes(8), GZIP)), NOT_COMPRESSED),
    "gzip of 300 members": (
        says(reply(gzip.compress(b"") * 300, GZIP)),
        "the answer is compressed in too many pieces",
    ),
    "gzip that is none": (says(reply(FEED, GZIP)), NOT_COMPRESSED),
    "gzip of nothing": (says(reply(b"", GZIP)), "empty answer"),
    "raw deflate": (says(reply(zlib.compress(FEED)[2:-4], "Content-Encoding: deflate")), READ),
    "brotli unasked": (
        says(reply(FEED, "Content-Encoding: br")),
        "the answer is compressed as br, which was not asked for",
    ),
    "zstd unasked": (
        says(reply(FEED, "Content-Encoding: zstd")),
        "the answer is compressed as zstd, which was not asked for",
    ),
    "a coding that is none": (says(reply(FEED, "Content-Encoding: UTF-8")), READ),
    "ten codings": (says(reply(FEED, "Content-Encoding:" + " gzip," * 10)), "the answer is compressed too often"),
}

SLOW: Cases = {
    "silence": (drips(b"", b""), LATE),
    "status line drips": (drips(b"HTTP/1.1 20", b"0"), LATE),
    "headers drip": (drips(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n"), LATE),
    "a header drips": (drips(b"HTTP/1.1 200 OK\r\nX: ", b"x"), LATE),
    "body drips": (drips(reply(b"", length=False), b"<"), LATE),
    "chunks drip": (drips(chunked(end=b""), b"1\r\nx\r\n"), LATE),
    "chunk size drips": (drips(chunked(end=b""), b"0"), LATE),
    "gzip drips": (drips(reply(PACKED[:20], GZIP, "Content-Length: 9999", length=False), b"\0"), LATE),
    "trailers without end": (pours(chunked(chunk(FEED), end=b"0\r\n"), b"X: 1\r\n" * 999), LATE),
    "100 Continue without end": (pours(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 999), LATE),
    "an error's body drips": (drips(reply(b"", status="500 Oops", length=False), b"x"), LATE),
}

LENGTHS: Cases = {
    "endless body": (pours(reply(b"", length=False), bytes(65_536)), TOO_LONG),
    "endless chunks": (pours(chunked(end=b""), chunk(bytes(65_536))), TOO_LONG),
    "50 MB": (pours(reply(b"", "Content-Length: 50000000", length=False), bytes(65_536)), TOO_LONG),
    "chunk of a size in words": (says(chunked(b"many\r\n", FEED)), CUT_SHORT),
    "chunk of size -1": (pours(chunked(b"-1\r\n", end=b""), bytes(65_536)), CUT_SHORT),
    "chunk larger than memory": (says(chunked(b"f" * 30 + b"\r\n", FEED)), CUT_SHORT),
    "chunk size without end": (pours(chunked(end=b""), b"1" * 65_536), LONG_HEADERS),
    "chunk shorter than it says": (says(chunked(b"ffff\r\n", FEED)), CUT_SHORT),
    "chunks without their last": (says(chunked(chunk(FEED), end=b"")), CUT_SHORT),
    "chunks and a false length": (
        says(chunked(chunk(FEED)).replace(b"\r\n\r\n", b"\r\nContent-Length: 9\r\n\r\n", 1)),
        READ,
    ),
    "length too long": (says(reply(FEED, "Content-Length: 9999", length=False)), CUT_SHORT),
    "length larger than memory": (says(reply(FEED, "Content-Length: " + "9" * 30, length=False)), CUT_SHORT),
    "length too short": (says(reply(FEED, "Content-Length: 19", length=False)), "plain text, not a feed"),
    "length negative": (says(reply(FEED, "Content-Length: -9", length=False)), READ),
    "length in words": (says(reply(FEED, "Content-Length: many", length=False)), READ),
    "length twice the same": (says(reply(FEED, f"Content-Length: {len(FEED)}")), READ),
    "two lengths": (
        says(reply(FEED, "Content-Length: 9")),
        "the exchange failed: Content-Length contained multiple unmatching values…",
    ),
    "no length and a coding nobody knows": (says(reply(FEED, "Transfer-Encoding: gzip", length=False)), READ),
}

HEADERS: Cases = {
    "headers without end": (pours(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n" * 999), LONG_HEADERS),
    "header without end": (pours(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65_536), LONG_HEADERS),
    "status line without end": (pours(b"HTTP/1.1 200 ", b"x" * 65_536), LONG_HEADERS),
    "1,000 headers": (says(reply(FEED, *["X: 1"] * 1000)), LONG_HEADERS),
    "NUL in headers": (says(reply(FEED, "X: a\0b", 'ETag: "\0"')), READ),
    "bytes of no alphabet in headers": (says(reply(FEED, b"X-\xff: \x80\xfe\xff", b'ETag: "\xff"')), READ),
    "header without a colon": (says(reply(FEED, "no colon here")), READ),
    "header without a name": (says(reply(FEED, ": nameless")), READ),
    "folded header": (says(reply(FEED, "X: a\r\n b\r\n\tc")), READ),
    "lines that end in CR": (says(reply(FEED, "X: a\rY: b")), READ),
    "status without a reason": (says(reply(FEED, status="200")), READ),
    "status in words": (says(reply(FEED, status="OK")), NOT_HTTP),
    "status 1000": (says(reply(FEED, status="1000 Many")), NOT_HTTP),
    "status 99": (says(reply(FEED, status="99 Few")), NOT_HTTP),
    "HTTP/0.9": (says(FEED), NOT_HTTP),
    "HTTP/9.9": (says(reply().replace(b"HTTP/1.1", b"HTTP/9.9")), NOT_HTTP),
    "a mail server": (says(b"220 mail.example ESMTP\r\n"), NOT_HTTP),
}

STATUSES: Cases = {
    "200 with nothing": (says(reply(b"")), "empty answer"),
    "101": (says(reply(b"", "Upgrade: h2c", status="101 Switching Protocols")), "HTTP 101 Switching Protocols"),
    "103": (says(b"HTTP/1.1 103 Early Hints\r\n\r\n" + reply()), READ),
    "103 and no more": (says(b"HTTP/1.1 103 Early Hints\r\n\r\n"), CLOSED),
    "100, then a feed": (says(b"HTTP/1.1 100 Continue\r\n\r\n" + reply()), READ),
    "204": (says(reply(b"", status="204 No Content")), "HTTP 204 No Content"),
    "205": (says(reply(status="205 Reset Content")), "HTTP 205 Reset Content"),
    "206 unasked": (
        says(reply(FEED[:99], "Content-Range: bytes 0-98/999", status="206 Partial Content")),
        "HTTP 206 Partial Content",
    ),
    "300": (says(reply(status="300 Multiple Choices")), "HTTP 300 Multiple Choices"),
    "302 to nowhere": (says(reply(b"", status="302 Found")), "HTTP 302 without an address to go to"),
    "304 unasked": (says(reply(b"", status="304 Not Modified")), "HTTP 304 Not Modified"),
    "305": (redirects("http://127.0.0.1:1/", "305 Use Proxy"), "HTTP 305 Use Proxy"),
    "status of its own": (says(reply(status="999 Request denied")), "HTTP 999"),
    "error cut short": (
        says(reply(b"x", "Content-Length: 99", status="500 O", length=False)),
        "HTTP 500 Internal Server Error",
    ),
    "error with false gzip": (says(reply(b"x", GZIP, status="404 Not Found")), "HTTP 404 Not Found"),
}

BROKEN: Cases = {
    "hangs up at once": (says(b""), CLOSED),
    "hangs up in the status line": (says(b"HTTP/1"), NOT_HTTP),
    "hangs up in the headers": (says(b"HTTP/1.1 200 OK\r\nContent-Le"), "empty answer"),
    "resets at once": (resets(), CLOSED),
    "resets in the headers": (resets(b"HTTP/1.1 200 OK\r\nContent-Le"), CLOSED),
    "resets in the body": (resets(reply(FEED, "Content-Length: 9999", length=False)), CLOSED),
    "resets between chunks": (resets(chunked(chunk(FEED), end=b"")), CLOSED),
    "resets a body without length": (resets(reply(length=False)), CLOSED),
}

LETTERS: Cases = {
    "to a file": (
        redirects("file:///etc/passwd"),
        "only http and https addresses are fetched, not file: file:///etc/passwd",
    ),
    "to ftp": (redirects("ftp://127.0.0.1/x"), "only http and https addresses are fetched, not ftp: ftp://127.0.0.1/x"),
    "to data": (
        redirects("data:text/xml,<rss/>"),
        "only http and https addresses are fetched, not data: data:text/xml,<rss/>",
    ),
    "to javascript": (
        redirects("javascript:alert(1)"),
        "only http and https addresses are fetched, not javascript: javascript:alert(1)",
    ),
    "to gopher": (
        redirects("gopher://127.0.0.1:70/_x"),
        "only http and https addresses are fetched, not gopher: gopher://127.0.0.1:70/_x",
    ),
    "to no host": (redirects("https:///x"), "no host in the address https:///x"),
    "to half an address": (redirects("http://[::1"), "not a web address: http://[::1"),
    "to port 99999": (redirects("http://127.0.0.1:99999/"), "not a web address: http://127.0.0.1:99999/"),
    "to NAT64": (
        redirects("http://[64:ff9b::7f00:1]/"),
        "64:ff9b::7f00:1:80 is not a public address (64:ff9b::7f00:1)…",
    ),
    "to mapped IPv4": (
        redirects("http://[::ffff:127.0.0.1]/"),
        "::ffff:127.0.0.1:80 is not a public address (::ffff:127.0.0.1)…",
    ),
    "to hexadecimal": (redirects("http://0x7f000001/"), "0x7f000001:80 is not a public address (127.0.0.1)…"),
    "to a number": (redirects("http://2130706433/"), "2130706433:80 is not a public address (127.0.0.1)…"),
    "to octal": (redirects("http://0177.0.0.1/"), "0177.0.0.1:80 is not a public address (127.0.0.1)…"),
    "to metadata": (
        redirects("http://169.254.169.254/latest/"),
        "169.254.169.254:80 is not a public address (169.254.169.254)…",
    ),
    "to this machine by name": (redirects("http://localhost/"), "localhost:80 is not a public address…"),
    "to an empty label": (redirects("http://a..b/"), "cannot find the host a..b…"),
    "to a label of 300 letters": (redirects(f"http://{'a' * 300}.invalid/"), "cannot find the host aaa…"),
    "to an emoji": (redirects("http://\N{FIRE}.invalid/"), "cannot find the host xn--4v8h.invalid…"),
    "to broken punycode": (redirects("http://xn--\x80.invalid/".encode("latin-1")), "no host has the name…"),
    "to blanks": (redirects("http://a b/"), "not a web address"),
    "to a backslash": (
        redirects("http://news.example\\@127.0.0.9/"),
        "127.0.0.9:80 is not a public address (127.0.0.9)…",
    ),
    "to 60,000 letters": (redirects("/" + "a" * 60_000), "an address of more than 8192 characters"),
}

CASES: Cases = COMPRESSED | SLOW | LENGTHS | HEADERS | STATUSES | BROKEN | LETTERS
