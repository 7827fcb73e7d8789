"""The learnt relation as one ONNX graph: boosted trees over the evidence, a linear layer over both readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from tracker.judging.evidence import ONE_DENIES

LEAST = 1e-4
"""Chance below which a reading is taken to say no more than "hardly"."""
_LABELS = 3


def layers(counted: NDArray[Any], read: NDArray[Any], denies: NDArray[Any]) -> NDArray[Any]:
    """What the last layer weighs: logarithms of both readings, and the second's once more where one side denies.

    The trees hardly ever saw a denial in revised pages, while the pair model was trained on many: where one of the two
    denies it is believed by a weight of its own. Shape (n, 10).
    """
    logs = np.log(np.maximum(np.hstack([counted, read]), LEAST))
    return np.hstack([logs, logs[:, 3:] * denies[:, None], denies[:, None]])


def below(threshold: float) -> float:
    """The greatest 32-bit float not above a threshold: a 32-bit value is at most the one where it is the other."""
    rounded = np.float32(threshold)
    return float(rounded if rounded <= threshold else np.nextafter(rounded, np.float32(-np.inf)))


def _walk(node: Mapping[str, Any], numbers: Iterator[int]) -> Iterator[tuple[int, Mapping[str, Any], tuple[int, int]]]:
    """Yield (number, node, numbers of its children), the node first."""
    mine = next(numbers)
    if "leaf_value" in node:
        yield mine, node, (0, 0)
        return
    left = list(_walk(node["left_child"], numbers))
    right = list(_walk(node["right_child"], numbers))
    yield mine, node, (left[0][0], right[0][0])
    yield from left
    yield from right


def _trees(dump: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Attributes of a TreeEnsembleRegressor with one target for each label."""
    found: dict[str, list[Any]] = {name: [] for name in (
        "nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_modes", "nodes_truenodeids",
        "nodes_falsenodeids", "target_treeids", "target_nodeids", "target_ids", "target_weights",
    )}  # fmt: skip
    for tree, info in enumerate(dump["tree_info"]):
        for number, node, (left, right) in _walk(info["tree_structure"], iter(range(1 << 20))):
            leaf = "leaf_value" in node
            row = (tree, number, 0 if leaf else node["split_feature"], 0.0 if leaf else below(node["threshold"]),
                   "LEAF" if leaf else "BRANCH_LEQ", left, right)  # fmt: skip
            for name, value in zip(list(found)[:7], row, strict=True):
                found[name].append(value)
            if leaf:
                for name, value in zip(
                    list(found)[7:], (tree, number, tree % _LABELS, node["leaf_value"]), strict=True
                ):
                    found[name].append(value)
    return found


def graph(
    dump: Mapping[str, Any], weights: NDArray[np.float64], bias: NDArray[np.float64], names: Sequence[str]
) -> onnx.ModelProto:
    """Chances from `evidence` (n, names) and `read` (n, 3): softmax of weights (10, 3) over what `layers` lists."""
    denies = np.array([names.index(ONE_DENIES)], np.int64)
    constants = {
        "least": np.float32(LEAST),
        "denies": denies,
        "weights": weights.astype(np.float32),
        "bias": bias.astype(np.float32),
    }
    constants |= {"third": np.array([3]), "sixth": np.array([6]), "columns": np.array([1])}
    nodes = [
        helper.make_node(
            "TreeEnsembleRegressor", ["evidence"], ["scores"], domain="ai.onnx.ml", n_targets=_LABELS, **_trees(dump)
        ),
        helper.make_node("Softmax", ["scores"], ["counted"], axis=1),
        helper.make_node("Concat", ["counted", "read"], ["both"], axis=1),
        helper.make_node("Max", ["both", "least"], ["clipped"]),
        helper.make_node("Log", ["clipped"], ["logs"]),
        helper.make_node("Slice", ["logs", "third", "sixth", "columns"], ["heard"]),
        helper.make_node("Gather", ["evidence", "denies"], ["one denies"], axis=1),
        helper.make_node("Mul", ["heard", "one denies"], ["heard of denials"]),
        helper.make_node("Concat", ["logs", "heard of denials", "one denies"], ["layers"], axis=1),
        helper.make_node("Gemm", ["layers", "weights", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["chances"], axis=1),
    ]
    inputs = [
        helper.make_tensor_value_info("evidence", TensorProto.FLOAT, ["pairs", len(names)]),
        helper.make_tensor_value_info("read", TensorProto.FLOAT, ["pairs", _LABELS]),
    ]
    output = helper.make_tensor_value_info("chances", TensorProto.FLOAT, ["pairs", _LABELS])
    held = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    made = helper.make_graph(nodes, "relation", inputs, [output], held)
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(made, opset_imports=versions, ir_version=9)
