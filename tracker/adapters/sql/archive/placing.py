"""Where the entries of a document belong: which are held, under which id and version, and which are new."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from tracker.adapters.sql.archive.holdings import Holdings, Twin
from tracker.adapters.sql.archive.kin import MOST_GONE, Kin, as_old_as
from tracker.adapters.sql.archive.quarantine import Version, restless
from tracker.adapters.sql.archive.sightings import Key
from tracker.adapters.sql.codec import canonical
from tracker.adapters.sql.documents import place_of
from tracker.domain.entry import Entry
from tracker.domain.revision import essence


@dataclass(frozen=True, slots=True)
class Placed:
    """The id and version under which an entry is held; `own`: the feed shows it as its own, not another's twin."""

    entry: str
    version: str
    own: bool = True

    @property
    def key(self) -> Key:
        """Entry and version."""
        return self.entry, self.version


class Shelf:
    """Places the entries of one document, and collects what follows for the tables.

    `new` are the rows of versions to put, in order, `back` those among them that were held and came back, and `anew`
    those of these that are to be judged anew. `restless` are entries to be put into quarantine, `stirred` those that
    are in it already and turned again; `returned` had been taken away.
    """

    def __init__(
        self, held: Holdings, document: Sequence[Entry], strange: Sequence[Entry], gone: Collection[str], now: datetime
    ) -> None:
        """Look up what places `strange`, those of the document that its feed did not show as they are until now.

        `gone` is what the feed showed until now, and under its id no more.
        """
        self.new: list[dict[str, Any]] = []
        self.back: list[Key] = []
        self.anew: list[Key] = []
        self.restless: set[str] = set()
        self.stirred: set[str] = set()
        self.returned: set[str] = set()
        self._held = held
        self._now = now
        self._document = {entry.id for entry in document}
        gone = gone if len(gone) <= MOST_GONE else ()
        self._place_of = cache(place_of)
        held.load({entry.id for entry in strange})
        unknown = [entry for entry in strange if entry.id not in held.versions]
        edited = {entry.id for entry in strange if held.differs(entry)}
        if unknown:
            held.look({place for entry in unknown if (place := self._place_of(entry))})
            edited.update(near := {twin.entry for twin in held.at.values()} | set(gone))
            held.load(near - {entry.id for entry in strange})
        held.read(edited)
        self._kin = Kin(document, [held.texts[id_][-1] for id_ in gone if id_ in held.own] if unknown else ())

    def place(self, entry: Entry) -> Placed | None:
        """Return where an entry is held from now on, None for one that was erased."""
        where = self._place_of(entry)
        if entry.id not in self._held.versions:
            twin = self._twin(entry, where)
            if twin and not self._is_ours(twin.entry):
                return None if twin.entry in self._held.erased else Placed(twin.entry, twin.version, own=False)
            entry = replace(entry, id=(twin.entry if twin else self._kin.of(entry)) or entry.id)
        if entry.id in self._held.erased:
            return None
        version = self._version(entry, where)
        if where:
            self._held.at[where] = Twin(entry.id, version, entry.published)
        return Placed(entry.id, version)

    def _twin(self, entry: Entry, where: str | None) -> Twin | None:
        twin = self._held.at.get(where or "")
        return twin if twin and as_old_as(twin.published, entry.published) else None

    def _is_ours(self, id_: str) -> bool:
        """Tell whether the feed showed an entry under its own id, and does no more."""
        return id_ in self._held.own and id_ not in self._document

    def _version(self, entry: Entry, where: str | None) -> str:
        """Return the version under which an entry is held, once it is put where it is new."""
        versions = self._held.versions.setdefault(entry.id, {})
        same = entry if entry.version in versions else self._in_other_words(entry)
        if same is None:
            self._put(entry, where, turns=0, muted=False)
            return entry.version
        shown = self._held.shown.get(entry.id)
        if (shown and same.version not in shown) or entry.id in self._held.removed:
            self._put_back(replace(same, seen=entry.seen), where)
        return same.version

    def _in_other_words(self, entry: Entry) -> Entry | None:
        """Return the newest version that differs from an entry in nothing that makes an edit."""
        texts = self._held.texts.get(entry.id, ())
        words = essence(entry) if texts else None
        return next((one for one in reversed(texts) if essence(one) == words), None)

    def _put_back(self, entry: Entry, where: str | None) -> None:
        """Put a version that was held and comes back; in quarantine it is not judged anew."""
        muted = entry.id not in self._held.removed and self._is_restless(entry.id)
        self.back.append((entry.id, entry.version))
        if not muted:
            self.anew.append((entry.id, entry.version))
        before = self._held.versions[entry.id].pop(entry.version)
        self._put(entry, where, turns=before.turns + 1, muted=muted)
        self._held.shown.setdefault(entry.id, set()).add(entry.version)

    def _put(self, entry: Entry, where: str | None, *, turns: int, muted: bool) -> None:
        """Put a version, as the newest of its entry."""
        self.new.append(
            {"entry": entry.id, "version": entry.version, "place": where, "published": entry.published}
            | {"seen": entry.seen, "turns": turns, "muted": muted, "data": canonical(entry)}
        )
        self._held.versions[entry.id][entry.version] = Version(entry.seen, turns)
        if entry.id in self._held.removed:
            self._held.removed.discard(entry.id)
            self.returned.add(entry.id)

    def _is_restless(self, id_: str) -> bool:
        """Tell whether a return is one too many, and note what follows for the quarantine."""
        if id_ in self._held.resting:
            self.stirred.add(id_)
        elif restless(self._held.versions[id_].values(), self._now):
            self.restless.add(id_)
            self._held.resting.add(id_)
        return id_ in self._held.resting
