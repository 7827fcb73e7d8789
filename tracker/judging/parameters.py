"""Weights of the judge's logistic regressions: made by training/train_judge.py, which says how. Do not edit.

Data: FNC-1 (Apache-2.0) for relevance and happenings, VitaminC (CC BY-SA 3.0) for linking. No replay case was read.
"""

from collections.abc import Mapping

VERSION = "1"

RELEVANCE: Mapping[str, float] = {
    "meaning of the best line to title and claims": 6.1403,
    "meaning of the best line to the entries known": 0.1701,
    "meaning of the whole to the middle of the story": -0.2461,
    "meaning of the whole to title and claims": 2.1013,
    "words like one claim": -1.0927,
    "words like one entry known": 1.2412,
    "share of its words that the seed holds": 0.5778,
    "share of its words that the story holds": 7.3672,
    "its words met in meaning by the seed": -1.6219,
    "best claim's words met in meaning": 2.8832,
    "rarest word shared with the seed": 1.5553,
    "second rarest word shared with the seed": 0.8953,
    "most telling word of the story": 2.1078,
    "three most telling words of the story": -0.0349,
    "telling words of the story, of its weight": -5.8735,
    "most telling name of the story": 2.1273,
    "telling names of the story": -1.9525,
    "words shared with the seed": -0.3133,
    "names shared with the seed": -0.3876,
    "countries shared with the seed": 0.0709,
    "countries unknown to the seed": -1.0939,
    "share of its names that the story holds": 1.0645,
    "names unknown to the story": -0.0615,
    "length": -0.8741,
    "entries known": -0.7488,
    "bias": -5.3583,
}

RELEVANCE_MEANS: Mapping[str, float] = {
    "meaning of the best line to title and claims": 0.3237,
    "meaning of the best line to the entries known": 0.2589,
    "meaning of the whole to the middle of the story": 0.2544,
    "meaning of the whole to title and claims": 0.3003,
    "words like one claim": 0.1199,
    "words like one entry known": 0.0831,
    "share of its words that the seed holds": 0.1453,
    "share of its words that the story holds": 0.1728,
    "its words met in meaning by the seed": 0.3218,
    "best claim's words met in meaning": 0.2445,
    "rarest word shared with the seed": 0.3686,
    "second rarest word shared with the seed": 0.2328,
    "most telling word of the story": 0.2160,
    "three most telling words of the story": 0.4366,
    "telling words of the story, of its weight": 0.0838,
    "most telling name of the story": 0.1069,
    "telling names of the story": 0.1362,
    "words shared with the seed": 0.8264,
    "names shared with the seed": 0.2222,
    "countries shared with the seed": 0.0855,
    "countries unknown to the seed": 0.2362,
    "share of its names that the story holds": 0.2062,
    "names unknown to the story": 1.1451,
    "length": 2.6324,
    "entries known": 0.8371,
}

LINKING: Mapping[str, float] = {
    "meaning": 0.9233,
    "meaning over the claims' mean": -0.5059,
    "meaning over the best other claim": 3.7366,
    "words in common": -1.6518,
    "share of the claim's words": 0.5315,
    "share of the line's words": 0.1744,
    "most telling word shared": -0.0128,
    "telling words shared": 2.1203,
    "names shared": -0.1925,
    "share of the claim's names": 0.1430,
    "a quantity of the claim's kind": 0.1469,
    "both say when": -0.4844,
    "length": -0.3642,
    "the claim's words met in meaning": 1.5211,
    "the line's words met in meaning": -1.2158,
    "met over the best other claim": 2.0734,
    "bias": -0.5200,
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
LINKED = 0.4
SAME = 0.5
