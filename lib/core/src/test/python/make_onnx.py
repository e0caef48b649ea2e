"""Writes mean-colours.onnx: three logits, each a weighted sum of a picture's mean red, green and blue.

    python make_onnx.py <folder>        needs the package onnx
"""

import sys
from pathlib import Path

import onnx
from onnx import TensorProto, helper

WEIGHTS = [[1.0, 2.0, 3.0], [-1.0, 0.5, 0.25], [4.0, -2.0, 1.0]]
BIASES = [0.5, -0.25, 0.125]


def network() -> onnx.ModelProto:
    """A convolution of one pixel, and the mean over all positions."""
    values = [value for row in WEIGHTS for value in row]
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "weight", "bias"], ["maps"], kernel_shape=[1, 1]),
            helper.make_node("GlobalAveragePool", ["maps"], ["means"]),
            helper.make_node("Flatten", ["means"], ["logits"]),
        ],
        "mean-colours",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, 8, 8])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3])],
        [
            helper.make_tensor("weight", TensorProto.FLOAT, [3, 3, 1, 1], values),
            helper.make_tensor("bias", TensorProto.FLOAT, [3], BIASES),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


if __name__ == "__main__":
    model = network()
    onnx.checker.check_model(model)
    onnx.save(model, Path(sys.argv[1]) / "mean-colours.onnx")
