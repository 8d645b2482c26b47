"""How fast the local embedder is, and how well its vectors find sentences.

    python benchmarks/embed.py FOLDER                       speed, latency, memory
    python benchmarks/embed.py FOLDER --layouts             threads and models compared
    python benchmarks/embed.py FOLDER --quality             MRR@10 of sentences one by one
    python benchmarks/embed.py FOLDER --layouts --quality --float32 model.onnx

FOLDER holds articles.jsonl and, for ``--quality``, cases.jsonl. ``--float32``
names the model that ``benchmarks/export_model.py --float32`` writes.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.articles import Article
from index.embed import create_embedder
from index.embed.onnx import MODEL_FOLDER
from index.passages import build_passages, embed_input, header
from index.sentences import split
from index.tokens import TokenCounter


def read_articles(folder: Path) -> list[Article]:
    """Return the articles of a folder."""
    lines = (folder / "articles.jsonl").open(encoding="utf-8")
    return [
        Article.of(id=a["id"], text=a["text"], origin=a["id"], title=a["title"] or "")
        for a in map(json.loads, lines)
    ]


def session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    """Return a session like the embedder's, with ``threads`` threads in one run."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def speed(articles: list[Article], limit: int) -> None:
    """Print the speed of a build's embedding, a question's latency and peak memory."""
    count, embedder = TokenCounter(), create_embedder()
    inputs = []
    for article in articles:
        spans, head = split(article.text), header(article)
        made = build_passages(article, spans, count)
        inputs += [embed_input(article, passage, spans, head) for passage in made]
    inputs = inputs[:limit]
    tokens = sum(count(item.text) for item in inputs)
    embedder.embed_query("warm")
    start, cpu = time.perf_counter(), time.process_time()
    embedder.embed_passages(inputs)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(f"{len(inputs)} passages, {tokens} tokens: {wall:.1f} s ({tokens / wall:.0f} tokens/s)")
    print(f"processor seconds {cpu:.1f} ({tokens / cpu:.0f} tokens/s of one core)")
    waits = []
    for number in range(200):
        start = time.perf_counter()
        embedder.embed_query(f"Who confirmed the deaths of the crew, {number}?")
        waits.append((time.perf_counter() - start) * 1000)
    print(f"question: p50 {np.median(waits):.1f} ms, p95 {np.quantile(waits, 0.95):.1f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


def layouts(models: dict[str, Path], articles: list[Article]) -> None:
    """Print the speed of each model with several runs at a time or several threads in a run."""
    tokenizer = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
    ids = tokenizer.encode(" ".join(article.text for article in articles)[:120_000]).ids
    generator, batches, at = np.random.default_rng(0), [], 0
    while at < len(ids) - 300:
        length = int(np.clip(generator.normal(190, 35), 60, 300))
        batches.append({"input_ids": np.array([ids[at : at + length]], np.int64)})
        at += length
    for name, model in models.items():
        for workers, threads in ((1, 1), (1, 2), (2, 1)):
            running = session(model, threads)
            best = min(_seconds(running, batches, workers) for _ in range(3))
            print(
                f"{name:8s} {workers} at a time, {threads} threads each: {at / best:6.0f} tokens/s"
            )


def _seconds(
    running: onnxruntime.InferenceSession, batches: list[dict[str, np.ndarray]], workers: int
) -> float:
    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(lambda batch: running.run(None, batch), batches):
            pass
    return time.perf_counter() - start


def quality(models: dict[str, Path], folder: Path, articles: list[Article]) -> None:
    """Print MRR@10 and recall of each model over all sentences, embedded one by one."""
    tokenizer = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
    tokenizer.enable_truncation(512)
    cases = [
        case
        for case in map(json.loads, (folder / "cases.jsonl").open(encoding="utf-8"))
        if case["answerable"]
    ]
    places = [(a.id, *span) for a in articles for span in split(a.text)]
    texts = [a.text[start:end] for a in articles for start, end in split(a.text)]
    for name, model in models.items():
        running = session(model, 1)

        def vector(text: str, running: onnxruntime.InferenceSession = running) -> np.ndarray:
            ids = np.array([tokenizer.encode(text).ids], np.int64)
            mean = running.run(None, {"input_ids": ids})[0][0].mean(axis=0)
            return mean / np.linalg.norm(mean)

        with ThreadPoolExecutor(2) as pool:
            rows = np.array(list(pool.map(vector, texts)))
            queries = np.array(list(pool.map(vector, [case["question"] for case in cases])))
        best = np.argsort(-(queries @ rows.T), axis=1)[:, :10]
        gains = []
        for case, row in zip(cases, best, strict=True):
            gold = [(e["article_id"], e["start"], e["end"]) for e in case["evidence"]]
            found = [
                any(
                    places[i][0] == a and places[i][1] <= s and e <= places[i][2]
                    for a, s, e in gold
                )
                for i in row
            ]
            gains.append(1 / (found.index(True) + 1) if any(found) else 0.0)
        got = np.array(gains)
        print(
            f"{name:8s} {len(texts)} sentences, {len(cases)} questions: MRR@10 {got.mean():.4f},"
            f" recall@1 {(got == 1).mean():.4f}, recall@10 {(got > 0).mean():.4f}"
        )


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layouts", action="store_true")
    parser.add_argument("--quality", action="store_true")
    parser.add_argument("--float32", type=Path)
    parser.add_argument("--limit", type=int, default=500, help="passages to embed (500)")
    arguments = parser.parse_args()
    articles = read_articles(arguments.folder)
    models = {"int8": MODEL_FOLDER / "model.onnx"}
    if arguments.float32:
        models["float32"] = arguments.float32
    if arguments.layouts:
        layouts(models, articles)
    if arguments.quality:
        quality(models, arguments.folder, articles)
    if not (arguments.layouts or arguments.quality):
        speed(articles, arguments.limit)


if __name__ == "__main__":
    main()
