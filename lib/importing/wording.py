"""What is wrong with a file or a row, in words; the codes are in `problems`."""

from collections.abc import Mapping

from lib.importing import limits
from lib.importing.problems import ImportRefused
from lib.importing.records.times import EXAMPLES, Counted
from lib.importing.report import Report
from lib.language import _, joined, mark, number, plural

# So many files without chats are named in a sentence.
SHOWN_NAMES = 10

REFUSALS = {
    "empty": mark("The file is empty. Export it again."),
    "not_chats": mark("The file holds no chats that can be recognised. See the import format for what is read."),
    "not_text": mark(
        "The file is neither readable text nor zip, gzip or Parquet. Export it as JSON or CSV in UTF-8, or choose its"
        " encoding."
    ),
    "not_encoding": mark("The file is not in the encoding that was chosen. Choose another one, or “Automatic”."),
    "cut_off": mark("The file ends in the middle of its first record. Download it again."),
    "unknown_columns": mark("The columns of this table are not known. Say on the Import page which column is which."),
    "broken_gzip": mark("The compressed file is damaged or incomplete. Download it again."),
    "broken_zip": mark("The zip file is damaged or incomplete. Download it again."),
    "encrypted_zip": mark("The zip file has a password. Unpack it, and import its files."),
    "unsafe_zip": mark("The zip file holds a path that leads out of it. Nothing of it was read."),
    "too_large": mark("Unpacked, the file is far larger than any export of chats of its size. Export it in parts."),
    "too_many_columns": mark("The table has more columns than any export of chats. Export it with fewer."),
    "broken_parquet": mark("The Parquet file is damaged or incomplete. Download it again."),
    "workbook": mark(
        "The file cannot be read as a workbook. Open it, save it as .xlsx or its sheet as CSV (UTF-8), and import that."
    ),
    "encrypted_workbook": mark("The workbook has a password. Save it without one, and import that."),
    "reader_died": mark("The file could not be read to its end; perhaps this machine has too little memory."),
    "memory": mark(
        "This machine has too little memory for the file, so nothing was stored. Import it in smaller parts."
    ),
    "engine": mark("The database could not take the file, so nothing was stored. Try it again; then ask who runs it."),
    "accounts": mark("Another import that came first named the accounts of this system. Import the file again."),
    "several_lists": mark(
        "The file has several lists that may be chats, and their rows are not of one shape. Choose “Table” on the"
        " Import page, and say for one list after the other which column is which."
    ),
    "intercom_1": mark(
        "This is an answer of Intercom's API 1, which is not read. Export it with version 2: send the header"
        " Intercom-Version: 2.14."
    ),
    "zendesk_tickets": mark(
        "These are tickets of Zendesk Support, not chats. Export the chats with the Chat API (/api/v2/chats); to import"
        " tickets as they are, choose “Table” and say which column is which."
    ),
    "zendesk_sunshine": mark(
        "This is an answer of Zendesk's Sunshine Conversations, which is not read. Export the chats with the Chat API"
        " (/api/v2/chats)."
    ),
    "chatwoot_report": mark(
        "This is a report of Chatwoot: figures without chats. Export the conversations (/api/v1/accounts/…/"
        "conversations) and their messages."
    ),
    "livechat_report": mark(
        "This is a report of LiveChat: figures without chats. Export the archives (list_archives of the Agent Chat"
        " API)."
    ),
    "rocketchat_report": mark(
        "This is a report of Rocket.Chat: figures without chats. Export the rooms (livechat/rooms) and their messages."
    ),
    "link": mark("This is a link to another place, which is not followed. Put the file itself there."),
    "no_file": mark("This is a folder, or something else that is no file. Name a file, or put one there."),
    "failed": mark("The file could not be imported, three times. The app's log says why; then try it again."),
    "unreadable": mark("The file cannot be read. Check its name, and that this program may read it."),
}

