"""Proper names in English text, as keys that different wordings of one name share."""

import re

from tracker.domain.places import COUNTRY, LONGEST, SEAT
from tracker.domain.words import STOP, bag, fold, plain_word

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_](?:\.[^\W\d_])+\b|[^\W_]+(?:['-][^\W_]+)*|\S")
_JOIN = bag("of the on for de la le du van von der den al el bin ibn da dos di and")
_ENDS = frozenset('.!?:"([-;')
_TITLES = bag(
    """
    mr mrs ms dr prof professor sir dame lord lady president prime minister vice deputy foreign defence defense
    interior finance secretary chancellor king queen prince princess pope general colonel major captain lieutenant
    admiral sergeant senator governor mayor judge justice ambassador chairman chairwoman director chief spokesman
    spokeswoman spokesperson gen col lt maj capt sen rep gov former acting premier government emperor sultan sheikh
    ayatollah rev fr bishop cardinal
    """
)
_BODIES = bag(
    """
    fund council court forces force party union bank ministry office agency department committee commission university
    institute association federation company group news press times post express station army navy guard police house
    senate parliament assembly congress airport airlines airways street square river sea island islands mountains city
    state province region district county treaty act law cup league games club center centre service services command
    affairs relations organization organisation authority board bureau corporation corps school college hospital
    museum network project programme program foundation trust society movement front alliance coalition summit
    conference day
    """
)
_COMMON = bag(
    """
    talks officials sources police troops soldiers workers court judge voters rescuers authorities government
    parliament lawmakers critics experts analysts investors shares stocks oil gas prices sales profits fighting
    strikes people crowds residents protesters members leaders ministers doctors scientists researchers engineers
    astronauts pilots passengers families children women men students teachers farmers miners drivers families victims
    survivors prosecutors lawyers defence defense war peace election elections strike deal plan plans news world
    breaking live watch video update analysis opinion exclusive report reports state local federal national
    international public private top senior big major high low heavy strong light more less another today yesterday
    tomorrow tonight earlier meanwhile overall according follow join read subscribe sign click share photo image file
    see here company firm union bank team crew quake earthquake flood floods fire fires storm rain snow crash blast
    explosion attack attacks shooting bomb dozens hundreds thousands millions scores rebels militants gunmen forces
    military army navy rescue aid food water power border inflation unemployment growth interest markets trade talks
    negotiators mediators diplomats allies opposition president minister king queen pope former ex ruling supreme
    constitutional central general spokesman spokeswoman training deployment existential western eastern northern
    southern good bad great little nearby hours days weeks months years days monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october november december spring
    summer autumn winter asked speaking despite however moreover furthermore
    """
)
_CALENDAR = bag(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december
    """
)
_NUMBERS = bag(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred third fourth fifth sixth seventh eighth
    ninth
    """
)
_PROPER = bag(
    """
    hamas airbus boeing reuters siemens barclays mercedes hermes philips adidas reddit sterling nissan houthis taliban
    texas kansas arkansas massachusetts netanyahu biden harris williams jones evans roberts collins thales mars venus
    los las angeles orleans athens naples nestle united interpol emirates kyiv normandy strasbourg wellington congress
    fed
    """
)
_OPENING = frozenset(phrase.split(" ")[0] for phrase in (*COUNTRY, *SEAT))
_SLAVIC = ((re.compile(r"(?:skyy|skyi|skiy|skii|skij|sky)$"), "ski"), (re.compile(r"(?:iy|yi|yy|ij|ii)$"), "y"))
# Names that are words, too, when they are not written like this.
_ALSO_WORDS = {"us": "US", "turkey": "T", "jordan": "J", "chad": "C", "kiwi": "K", "pole": "P", "polish": "P"}
_JOINED = 2  # small words inside a name: "of the"
_LONGEST_NUMBER = 4
_PERSON = 3  # names of more words are bodies
_TELLING = 4


def names(text: str) -> frozenset[str]:
    """Return the keys of the proper names in a text, in lower case without diacritics.

    A demonym, a capital or a seat of power also gives its country; a person also gives the surname alone, so that
    "Emmanuel Macron" and "Macron" share a key; titles fall away; Slavic endings are brought to one spelling; a body of
    three words or more also gives its initials.
    """
    words = _words(fold(text))
    shout = _is_headline(words)
    found = _gazetteer([word for word, _ in words])
    for run in _runs(words, shout=shout):
        found |= _keys(run)
    return frozenset(found)


def shouts(text: str) -> bool:
    """Say whether a text writes nearly every word large, as some headlines do: then capitals tell no name."""
    return _is_headline(_words(fold(text)))


def _words(folded: str) -> list[tuple[str, bool]]:
    """Return the words with whether each opens a sentence."""
    out: list[tuple[str, bool]] = []
    opens = True
    for match in _WORD.finditer(folded):
        word = match.group().removesuffix("'s").removesuffix("'")
        out += [(word, opens)] if word else []
        opens = match.group() in _ENDS
    return out


def _is_headline(words: list[tuple[str, bool]]) -> bool:
    long = [word for word, _ in words if len(word) >= _TELLING and word[0].isalpha()]
    return len(long) > _TELLING and sum(word[0].isupper() for word in long) > 0.7 * len(long)


def _gazetteer(words: list[str]) -> set[str]:
    """Return the countries named, by their longest names first."""
    lowered = [plain_word(word).removesuffix(".") for word in words]
    found: set[str] = set()
    at = 0
    while at < len(words):
        longest = LONGEST if lowered[at] in _OPENING else 0
        length = next((n for n in range(longest, 0, -1) if _place(words, lowered, at, n)), 0)
        if length:
            found |= _place(words, lowered, at, length)
        at += length or 1
    return found


def _place(words: list[str], lowered: list[str], at: int, length: int) -> set[str]:
    phrase = " ".join(lowered[at : at + length])
    if phrase in _ALSO_WORDS and words[at][: len(_ALSO_WORDS[phrase])] != _ALSO_WORDS[phrase]:
        return set()
    if phrase in SEAT:
        return {phrase, SEAT[phrase]}
    return {COUNTRY[phrase]} if phrase in COUNTRY else set()


def _runs(words: list[tuple[str, bool]], *, shout: bool) -> list[list[str]]:
    """Return the runs of capitalised words that are names, small joining words inside them kept."""
    runs: list[list[str]] = []
    run: list[str] = []
    pending: list[str] = []
    for at, (word, opens) in enumerate(words):
        if _is_name(words, at, inside=bool(run), shout=shout):
            run = [*run, *pending, word] if run else [word]
            pending = []
        elif run and not opens and word.lower() in _JOIN and len(pending) < _JOINED and word != "and":
            pending.append(word)
        else:
            runs, run, pending = _close(runs, run)
    return _close(runs, run)[0]


def _close(runs: list[list[str]], run: list[str]) -> tuple[list[list[str]], list[str], list[str]]:
    return ([*runs, run] if run else runs), [], []


def _is_name(words: list[tuple[str, bool]], at: int, *, inside: bool, shout: bool) -> bool:
    word, opens = words[at]
    if not word[0].isupper():
        return word.isdigit() and inside and len(word) <= _LONGEST_NUMBER
    if any(char.isupper() or char.isdigit() for char in word[1:]) and not shout:
        return True
    lowered = word.lower()
    if lowered in STOP or lowered in _CALENDAR or lowered.split("-")[0] in _NUMBERS:
        return False
    if not opens and not shout:
        return True
    return (shout and lowered not in _COMMON) or (not shout and _looks_proper(words, at))


def _looks_proper(words: list[tuple[str, bool]], at: int) -> bool:
    """Say whether a sentence's first word is a name: more of the name follows, or it ends unlike a common noun."""
    if words[at][0].lower() in _PROPER:
        return True
    follows = words[at + 1][0] if at + 1 < len(words) else ""
    if follows[:1].isupper() and follows.lower() not in STOP:
        return True
    return words[at][0].lower() not in _COMMON and not re.search(
        r"(?:s|ing|ed|ly|tion|ment|ness|ity|ers|al|ive|ous)$", words[at][0]
    )


def _keys(run: list[str]) -> set[str]:
    words = [_spelling(plain_word(word).removesuffix(".")) for word in run]
    while words and (words[0] in _TITLES or words[0] in COUNTRY or words[0] in _JOIN):
        words = words[1:]
    name = " ".join(words)
    if len(name) == 1 or not name or name in COUNTRY:
        return set()
    keys = {name}
    large = [word for word in words if word not in _JOIN]
    if large[-1] in _BODIES or len(large) > _PERSON:
        keys |= {"".join(word[0] for word in large)} if len(large) >= _PERSON else set()
    elif len(large) > 1 and large[-1].isalpha():
        keys.add(large[-1])
    return keys


def _spelling(word: str) -> str:
    for pattern, with_ in _SLAVIC:
        word = pattern.sub(with_, word)
    return word
