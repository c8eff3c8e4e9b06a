"""Rows of a table that are no records: sums and averages, the header once more, and what stands below the table."""

import re
from collections.abc import Sequence

NUMBER = r"[-+]?[0-9][0-9.,\s]*%?|[0-9]+(?::[0-9]{2}){1,2}"
NUMBERS = re.compile(rf"\s*(?:{NUMBER}|-|n/a)?\s*", re.IGNORECASE)
SUM = re.compile(
    r"\s*(?:(?:grand|overall|sub)?[ -]?totals?|sum|averages?|avg\.?|mean|median|minimum|maximum"
    r"|(?:総|小)?合?計|総合計|平均値?|件数|中央値|最大値?|最小値?)"
    rf"\s*(?:[:：=]|\s|(?<=[計均値数])|$)\s*(?:(?:{NUMBER})\s*[^\W\d]{{0,5}})?\s*",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"\s*(?:(?:exported|generated|created|printed|downloaded) (?:on|at|by|from|with)\b"
    r"|end of (?:report|file|data|export)\b|[*-]* ?end ?[*-]*$|page [0-9]+ of [0-9]+"
    r"|[0-9]+ (?:rows?|records?|chats?|conversations?)\b|以上$|※|全?[0-9,]+件"
    r"|(?:出力|作成|抽出|エクスポート)(?:日時?|者|条件)\s*[:：])",
    re.IGNORECASE,
)
# In a narrower table, a footer can be a record that is short.
LEAST_COLUMNS = 3


def is_no_record(row: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row that is not blank is no record: it says nothing of a chat."""
    first = row[0] or next(cell for cell in row if cell)
    if first == header[0] and [*row] == [*header]:
        return True
    if len(header) < 2:
        return False
    if SUM.fullmatch(first):
        return sum(NUMBERS.fullmatch(cell) is None for cell in row) == 1
    return len(header) >= LEAST_COLUMNS and FOOTER.match(first) is not None and sum(map(bool, row)) == 1
