"""What the worst answers cost in memory."""

import gzip
import json
import subprocess
import sys
import zlib

from tests.e2e.world import ROOT
from tests.hostile.answers import CASES, GZIP, READ, bomb
from tests.hostile.server import chunked, pours, reply, says, serving

MEGABYTES = 150
DEFLATE_BOMB = zlib.compress(bytes(200_000_000), 1)

WORST = (
    says(reply(bomb(200), GZIP)),
    says(reply(gzip.compress(bomb(200)), "Content-Encoding: gzip, gzip")),
    says(reply(DEFLATE_BOMB, "Content-Encoding: deflate")),
    says(reply(bomb(200), GZIP, status="500 Oops")),
    says(reply(bomb(200), GZIP, "Location: /0", status="302 Found")),
    says(reply(gzip.compress(b"") * 400_000, GZIP)),
    pours(reply(b"", status="500 Oops", length=False), bytes(65_536)),
    pours(chunked(end=b""), b"1\r\nx\r\n" * 9_999),
    *(
        CASES[name][0]
        for name in (
            "50 MB",
            "endless body",
            "endless chunks",
            "chunk of size -1",
            "chunk larger than memory",
            "chunk size without end",
            "length larger than memory",
            "headers without end",
            "header without end",
            "status line without end",
            "trailers without end",
            "100 Continue without end",
        )
    ),
)


def test_the_worst_answers_together_cost_little_memory() -> None:
    """Bombs, floods and endless lines, eight at a time as a worker reads, hold less than 150 MB more than a feed."""
    with serving() as server:
        good = server.does("/good", says(reply()))
        urls = [server.does(f"/{number}", behaviour) for number, behaviour in enumerate(WORST)]
        command = [sys.executable, "-m", "tests.hostile.reading", good, *urls, *urls[:8]]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    measured = json.loads(done.stdout)
    assert measured["lines"].pop(good) == READ
    assert len(measured["lines"]) == len(WORST)
    assert READ not in measured["lines"].values()
    assert measured["peak"] - measured["before"] < MEGABYTES
