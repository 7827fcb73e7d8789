"""How common words are in news and encyclopaedic text: writes tracker/judging/background.py.

    python training/train_background.py DATA_DIR

Counts in how many documents a stem occurs: one document per FNC-1 topic and body (at most three bodies a topic), per
VitaminC page and per ten sentences of UDS It-Happened. No replay case is read.
"""

import collections
import math
import sys
from collections.abc import Iterator
from pathlib import Path

from rows import plain, read
from stories import topics

from tracker.domain.words import content_words

KEPT = 2400
BANDS = 8
TARGET = Path(__file__).parents[1] / "tracker/judging/background.py"
HEAD = '''"""How common words are: a table made by training/train_background.py, which says how. Do not edit.

Counts of {documents:,} documents of FNC-1 (Apache-2.0), VitaminC (CC BY-SA 3.0) and UDS It-Happened 2 (MIT). A word's
weight is its inverse document frequency ln(N / df) over ln N, so it lies in (0, 1].
"""

from functools import lru_cache

_RARE = 1.0
# fmt: off
_BANDS: dict[float, str] = {{
{bands}
}}
# fmt: on
_WEIGHTS = {{word: share for share, words in _BANDS.items() for word in words.split()}}


@lru_cache(maxsize=50_000)
def weight(word: str) -> float:
    """Return the weight of a stem in (0, 1]: 1 for a word that the background does not hold."""
    return _WEIGHTS.get(word, _RARE)
'''


def documents(folder: Path) -> Iterator[str]:
    """The texts to count in."""
    for topic in topics(folder):
        yield from topic.bodies[:3]
    pages = collections.defaultdict(list)
    for name in ("vitaminc_real_train", "vitaminc_synthetic"):
        for record in read(folder, name):
            pages[record["page"]].append(plain(record["evidence"]))
    yield from (" ".join(dict.fromkeys(texts)) for texts in pages.values())
    spoken = [record["text"] for record in read(folder, "factuality_uds_ih2_train")]
    yield from (" ".join(spoken[at : at + 10]) for at in range(0, len(spoken), 10))


def main(folder: Path) -> None:
    """Count and write."""
    frequency: collections.Counter[str] = collections.Counter()
    count = 0
    for text in documents(folder):
        frequency.update(word for word in content_words(text) if word.isalpha())
        count += 1
    top = sorted(frequency.items(), key=lambda pair: (-pair[1], pair[0]))[:KEPT]
    bands = collections.defaultdict(list)
    for word, df in top:
        share = math.log(count / df) / math.log(count)
        bands[round(share * 20) / 20].append(word)
    lines = []
    for share in sorted(bands):
        words, line = sorted(bands[share]), ""
        lines.append(f"    {max(share, 0.05)}: (")
        for word in words:
            if len(line) + len(word) > 104:
                lines.append(f'        "{line}"')
                line = ""
            line += f"{word} "
        lines += [f'        "{line.strip()}"', "    ),"]
    TARGET.write_text(HEAD.format(documents=count, bands="\n".join(lines)), encoding="utf-8")
    print(count, "documents", len(frequency), "stems", len(top), "kept", {k: len(v) for k, v in sorted(bands.items())})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
