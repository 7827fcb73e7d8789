"""Weights of the judge's logistic regressions: made by training/train_judge.py, which says how. Do not edit.

Data: FNC-1 (Apache-2.0) for relevance and happenings, VitaminC (CC BY-SA 3.0) for linking. No replay case was read.
"""

from collections.abc import Mapping

VERSION = "1"

RELEVANCE: Mapping[str, float] = {
    "meaning of the best line to title and claims": 3.0363,
    "meaning of the best line to the entries known": 2.2668,
    "meaning of the whole to the middle of the story": 3.2936,
    "meaning of the whole to title and claims": 2.1543,
    "words like one claim": 0.8531,
    "words like one entry known": 0.8974,
    "share of its words that the seed holds": -1.9865,
    "share of its words that the story holds": 5.5394,
    "rarest word shared with the seed": 2.1691,
    "second rarest word shared with the seed": 0.5306,
    "most telling word of the story": -1.3384,
    "three most telling words of the story": 1.8250,
    "telling words of the story, of its weight": -4.1007,
    "most telling name of the story": 2.1704,
    "words shared with the seed": 0.0052,
    "names shared with the seed": -1.0290,
    "share of its names that the story holds": -1.7311,
    "names unknown to the story": -1.2289,
    "length": -0.9577,
    "entries known": -1.6454,
    "bias": -3.3527,
    "telling names of the story": 0.0000,
}

RELEVANCE_MEANS: Mapping[str, float] = {
    "meaning of the best line to title and claims": 0.3234,
    "meaning of the best line to the entries known": 0.2603,
    "meaning of the whole to the middle of the story": 0.2567,
    "meaning of the whole to title and claims": 0.2997,
    "words like one claim": 0.1233,
    "words like one entry known": 0.0825,
    "share of its words that the seed holds": 0.1445,
    "share of its words that the story holds": 0.1707,
    "rarest word shared with the seed": 0.3672,
    "second rarest word shared with the seed": 0.2401,
    "most telling word of the story": 0.2252,
    "three most telling words of the story": 0.4651,
    "telling words of the story, of its weight": 0.0862,
    "most telling name of the story": 0.1189,
    "words shared with the seed": 0.8454,
    "names shared with the seed": 0.2887,
    "share of its names that the story holds": 0.2009,
    "names unknown to the story": 1.2809,
    "length": 2.6788,
    "entries known": 0.8378,
    "telling names of the story": 0.5000,
}

LINKING: Mapping[str, float] = {
    "meaning": 0.8435,
    "meaning over the claims' mean": -0.1325,
    "meaning over the best other claim": 3.1425,
    "words in common": -1.1698,
    "share of the claim's words": 0.7751,
    "share of the line's words": -0.0469,
    "most telling word shared": -0.3810,
    "telling words shared": 2.9992,
    "names shared": -0.5295,
    "share of the claim's names": 0.2305,
    "a quantity of the claim's kind": -0.0595,
    "both say when": -0.4735,
    "length": -0.3692,
    "the claim's words met in meaning": 0.9235,
    "the line's words met in meaning": -1.2740,
    "met over the best other claim": 3.0827,
    "bias": -0.4606,
}

HAPPENING: Mapping[str, float] = {
    "meaning of the whole": 1.5953,
    "meaning of the best lines": 2.7737,
    "words in common": 1.1115,
    "rare words shared": 4.3991,
    "share of the shorter one's rare words": 2.4011,
    "rarest word shared": -0.8827,
    "figures shared": 0.2176,
    "figures that differ": -0.6784,
    "names shared": -1.2059,
    "names that differ": -1.0403,
    "bias": -2.1060,
}

RELEVANT = 0.5
LINKED = 0.4
SAME = 0.5
