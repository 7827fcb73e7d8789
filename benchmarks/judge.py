"""How fast the whole judge is on a mixed stream, beside a plain loop over the pair model; see also judge_many.

    python -m benchmarks.judge [--cases CASES_DIR] [--entries 1000]

The stream is of a story of twenty claims; 95 of 100 entries are of other things. With --cases it is the recorded case
with the most claims among items of all cases, else it is made up. The plain loop asks the pair model about every
(sentence, claim); it is timed on `--sample` entries, and its rate for the stream follows from the pairs it would take.
Times are of the processor, not of the clock: the machine may be shared. Memory is the most that a fresh process held.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.judge_stream import Stream, after, of_cases, of_made
from tracker.adapters.models.encoder import MiniLmEncoder
from tracker.adapters.models.pair import PairModel
from tracker.domain.entry import Entry
from tracker.domain.story import Story
from tracker.judging.decide import decide
from tracker.judging.judge import Judge, Verdict
from tracker.judging.reading import worded

Result = TypeVar("Result")
GOAL, MEMORY = 25, 500


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What the work returns, and the seconds of processor time it took."""
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def judged(judge: Judge, stream: Stream) -> list[Verdict]:
    """Every verdict on a stream, each against the story as the ones before left it."""
    story, verdicts = stream.story, []
    for entry in stream.entries:
        verdicts.append(judge.judge(entry, story))
        if events := decide(verdicts[-1], story, judge.version):
            story = after(story, events, entry.seen)
    return verdicts


def pairs_of(entry: Entry, story: Story) -> list[tuple[str, str]]:
    """Every claim with every sentence of an entry."""
    return [(claim.original.text, text) for claim in story.claims.values() for text in worded(entry).texts]


def plain(pairs: PairModel, stream: Stream, sample: int) -> tuple[float, float]:
    """Pairs a second of the pair model, and the entries a second that a plain loop over it would do."""
    asked = [pairs_of(entry, stream.story) for entry in stream.entries]
    some = asked[:: max(1, len(asked) // sample)]
    _, seconds = timed(lambda: [pairs.classify(one) for one in some])
    rate = sum(map(len, some)) / seconds
    return rate, rate * len(asked) / sum(map(len, asked))


def mixed(stream: Stream, sample: int) -> None:
    """Print the rates on a mixed stream, and whether a shortcut changed a verdict."""
    pairs = PairModel(remembered=0)
    pairs.classify([("ready", "ready")])
    encoder = MiniLmEncoder(remembered=0)
    encoder.encode(["ready"])
    texts = [text for entry in stream.entries for text in worded(entry).texts][: 4 * sample]
    _, encoding = timed(lambda: encoder.encode(texts))
    judge, thorough = fresh(), fresh().without("gate")
    fast, seconds = timed(lambda: judged(judge, stream))
    full, longer = timed(lambda: judged(thorough, stream))
    rate, loop = plain(pairs, stream, sample)
    count = len(stream.entries)
    belong = sum(verdict.relevant for verdict in full)
    print(f"{stream.origin}: {count} entries, {belong} taken to belong, {len(stream.story.claims)} claims at the start")
    print(f"  pair model {rate:8.1f} pairs/s   encoder {len(texts) / encoding:8.1f} sentences/s")
    print(f"  plain loop {loop:8.2f} entries/s  (from {sample} entries)")
    print(f"  judge      {count / seconds:8.2f} entries/s   {count / seconds / loop:6.1f} x the loop (goal {GOAL})")
    print(f"  ungated    {count / longer:8.2f} entries/s   {count / longer / loop:6.1f} x the loop")
    print(f"  verdicts that differ from the ungated judge's: {sum(map(differ, fast, full))} of {count}")


def fresh() -> Judge:
    """A judge that has read nothing yet, its models loaded."""
    encoder, pairs = MiniLmEncoder(), PairModel()
    encoder.encode(["ready"])
    pairs.classify([("ready", "ready")])
    return Judge(encoder, pairs)


def differ(one: Verdict, other: Verdict) -> bool:
    """Tell whether two verdicts say another thing."""
    return (one.relevant, one.findings, one.claims) != (other.relevant, other.findings, other.claims)


def memory(stream: Stream) -> None:
    """Print the most memory that this process held when it has judged the stream."""
    judged(fresh(), stream)
    # Not getrusage, which counts what the process that started this one held.
    held = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    print(f"memory {held:.0f} MB after {len(stream.entries)} entries (goal {MEMORY})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--entries", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=40)
    parser.add_argument("--memory", action="store_true", help="judge the stream and print the memory held, no more")
    given = parser.parse_args()
    stream = of_cases(given.cases, given.entries) if given.cases else of_made(given.entries)
    if given.memory:
        memory(stream)
        return
    mixed(stream, given.sample)
    subprocess.run([sys.executable, "-m", "benchmarks.judge", "--memory", *sys.argv[1:]], check=True)


if __name__ == "__main__":
    main()
