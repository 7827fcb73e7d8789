"""How many files of a suite of feeds are read, with every entry and with ids that stay.

    python benchmarks/accept.py DIR [--list] [--fields] [--safe] [--seconds 30]

DIR is a folder of files, at any depth: the test feeds of feedparser or gofeed, or any other. Every file that is there
to be read as a feed (suites.candidates says which) is read by the parser of the program as the body of an answer,
twice, in a process of its own that is ended after --seconds. Header lines in the first comment of a file are honoured.

--list names each file that is refused, loses an entry, or has a text that looks like markup, and says why. --fields
holds what feedparser's files expect against our entries (expectations.py says what is covered). --safe looks for
scripts, handlers and tags in our texts.

The last line: accepted N of M, entries E, unstable ids U, crashed C, hung H
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from suites import Verdict, candidates, judge

from tracker.adapters.feeds.apart import Apart
from tracker.errors import Died, TookTooLong

MEMORY = 1 << 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Read a folder and print what became of it. Returns 1 if a file crashed or hung, 2 if there is none."""
    options = _parser().parse_args(arguments)
    started = time.perf_counter()
    verdicts = dict(judged(options.folder, options.seconds, fields=options.fields))
    if not verdicts:
        print(f"no feeds in {options.folder}", file=sys.stderr)
        return 2
    folders(verdicts, options.folder)
    if options.list:
        listed(verdicts, options.folder)
    by_feedparser(verdicts)
    if options.fields:
        expected(verdicts, options.folder)
    if options.safe:
        unsafe = {path: verdict.unsafe for path, verdict in verdicts.items() if isinstance(verdict, Verdict)}
        print(f"texts with what looks like markup: {sum(map(len, unsafe.values()))}")
        for path, texts in unsafe.items():
            for text in texts:
                print(f"  {path.relative_to(options.folder)}: {text!r}")
    print(f"{len(verdicts)} files in {time.perf_counter() - started:.1f} s")
    return last_line(list(verdicts.values()))


def judged(folder: Path, seconds: float, *, fields: bool) -> Iterator[tuple[Path, Verdict | TookTooLong | Died]]:
    """Yield each file with its verdict, or with how its process ended."""
    apart = Apart(seconds, MEMORY)
    try:
        for path in candidates(folder):
            try:
                yield path, apart.call(judge, path, folder, fields=fields)
            except (TookTooLong, Died) as error:
                yield path, error
    finally:
        apart.close()


def folders(verdicts: dict[Path, Verdict | TookTooLong | Died], root: Path) -> None:
    """Print a line for each folder: accepted, of how many files."""
    of, accepted = Counter[Path](), Counter[Path]()
    for path, verdict in verdicts.items():
        of[path.parent] += 1
        accepted[path.parent] += _is_accepted(verdict)
    for folder in sorted(of):
        print(f"{accepted[folder]:6} of {of[folder]:6}  {folder.relative_to(root)}")


def listed(verdicts: dict[Path, Verdict | TookTooLong | Died], root: Path) -> None:
    """Print each file that was refused, ended badly, or has fewer entries than feedparser finds."""
    for path, verdict in verdicts.items():
        name = path.relative_to(root)
        if not isinstance(verdict, Verdict):
            print(f"ended    {name}: {verdict}")
        elif verdict.refused is not None:
            print(f"refused  {name}: {verdict.refused}{' (feedparser: a feed)' if verdict.recognised else ''}")
        elif verdict.entries < verdict.found:
            print(f"entries  {name}: {verdict.entries} of {verdict.found}, {verdict.repeated} repeated")


def by_feedparser(verdicts: dict[Path, Verdict | TookTooLong | Died]) -> None:
    """Print how many of the files that feedparser recognises are accepted, and of the entries it finds are kept."""
    known = [verdict for verdict in verdicts.values() if isinstance(verdict, Verdict) and verdict.recognised]
    accepted = [verdict for verdict in known if verdict.refused is None]
    kept = sum(min(verdict.entries + verdict.repeated, verdict.found) for verdict in accepted)
    print(f"recognised by feedparser: {len(known)}, accepted of these: {len(accepted)}")
    print(
        f"entries that feedparser finds in these: {sum(verdict.found for verdict in known)}, kept: {kept}, of them"
        f" repeated in their document: {sum(verdict.repeated for verdict in accepted)}"
    )


def expected(verdicts: dict[Path, Verdict | TookTooLong | Died], root: Path) -> None:
    """Print how many expectations of the files hold, and each that does not."""
    checks = [
        (path, one) for path, verdict in verdicts.items() if isinstance(verdict, Verdict) for one in verdict.fields
    ]
    of, right = Counter(one.field for _, one in checks), Counter(one.field for _, one in checks if one.right)
    for path, one in checks:
        if not one.right:
            print(f"wrong    {path.relative_to(root)}: {one.field}: expected {one.expected!r}, found {one.found!r}")
    for field in sorted(of):
        print(f"{right[field]:6} of {of[field]:6}  {field}")
    share = 100 * right.total() / of.total() if of else 100.0
    print(f"fields: covered {of.total()}, right {right.total()}, {share:.2f} %")


def last_line(verdicts: Sequence[Verdict | TookTooLong | Died]) -> int:
    """Print the sum of it all; 1 if anything crashed or hung."""
    read = [verdict for verdict in verdicts if isinstance(verdict, Verdict)]
    hung = sum(isinstance(verdict, TookTooLong) for verdict in verdicts)
    crashed = len(verdicts) - len(read) - hung
    print(
        f"accepted {sum(map(_is_accepted, verdicts))} of {len(verdicts)}, entries {sum(v.entries for v in read)},"
        f" unstable ids {sum(v.unstable for v in read)}, crashed {crashed}, hung {hung}"
    )
    return 1 if crashed or hung else 0


def _is_accepted(verdict: Verdict | TookTooLong | Died) -> bool:
    return isinstance(verdict, Verdict) and verdict.refused is None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--list", action="store_true", help="name what is refused, and why")
    parser.add_argument(
        "--fields", action="store_true", help="hold the expectations of feedparser's files against ours"
    )
    parser.add_argument("--safe", action="store_true", help="look for markup in our texts")
    parser.add_argument("--seconds", type=float, default=30.0, help="the most for one file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
