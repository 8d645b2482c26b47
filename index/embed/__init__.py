"""From texts to unit vectors: what an embedder is, and which one a setting names."""

from index.embed.choice import create_embedder
from index.embed.embedder import Embedded, Embedder, EmbedInput, Vectors, unit_rows

__all__ = ["EmbedInput", "Embedded", "Embedder", "Vectors", "create_embedder", "unit_rows"]
