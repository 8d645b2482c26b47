"""One generation: its folder, what stands in it, and its manifest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.generations.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Generation:
    """A finished generation's folder and manifest."""

    folder: Path
    manifest: Manifest

    @classmethod
    def unfinished(cls, folder: Path) -> Generation:
        """Return the paths of a folder that has no manifest yet."""
        return cls(folder, Manifest("", "", 0, False, 0, 0, 0, 0, 0, "", 0.0, (), None))

    @property
    def catalog(self) -> Path:
        """Return the path of the SQLite catalogue."""
        return self.folder / "catalog.sqlite"

    @property
    def lexical(self) -> Path:
        """Return the folder of the BM25 index."""
        return self.folder / "lexical"

    @property
    def chroma(self) -> Path:
        """Return the folder of the vector store."""
        return self.folder / "chroma"

    @property
    def passage_vectors(self) -> Path:
        """Return the file of passage vectors: float32 by passage row."""
        return self.folder / "passages.f32"

    @property
    def sentence_vectors(self) -> Path:
        """Return the file of sentence vectors: float16 by sentence row."""
        return self.folder / "sentences.f16"

    @property
    def passage_articles(self) -> Path:
        """Return the file of each passage's article row: int32 by passage row."""
        return self.folder / "passages.i32"