DETAILS = {
    "not_encoding": mark("The first line that cannot be read as {encoding}: {line}"),
    "several_lists": mark("Lists: {lists}"),
}

REASONS = {
    "not_json": mark("is not JSON"),
    "not_csv": mark("is not CSV"),
    "open_quote": mark("has a quotation mark without its second"),
    "not_text": mark("is not text in UTF-8"),
    "not_object": mark("is not an object"),
    "missing": mark("is missing"),
    "wrong_type": mark("has the wrong type"),
    "bad_time": mark("is not a time"),
    "year_out_of_range": mark("year outside 2000–2100"),
    "bad_number": mark("is not a number"),
    "out_of_range": mark("is out of range"),
    "bad_choice": mark("is none of the allowed words"),
    "too_long": mark("is too long"),
    "too_many_values": mark("has too many values"),
    "repeated_id": mark("repeats the id of an earlier record"),
    "rounded_id": mark(
        "was rounded by a spreadsheet, so that other chats may have it too; export again with ids as text"
    ),
    "bad_list": mark("is not a list"),
    "wrong_columns": mark("has more cells than the header"),
    "cut_off": mark("the file ends here, inside a record"),
}


def refusal_sentence(reason: str) -> str:
    """Why a file was refused, and what to do."""
    return _(REFUSALS[reason])


def refusal_detail(refusal: ImportRefused) -> str:
    """What is to be said of the very file that was refused; empty where there is nothing."""
    return _(DETAILS[refusal.reason], **refusal.told) if refusal.told else ""


def skipped_sentence(report: Report) -> str:
    """Which files of archives were not read."""
    names = report.skipped[:SHOWN_NAMES]
    more = len(report.skipped) - len(names) + report.skipped_more
    files = joined([*names, _("and {n} more", n=number(more))] if more else names)
    return _("Not read, as no chats are recognised in them: {files}", files=files)


def cut_sentence(report: Report) -> str:
    """How many values were cut, and where the first of them stood."""
    places = [
        _("{file}, row {row}: {problem}", file=place.file, row=place.row_number, problem=place.field)
        for place in report.cut_places
    ]
    more = [_("and {n} more", n=number(report.cut - len(places)))] if report.cut > len(places) else []
    return plural(
        "One value was longer than {most} characters, and was cut: {places}",
        "{n} values were longer than {most} characters, and were cut: {places}",
        report.cut,
        most=number(limits.LONGEST_VALUE),
        places=joined([*places, *more]),
    )


def no_record_sentence(report: Report) -> str:
    """How many rows were left out because they tell of no chat, and what stood in the first of them."""
    return plural(
        "One row is no chat, such as a sum, a second header or a footer, and was left out: {rows}",
        "{n} rows are no chats, such as sums, second headers or footers, and were left out: {rows}",
        report.no_records.count,
        rows=_examples(report.no_records),
    )


def account_sentences(report: Report, names: Mapping[str | None, str]) -> list[str]:
    """The account that was said, and how many chats and visitors name none and to which they were put; by `names`."""
    said = [_("What names no account is of: {account}", account=report.account)] if report.account else []
    return said + [
        _(
            "Chats and visitors of {system} that name no account: {n}. They were put to: {account}",
            system=each.system,
            n=number(each.records),
            account=names.get(each.account) or each.account or _("First account"),
        )
        for each in report.unnamed
    ]


def source_sentences(report: Report) -> list[str]:
    """What the chat system says of its own copy: chats that were deleted there, and messages that did not come."""
    said = []
    if report.deleted_there:
        said.append(
            plural(
                "One chat is deleted in the chat system.",
                "{n} chats are deleted in the chat system.",
                report.deleted_there,
            )
        )
    if report.messages_missing.count:
        said.append(
            plural(
                "Of one chat not all messages are there (of how many): {chats}",
                "Of {n} chats not all messages are there (of how many): {chats}",
                report.messages_missing.count,
                chats=_examples(report.messages_missing),
            )
        )
    return said


