"""The embedders: the shipped model itself, the hash stand-in and LangChain's seam."""

import hashlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from index.embed import EmbedInput, create_embedder
from index.embed.hash import HashEmbedder
from index.embed.langchain import BATCH, LangChainEmbedder
from index.embed.onnx import (
    MODEL_FILES,
    MODEL_FOLDER,
    WINDOW,
    OnnxEmbedder,
    verify_model,
    windows,
)
from index.errors import IndexFault, MissingExtra

STORM = "A storm sank three fishing boats off the northern coast on Monday."
TAXES = "Parliament voted to lower the tax on bread."


@pytest.fixture(scope="module")
def local():
    return create_embedder("local", threads=2)


@pytest.fixture(scope="module", params=["local", "hash"])
def embedder(request):
    return create_embedder(request.param)


def both(first=STORM, second=TAXES):
    text = f"{first} {second}"
    return EmbedInput(text, ((0, len(first)), (len(first) + 1, len(text))))


def test_vectors_are_unit_rows_of_the_stated_shape(embedder):
    made = embedder.embed_passages([both(), EmbedInput(STORM)])
    assert made.passages.shape == (2, embedder.dimension)
    assert [rows.shape for rows in made.sentences] == [
        (2, embedder.dimension),
        (0, embedder.dimension),
    ]
    for rows in (made.passages, made.sentences[0], embedder.embed_query(STORM)[None]):
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_nothing_to_embed_gives_no_rows(embedder):
    made = embedder.embed_passages([])
    assert made.passages.shape == (0, embedder.dimension)
    assert made.sentences == ()


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "a\udc00b", "\u200b", "[CLS] [SEP] [PAD]", "字" * 40]
)
def test_odd_text_gives_a_unit_vector(embedder, text):
    made = embedder.embed_passages([EmbedInput(text, ((0, len(text)), (0, 0)))])
    for rows in (made.passages, made.sentences[0], embedder.embed_query(text)[None]):
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_question_is_nearer_to_its_answer_than_to_another_sentence(local):
    question = local.embed_query("Which vessels were lost at sea in bad weather?")
    made = local.embed_passages([EmbedInput(STORM), EmbedInput(TAXES), both()])
    assert question @ made.passages[0] > question @ made.passages[1] + 0.2
    assert question @ made.sentences[2][0] > question @ made.sentences[2][1] + 0.1


def test_a_sentence_in_a_passage_is_near_to_the_sentence_alone(local):
    made = local.embed_passages([both()])
    alone = local.embed_passages([EmbedInput(STORM), EmbedInput(TAXES)]).passages
    near = made.sentences[0] @ alone.T
    assert (np.diag(near) > near[[0, 1], [1, 0]] + 0.2).all()


def test_a_passage_of_one_sentence_is_nearly_that_sentence(local):
    made = local.embed_passages([EmbedInput(STORM, ((0, len(STORM)),))])
    assert made.passages[0] @ made.sentences[0][0] > 0.97


def test_a_vector_does_not_depend_on_its_neighbours_or_on_the_run(local):
    inputs = [EmbedInput(f"{STORM} {TAXES} " * n, ((0, len(STORM)),)) for n in (3, 1, 7, 2)]
    made, backwards = local.embed_passages(inputs), local.embed_passages(inputs[::-1])
    np.testing.assert_array_equal(made.passages, backwards.passages[::-1])
    for rows, other in zip(made.sentences, backwards.sentences[::-1], strict=True):
        np.testing.assert_array_equal(rows, other)
    single = OnnxEmbedder(threads=1).embed_passages(inputs)
    np.testing.assert_array_equal(made.passages, single.passages)


def test_a_text_longer_than_the_window_counts_in_all_its_parts(local):
    filler = "The committee met again and nothing was decided. " * 150
    text = filler + STORM
    made = local.embed_passages([EmbedInput(text, ((0, len(filler)), (len(filler), len(text))))])
    alone = local.embed_query(STORM)
    assert made.sentences[0][1] @ alone > made.sentences[0][0] @ alone + 0.2


@pytest.mark.parametrize("tokens", [0, 1, 509, 510, 511, 1020, 1021, 5000])
def test_windows_cover_all_tokens_evenly_and_fit_the_model(tokens):
    cut = windows(tokens)
    lengths = [end - start for start, end in cut]
    assert sum(lengths) == tokens
    assert max(lengths) <= WINDOW - 2
    assert max(lengths) - min(lengths) <= 1


def test_a_megabyte_without_a_space_is_embedded(local):
    text = "x" * 1_000_000
    assert local.embed_passages([EmbedInput(text, ((0, len(text)),))]).passages.shape == (1, 384)


