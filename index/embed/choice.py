"""Which embedder a setting names."""

from __future__ import annotations

from index.embed.embedder import Embedder
from index.errors import IndexFault


def create_embedder(spec: str = "local", *, threads: int | None = None) -> Embedder:
    """Return the embedder that ``spec`` names.

    ``local`` is the model shipped with the package, ``hash`` a deterministic
    stand-in without a model, and ``provider:model`` (``openai:…``, ``ollama:…``)
    any embedding model that LangChain knows. ``threads`` bounds the processor
    threads of the local model; None uses every core this process may use.
    Nothing is loaded before the first use. Raises `IndexFault` for a name that
    is none of these and `MissingExtra` when the provider's package is missing.
    """
    if spec == "local":
        from index.embed.onnx import OnnxEmbedder

        return OnnxEmbedder(threads=threads)
    if spec == "hash":
        from index.embed.hash import HashEmbedder

        return HashEmbedder()
    provider, colon, model = spec.partition(":")
    if colon and provider and model:
        from index.embed.langchain import LangChainEmbedder

        return LangChainEmbedder.of(provider, model)
    raise IndexFault(
        f"{spec!r} is not an embedder",
        remedy="Use `local`, or `provider:model` such as `openai:text-embedding-3-small`.",
    )
