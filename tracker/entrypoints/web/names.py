"""The names under which a site may be asked, so that no page in a browser on this machine can be made to read it."""

from urllib.parse import urlsplit

from tracker.config import address

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def public_name(url: str | None) -> str | None:
    """Return the host by which others reach a site, None where no address is set."""
    return urlsplit(url).hostname if url else None


def names(listen: str, url: str | None) -> list[str]:
    """Return the names of a site that listens at `HOST:PORT`, and is reached by others at `url`."""
    host, _ = address(listen)
    public = public_name(url)
    return [*_LOOPBACK, f"[{host}]" if ":" in host else host, *([public] if public else [])]
