"""Laws of undoing compressions."""

import gzip
import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.http.inflate import inflate
from tracker.errors import FetchError

LIMIT = 10_000
Squeeze = Callable[[bytes], bytes]
BODIES = st.binary(max_size=500) | st.binary(min_size=1, max_size=9).map(lambda some: some * 900)


def raw_deflate(body: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeeze.compress(body) + squeeze.flush()


def pieces(wire: bytes, size: int = 7) -> Iterator[bytes]:
    return (wire[at : at + size] for at in range(0, len(wire), size))


SQUEEZERS: list[tuple[str, Squeeze]] = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("Deflate", raw_deflate),
]


@given(BODIES, st.lists(st.sampled_from(SQUEEZERS), max_size=3), st.integers(1, 999))
def test_what_was_compressed_comes_back(body: bytes, layers: list[tuple[str, Squeeze]], size: int) -> None:
    """Up to three compressions are undone in whatever pieces they come; names that nobody knows count as none."""
    wire = body
    for _, squeeze in layers:
        wire = squeeze(wire)
    assert inflate(pieces(wire, size), ", ".join(["utf-8", *(name for name, _ in layers), ""]), LIMIT) == body


@given(BODIES, st.sampled_from(SQUEEZERS), st.data())
def test_what_was_cut_short_is_never_taken_for_whole(
    body: bytes, how: tuple[str, Squeeze], data: st.DataObject
) -> None:
    """Any true beginning of a compressed body is refused: a feed with half its entries would look like removals."""
    name, squeeze = how
    wire = squeeze(body)
    cut = data.draw(st.integers(1, len(wire) - 1))
    with pytest.raises(FetchError):
        inflate(pieces(wire[:cut]), name, LIMIT)


@given(st.binary() | BODIES.map(gzip.compress).flatmap(lambda wire: st.binary().map(lambda end: wire + end)), st.text())
def test_no_bytes_can_do_harm(wire: bytes, codings: str) -> None:
    """Whatever comes under whatever name is a body within the limit, or FetchError."""
    for said in (codings, "gzip", "deflate", "gzip, deflate"):
        try:
            body = inflate(pieces(wire), said, LIMIT)
        except FetchError:
            continue
        assert len(body) <= max(LIMIT, len(wire))


@pytest.mark.parametrize(
    ("wire", "codings", "line"),
    [
        (b"x", "br", "the answer is compressed as br, which was not asked for"),
        (b"x", "gzip, zstd", "the answer is compressed as zstd, which was not asked for"),
        (b"x", "gzip," * 4, "the answer is compressed too often"),
        (gzip.compress(b"", mtime=0) * 300, "gzip", "the answer is compressed in too many pieces"),
        (gzip.compress(bytes(LIMIT + 1), mtime=0), "gzip", f"the answer is longer than {LIMIT} bytes"),
        (b"<rss/>", "gzip", "the answer is not compressed as it says"),
        (b"\xff" * 9, "deflate", "the answer is not compressed as it says"),
    ],
)
def test_what_cannot_be_undone_is_named(wire: bytes, codings: str, line: str) -> None:
    """Each fault has its own line."""
    with pytest.raises(FetchError) as caught:
        inflate([wire], codings, LIMIT)
    assert str(caught.value) == line


@pytest.mark.parametrize("size", [1, 2, 3, 22, 23, 24, 999])
def test_several_members_are_one_body_and_padding_is_none(size: int) -> None:
    """Gzip files put one after the other are joined, what follows the last is left out, and nothing is nothing."""
    assert (
        inflate(
            pieces(gzip.compress(b"one", mtime=0) + gzip.compress(b"two") + bytes(9) + b"noise", size), "gzip", LIMIT
        )
        == b"onetwo"
    )
    assert inflate([b""], "gzip", LIMIT) == b""
