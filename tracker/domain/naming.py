"""Proper names in English text, as keys that different wordings of one name share."""


def names(text: str) -> frozenset[str]:
    return frozenset()
