"""How much of a file is taken at most; no real export of chats comes near to it, and this machine can bear it."""

# A longer text is cut to so many characters.
LONGEST_VALUE = 4 << 20
# A longer record is rejected: bytes of JSON and Parquet; characters of a row of a table, each of which needs more room.
LONGEST_RECORD = 64 << 20
LONGEST_ROW = 16 << 20
# A record of more values is rejected: in memory an empty list takes twenty times its text. Shorter ones have fewer.
MOST_VALUES = 2 << 20
# So many of the values that were cut are named.
EXAMPLES = 5
# Chats as JSON shrink to a tenth, hardly ever to a hundredth: what unpacks to more is made to cost much. What is small
# may do so; inside of an archive of many files, only what is very small.
MOST_SHRUNK, SMALL, SMALL_INSIDE = 200, 64 << 20, 1 << 20
# In Parquet, equal rows take next to nothing; read, each takes as many bytes at least.
LEAST_OF_ROW, LEAST_OF_CELL = 100, 4
# And equal texts are held once, so that more may come out of it than its pages hold.
MOST_REPEATED = 4
MOST_COLUMNS = 2_000
# The process that reads a sheet may take so much memory: eight million short cells. And so much time.
MOST_OF_WORKBOOK, LONGEST_FOR_SHEET_S = 4 << 30, 300
# So many of the rejected rows are kept, and of the fields that nobody knows and the files without chats named.
MOST_REJECTED, MOST_REJECTED_BYTES = 10_000, 64 << 20
MOST_NAMED = 1_000
# A report names so much of the path of a field.
LONGEST_PATH = 200


def most_unpacked(packed: int, *, is_inside: bool = False) -> int:
    """The most bytes that what takes `packed` bytes may unpack to; `is_inside` says that an archive holds it."""
    return max(SMALL_INSIDE if is_inside else SMALL, MOST_SHRUNK * packed)
