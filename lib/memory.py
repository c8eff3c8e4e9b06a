"""How the process takes memory from the system, and gives it back."""

import ctypes
import sys

import pyarrow as pa

# Pages are drawn in many threads, one after the other: with a heap for each, most of what they free would be of no use.
M_ARENA_MAX, MOST_HEAPS = -8, 2
IS_LINUX = sys.platform == "linux"


def keep_few_heaps() -> None:
    """From now on, all threads take what they need from the same few heaps (mallopt(3)), Arrow's tables too."""
    pa.set_memory_pool(pa.system_memory_pool())
    if IS_LINUX:
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, MOST_HEAPS)


def give_back() -> None:
    """Gives what is free in the heaps back to the system."""
    if IS_LINUX:
        ctypes.CDLL(None).malloc_trim(0)