def warning_sentences(report: Report) -> list[str]:
    """What makes an update doubtful: it would make other chats of some, or take more from them than it brings."""
    said = []
    if report.others.count:
        said.append(
            plural(
                "One known chat gets another visitor and another start. Are the ids those of the same account? {chats}",
                "{n} known chats get another visitor and another start. Are the ids those of the same account? {chats}",
                report.others.count,
                chats=_examples(report.others),
            )
        )
    if report.emptied.count:
        said.append(
            plural(
                "One known chat loses more than it gains: {chats}",
                "{n} known chats lose more than they gain: {chats}",
                report.emptied.count,
                chats=_examples(report.emptied),
            )
        )
    return said


def table_sentences(report: Report) -> list[str]:
    """What was found out of tables: where their headers stand, whether they have ids, and conversations in one cell."""
    said = [
        _("{file}: the header is in row {row}; what stands above it is no chat.", file=file.name, row=file.header_row)
        for file in report.files
        if file.header_row > 1
    ]
    said += [
        _("{file}: times without an offset were read at {zone}, as the file says.", file=file.name, zone=file.zone)
        for file in report.files
        if file.zone
    ]
    said += [
        _(
            "{file}: not read, as they are no chats or of another shape: {lists}",
            file=file.name,
            lists=joined(f"{name} ({number(n)})" for name, n in file.unread.items()),
        )
        for file in report.files
        if file.unread
    ]
    said += [
        _(
            "{file}: the table has no ids; they are made of its rows, and the same row gives the same id.",
            file=file.name,
        )
        for file in report.files
        if file.made_ids
    ]
    said += [
        plural(
            "{file}: one conversation does not follow the pattern, and stays one message.",
            "{file}: {n} conversations do not follow the pattern; each stays one message.",
            file.unsplit,
            file=file.name,
        )
        for file in report.files
        if file.unsplit
    ]
    return said


def time_sentences(report: Report) -> list[str]:
    """How many times and other values could not be read, and how many times may mean another moment than was taken."""
    said = []
    if n := report.unread_times.count:
        times = _examples(report.unread_times)
        said.append(
            plural("One time could not be read: {times}", "{n} times could not be read: {times}", n, times=times)
        )
    if n := report.odd_values.count:
        said.append(
            plural(
                "One value has an unexpected form, and is kept among the other fields: {values}",
                "{n} values have an unexpected form, and are kept among the other fields: {values}",
                n,
                values=_examples(report.odd_values),
            )
        )
    if n := report.rounded_ids.count:
        said.append(
            plural(
                "A spreadsheet rounded the id of one chat, so that others may have it too: the chat is kept under an "
                "id made of its row. Better export again with ids as text: {ids}",
                "A spreadsheet rounded the ids of {n} chats, so that others may have them too: the chats are kept "
                "under ids made of their rows. Better export again with ids as text: {ids}",
                n,
                ids=_examples(report.rounded_ids),
            )
        )
    if n := report.times_twice.count:
        said.append(
            plural(
                "One time without an offset is in an hour that {zone} had twice; the rows' order decided: {times}",
                "{n} times without an offset are in an hour that {zone} had twice; the rows' order decided: {times}",
                n,
                zone=report.zone,
                times=_examples(report.times_twice),
            )
        )
    if n := report.times_skipped.count:
        said.append(
            plural(
                "One time without an offset is in an hour that {zone} never had: {times}",
                "{n} times without an offset are in an hour that {zone} never had: {times}",
                n,
                zone=report.zone,
                times=_examples(report.times_skipped),
            )
        )
    return said


def _examples(counted: Counted) -> str:
    # Equal ones are an example once.
    has_more = counted.count > len(counted.examples) == EXAMPLES
    return " · ".join([*counted.examples, "…"] if has_more else counted.examples)


def reason_words(reason: str) -> str:
    """Why a row was rejected, to stand behind the field's name."""
    return _(REASONS[reason])