def test_a_sentence_that_starts_inside_a_word_is_embedded_on_its_own(local):
    made = local.embed_passages([EmbedInput("unbelievable", ((0, 4), (11, 12)))])
    alone = local.embed_query("e")
    assert made.sentences[0][1] @ alone > 0.99


def test_many_threads_may_ask_at_once():
    fresh = OnnxEmbedder(threads=1)
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(fresh.embed_query, [STORM] * 16))
    assert all((row == rows[0]).all() for row in rows)


def test_the_model_is_the_one_that_was_released():
    assert verify_model() == []
    sums = (MODEL_FOLDER / "SHA256SUMS").read_text(encoding="utf-8")
    assert sums == "".join(f"{file.sha256}  {file.name}\n" for file in MODEL_FILES)
    card = (MODEL_FOLDER / "MODEL.md").read_text(encoding="utf-8")
    assert all(f"{file.size:,}" in card for file in MODEL_FILES)
    assert "Apache License" in (MODEL_FOLDER / "LICENSE").read_text(encoding="utf-8")


def test_the_name_tells_the_file():
    digest = hashlib.sha256((MODEL_FOLDER / "model.onnx").read_bytes()).hexdigest()
    assert OnnxEmbedder().name == f"local:all-MiniLM-L6-v2/int8-{digest[:8]}"


def test_a_short_or_missing_file_is_refused_with_the_remedy(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"short")
    assert len(verify_model(tmp_path)) == 2
    with pytest.raises(IndexFault, match=r"model\.onnx.* 5 bytes") as caught:
        OnnxEmbedder(folder=tmp_path).embed_query(STORM)
    assert "pip install" in caught.value.remedy


def test_an_altered_file_is_found_and_its_fault_is_ours(tmp_path):
    for file in MODEL_FILES:
        shutil.copy(MODEL_FOLDER / file.name, tmp_path)
    path = tmp_path / "model.onnx"
    path.write_bytes(b"\xff" * 64 + path.read_bytes()[64:])
    assert [line for line in verify_model(tmp_path) if "altered" in line]
    with pytest.raises(IndexFault, match="cannot be loaded"):
        OnnxEmbedder(folder=tmp_path).embed_query(STORM)


def test_importing_and_creating_load_no_library():
    code = (
        "import sys; from index.embed import create_embedder; create_embedder();"
        "import index.embed.langchain;"
        "print([m for m in ('onnxruntime', 'tokenizers', 'langchain') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_hash_embedder_brings_texts_that_share_words_together():
    made = HashEmbedder().embed_passages([EmbedInput(STORM), EmbedInput(TAXES)])
    query = HashEmbedder().embed_query("storm sank fishing boats")
    assert query @ made.passages[0] > query @ made.passages[1]


@pytest.mark.parametrize("spec", ["", "locale", "openai:", ":model", "nobody:model"])
def test_a_name_that_is_no_embedder_is_refused(spec):
    with pytest.raises(IndexFault) as caught:
        create_embedder(spec)
    assert caught.value.remedy


def test_a_missing_provider_names_its_install_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain_voyageai", None)
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)
    with pytest.raises(MissingExtra) as caught:
        create_embedder("ollama:nomic-embed-text")
    assert caught.value.remedy == "Install it: pip install langchain-ollama"


def test_a_langchain_model_gives_unit_passages_and_no_sentences():
    embedder = LangChainEmbedder(DeterministicFakeEmbedding(size=8), "fake:eight")
    made = embedder.embed_passages([both()] * (BATCH + 1))
    assert made.sentences is None
    assert made.passages.shape == (BATCH + 1, 8)
    assert embedder.dimension == 8
    assert embedder.embed_passages([]).passages.shape == (0, 8)
    np.testing.assert_allclose(np.linalg.norm(made.passages, axis=1), 1, atol=1e-5)


class Broken(Embeddings):
    def __init__(self, answer):
        self.answer = answer

    def embed_documents(self, texts):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def embed_query(self, text):
        return self.embed_documents([text])[0]


@pytest.mark.parametrize(
    "answer",
    [RuntimeError("no route\nsecond line"), [], [[]], [[1.0], [1.0, 2.0]], [[float("nan")]] * 2],
)
def test_a_provider_that_fails_is_a_fault_in_one_line(answer):
    with pytest.raises(IndexFault, match="fake:broken") as caught:
        LangChainEmbedder(Broken(answer), "fake:broken").embed_passages([both()] * 2)
    assert "\n" not in str(caught.value)
