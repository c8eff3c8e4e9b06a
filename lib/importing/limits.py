"""How much of a file is taken at most; no real export of chats comes near to it, and this machine can bear it."""

# A longer text is cut to so many characters.
LONGEST_VALUE = 4 << 20
# A longer record is rejected: bytes of JSON and Parquet; characters of a row of a table, each of which needs more room.
LONGEST_RECORD = 64 << 20
LONGEST_ROW = 16 << 20
# So many of the values that were cut are named.
EXAMPLES = 5
# A report names so much of the path of a field.
LONGEST_PATH = 200
