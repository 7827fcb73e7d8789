"""Weights of the judge's logistic regressions: made by training/train_judge.py, which says how. Do not edit.

Data: FNC-1 (Apache-2.0) for relevance and happenings, VitaminC (CC BY-SA 3.0) for linking. No replay case was read.
"""

from collections.abc import Mapping

VERSION = "1"

RELEVANCE: Mapping[str, float] = {
    "meaning of the best line to title and claims": 4.1611,
    "meaning of the best line to the entries known": 1.2977,
    "meaning of the whole to the middle of the story": 2.4266,
    "meaning of the whole to title and claims": 1.6465,
    "words like one claim": 0.6816,
    "words like one entry known": -0.1723,
    "share of its words that the seed holds": -3.8443,
    "share of its words that the story holds": 7.5997,
    "its words met in meaning by the seed": -0.7332,
    "best claim's words met in meaning": 1.6541,
    "rarest word shared with the seed": 2.2218,
    "second rarest word shared with the seed": 1.6890,
    "most telling word of the story": 2.4338,
    "three most telling words of the story": -0.2935,
    "telling words of the story, of its weight": -3.4468,
    "most telling name of the story": 0.5305,
    "telling names of the story": -0.4507,
    "words shared with the seed": -0.2101,
    "names shared with the seed": -0.6878,
    "countries shared with the seed": 0.2821,
    "countries unknown to the seed": -1.7133,
    "share of its names that the story holds": 0.2249,
    "names unknown to the story": -0.3904,
    "length": -1.0261,
    "entries known": -0.6503,
    "bias": -4.9443,
}

RELEVANCE_MEANS: Mapping[str, float] = {
    "meaning of the best line to title and claims": 0.3198,
    "meaning of the best line to the entries known": 0.2514,
    "meaning of the whole to the middle of the story": 0.2506,
    "meaning of the whole to title and claims": 0.2971,
    "words like one claim": 0.1169,
    "words like one entry known": 0.0792,
    "share of its words that the seed holds": 0.1451,
    "share of its words that the story holds": 0.1707,
    "its words met in meaning by the seed": 0.3228,
    "best claim's words met in meaning": 0.2435,
    "rarest word shared with the seed": 0.3630,
    "second rarest word shared with the seed": 0.2315,
    "most telling word of the story": 0.2130,
    "three most telling words of the story": 0.4274,
    "telling words of the story, of its weight": 0.0810,
    "most telling name of the story": 0.1035,
    "telling names of the story": 0.1316,
    "words shared with the seed": 0.8208,
    "names shared with the seed": 0.2173,
    "countries shared with the seed": 0.0800,
    "countries unknown to the seed": 0.2424,
    "share of its names that the story holds": 0.2012,
    "names unknown to the story": 1.1451,
    "length": 2.6424,
    "entries known": 0.8294,
}

LINKING: Mapping[str, float] = {
    "meaning": 0.9409,
    "meaning over the claims' mean": -0.5133,
    "meaning over the best other claim": 3.7487,
    "words in common": -1.6502,
    "share of the claim's words": 0.5247,
    "share of the line's words": 0.1657,
    "most telling word shared": -0.0152,
    "telling words shared": 2.1259,
    "names shared": -0.1926,
    "share of the claim's names": 0.1401,
    "a quantity of the claim's kind": 0.1449,
    "both say when": -0.4840,
    "length": -0.3665,
    "the claim's words met in meaning": 1.5221,
    "the line's words met in meaning": -1.2214,
    "met over the best other claim": 2.0700,
    "bias": -0.5170,
}

HAPPENING: Mapping[str, float] = {
    "meaning of the whole": 0.8500,
    "meaning of the best lines": 2.2990,
    "words in common": 2.3593,
    "rare words shared": 2.9823,
    "share of the shorter one's rare words": 2.8853,
    "rarest word shared": 0.3799,
    "figures shared": 0.1448,
    "figures that differ": -0.6713,
    "names shared": -0.9739,
    "names that differ": -0.8999,
    "bias": -1.8250,
}

RELEVANT = 0.5
SAME = 0.5
