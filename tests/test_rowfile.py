import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DamagedGeneration
from index.generations.rowfile import RowFile


@given(st.lists(st.integers(0, 5), max_size=8))
def test_blocks_that_are_appended_read_back_in_order(tmp_path_factory, sizes):
    file = RowFile(tmp_path_factory.mktemp("rows") / "v.f32", 3, np.float32)
    written = []
    for size in sizes:
        block = np.random.default_rng(size).standard_normal((size, 3)).astype(np.float32)
        if size:
            file.append(len(written), block)
        written += list(block)
    assert np.array_equal(file.read(len(written)), np.array(written).reshape(-1, 3))


def test_an_older_generation_is_not_changed_by_rows_added_to_a_linked_file(tmp_path):
    old = tmp_path / "old.f32"
    RowFile(old, 2, np.float32).append(0, np.ones((2, 2)))
    (tmp_path / "new.f32").hardlink_to(old)
    RowFile(tmp_path / "new.f32", 2, np.float32).append(2, np.full((1, 2), 7))
    assert RowFile(old, 2, np.float32).read(2).tolist() == [[1, 1], [1, 1]]


def test_a_written_row_is_never_written_again(tmp_path):
    file = RowFile(tmp_path / "v.f32", 2, np.float32)
    file.append(0, np.ones((2, 2)))
    with pytest.raises(ValueError, match="already written"):
        file.append(1, np.ones((1, 2)))


def test_a_torn_row_counts_as_taken_but_not_as_whole(tmp_path):
    path = tmp_path / "v.f32"
    path.write_bytes(b"\0" * 12)
    file = RowFile(path, 2, np.float32)
    assert (file.whole_rows, file.physical_rows) == (1, 2)


def test_a_file_that_is_too_short_is_damage(tmp_path):
    file = RowFile(tmp_path / "v.f32", 2, np.float32)
    file.append(0, np.ones((2, 2)))
    with pytest.raises(DamagedGeneration, match=r"v\.f32 has 16 bytes where 24 belong"):
        file.read(3)
