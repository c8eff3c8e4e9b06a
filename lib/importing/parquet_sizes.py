"""How large values of Arrow are once each stands alone: a text that a dictionary holds once counts wherever it is."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

# What a value costs beside its text.
EACH = 8

Sizes = npt.NDArray[np.int64]


def sizes(array: Any) -> Sizes:
    """The bytes of each value of an array."""
    kind = array.type
    found: Sizes
    if pa.types.is_dictionary(kind):
        found = _looked_up(sizes(array.dictionary), array.indices)
    elif pa.types.is_struct(kind):
        found = sum((sizes(inner) for inner in array.flatten()), _even(array, EACH))
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        inside = sizes(array.keys) + sizes(array.items) if pa.types.is_map(kind) else sizes(array.values)
        found = np.diff(np.concatenate([[0], np.cumsum(inside)])[array.offsets.to_numpy()]) + EACH
    elif pa.types.is_fixed_size_list(kind):
        inside = sizes(array.values)[array.offset * kind.list_size :][: len(array) * kind.list_size]
        found = inside.reshape(len(array), kind.list_size).sum(axis=1) + EACH
    elif pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_string(kind):
        found = _lengths(pc.binary_length(array)) + EACH
    else:
        # A fixed number of bytes each, or near to it.
        found = _even(array, EACH + array.nbytes // max(1, len(array)))
    return found


def _looked_up(of_each: Sizes, indices: Any) -> Sizes:
    if not len(of_each):
        return _even(indices, EACH)
    found: Sizes = of_each[_lengths(indices)]
    return found


def _lengths(array: Any) -> Sizes:
    found: Sizes = pc.fill_null(array, 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _even(array: Any, size: int) -> Sizes:
    return np.full(len(array), size, np.int64)
