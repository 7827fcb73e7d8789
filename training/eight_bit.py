"""Store the weights of an ONNX file as 8-bit integers, and compute in 32-bit floats or in integers.

`shrink` rounds the weights alone, symmetrically, with one scale for each output channel (each row of an embedding
table): the arithmetic is that of the float model.

`quicken` also lets onnxruntime multiply in integers, its dynamic quantisation: the activations are rounded as well,
with one scale for all rows of a call. What comes out for a text then depends on the texts beside it, so such a model is
asked about one text at a time. The weights have 7 bits, so that no processor's sums of products overflow: without that
those with and without special instructions for it would differ by more than rounding.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

SMALLEST = 4096  # values; below this a matrix is not worth a scale


def _rounded(weights: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Integers in [-127, 127] and the scale along `axis` that brings them back."""
    scale = np.abs(weights).max(axis=axis, keepdims=True) / np.float32(127)
    scale[scale == 0] = 1
    return np.clip(np.rint(weights / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


def _store(graph: onnx.GraphProto, tensor: onnx.TensorProto, axis: int) -> tuple[str, str]:
    """Replace a float tensor of the graph by its integers and scales; returns the two new names."""
    integers, scale = _rounded(numpy_helper.to_array(tensor), axis)
    names = (f"{tensor.name}.int8", f"{tensor.name}.scale")
    graph.initializer.remove(tensor)
    graph.initializer.extend(numpy_helper.from_array(a, n) for a, n in zip((integers, scale), names, strict=True))
    return names


def _matrix(graph: onnx.GraphProto, node: onnx.NodeProto, tensor: onnx.TensorProto) -> None:
    """A matrix product: widen the matrix in front of it (onnxruntime does this once, when it loads the file)."""
    integers, scale = _store(graph, tensor, axis=0)
    at = list(graph.node).index(node)
    graph.node.insert(at, helper.make_node("Mul", [f"{integers}.wide", scale], [tensor.name]))
    graph.node.insert(at, helper.make_node("Cast", [integers], [f"{integers}.wide"], to=TensorProto.FLOAT))


def _table(graph: onnx.GraphProto, node: onnx.NodeProto, tensor: onnx.TensorProto) -> None:
    """An embedding table: look the integers up first, so that the whole table is never widened."""
    integers, scale = _store(graph, tensor, axis=1)
    at, index, found = list(graph.node).index(node), node.input[1], node.output[0]
    graph.node.remove(node)
    steps = [
        helper.make_node("Gather", [integers, index], [f"{found}.int8"], axis=0),
        helper.make_node("Cast", [f"{found}.int8"], [f"{found}.wide"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [scale, index], [f"{found}.scale"], axis=0),
        helper.make_node("Mul", [f"{found}.wide", f"{found}.scale"], [found]),
    ]
    for step in reversed(steps):
        graph.node.insert(at, step)


def shrink(source: Path, target: Path, *, matrices: bool = True) -> None:
    """Write `source` to `target`, every large weight matrix in 8 bits a value; not `matrices`: tables only."""
    model = onnx.load(source)
    graph = model.graph
    for tensor in [t for t in graph.initializer if len(t.dims) == 2 and np.prod(t.dims) >= SMALLEST]:
        (node,) = [n for n in graph.node if tensor.name in n.input]
        if node.op_type == "Gather":
            _table(graph, node, tensor)
        elif matrices:
            _matrix(graph, node, tensor)
    onnx.checker.check_model(model)
    onnx.save(model, target)


def quicken(source: Path, target: Path) -> None:
    """Write `source` to `target` with its tables in 8 bits and its matrix products in integers."""
    tables = target.with_suffix(".tables.onnx")
    shrink(source, tables, matrices=False)
    quantize_dynamic(
        tables,
        target,
        op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"MatMulConstBOnly": True},  # attention's products of activations stay floats
    )
    tables.unlink()
