"""Finished indexes that readers see, one of which is current, and their files."""

from index.generations.folder import DataFolder
from index.generations.generation import Generation
from index.generations.manifest import Manifest

__all__ = ["DataFolder", "Generation", "Manifest"]
