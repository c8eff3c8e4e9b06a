"""Imports files from the command line: `python -m lib.importing FILE… [--account NAME] [--zone ZONE] [--json]`."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

from lib.chats.accounts import LONGEST_NAME, account_names, named_accounts
from lib.importing.formats.encoding import CODECS
from lib.importing.formats.feed import OWN
from lib.importing.loading import import_files
from lib.importing.problems import FieldError, ImportRefused
from lib.importing.progress import Progress
from lib.importing.records.accounts import account_in
from lib.importing.report import COMMAND_LINE, Report, rejected_rows
from lib.importing.sources import Source
from lib.importing.vendors import VENDORS
from lib.importing.wording import (
    account_sentences,
    cut_sentence,
    no_record_sentence,
    reason_words,
    refusal_detail,
    refusal_sentence,
    skipped_sentence,
    source_sentences,
    table_sentences,
    time_sentences,
    warning_sentences,
)
from lib.language import _, choose_with, joined, mark, number, plural, preferred
from lib.settings import SettingError, Settings, load_settings
from lib.store import Reason as StoreReason
from lib.store import Store, StoreError, reason_of

ALL_TAKEN, SOME_REJECTED, REFUSED = 0, 1, 2
SHOWN_REJECTED = 20

STORE_PROBLEMS: Mapping[StoreReason, str] = {
    "locked": mark("The store {path} is in use by {holder}. Stop that program first, or import on the page Import."),
    "newer": mark("The store {path} was made by a newer version of Chat History."),
    "damaged": mark("The store {path} is damaged, or is no store."),
    "unwritable": mark("The store {path} cannot be written."),
    "cut": mark("The store {path} is shorter than it should be: a copy of it was interrupted."),
    "log_alone": mark("The log {path} is there, but its store is gone."),
    "log_damaged": mark("The log {path} is damaged, so what was done last cannot be read."),
    "foreign": mark("The file {path} belongs to another program; nothing was changed in it."),
    "no_folder": mark("The folder of the store {path} is not there."),
    "no_file": mark("{path} is no file."),
    "full": mark("The disk is full: nothing was imported. Free some space, then import again."),
    "busy": mark("Others were writing to the store {path} all the time: nothing was imported. Import again."),
    "memory": mark("There is not enough memory: nothing was imported. Import fewer files at once."),
    "drive": mark("The drive of the store {path} reports an error: nothing was imported. Have the drive checked."),
    "stopped": mark("The store {path} has stopped after a fault: nothing was imported. Import again."),
    "unclear": mark("The store {path} stopped amid the import. Import again: nothing is stored twice."),
    "closed": mark("The store {path} is closed: nothing was imported. Import again."),
}


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 if all rows were taken, 1 if some were rejected, 2 if nothing was stored."""
    parser = ArgumentParser(
        prog="python -m lib.importing", description="Imports chats; see docs/vendors.md and docs/import-format.md."
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="JSON, CSV or Parquet, also gzipped, a workbook, or zip"
    )
    parser.add_argument("--zone", help="time zone of times without one, such as Asia/Tokyo (default: the workspace's)")
    parser.add_argument(
        "--account", type=_account, metavar="NAME", help="account of the chat system, where a file does not name it"
    )
    formats = [*VENDORS, OWN]
    parser.add_argument("--as", dest="choice", choices=formats, help="the format, where it is not to be recognised")
    parser.add_argument("--columns", metavar="NAME", help="read tables by the column mapping of this name")
    parser.add_argument(
        "--encoding",
        type=_encoding,
        metavar="NAME",
        help=f"encoding of texts, where it is not to be found out, of no effect on workbooks: {', '.join(CODECS)}",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    asked = parser.parse_args(arguments)
    choose_with(lambda: preferred(os.environ.get("LC_ALL") or os.environ.get("LANG")))
    try:
        return _run(asked, load_settings())
    except ImportRefused as error:
        said = [f"{error.file}:", refusal_sentence(error.reason), refusal_detail(error)]
        return _fail(" ".join(filter(None, said)))
    except StoreError as error:
        return _fail(_store_problem(error))
    except OSError as error:
        reason = reason_of(error)
        if reason is None:
            raise
        return _fail(_store_problem(StoreError(reason, error.filename or "")))
    except ZoneInfoNotFoundError:
        return _fail(_("There is no time zone {zone}.", zone=asked.zone))
    except SettingError as error:
        return _fail(_("The setting {name} cannot be {value}.", name=error.name, value=error.value))


def _account(name: str) -> str | None:
    try:
        return account_in(name)
    except FieldError:
        raise ArgumentTypeError(f"longer than {LONGEST_NAME} characters") from None


def _encoding(name: str) -> str:
    """The encoding of this name, or of its codec, in any case."""
    found = next((each for each, codec in CODECS.items() if name.lower() in (each.lower(), codec)), None)
    if found is None:
        raise ArgumentTypeError(f"none of {', '.join(CODECS)}: {name}")
    return found


def _store_problem(error: StoreError) -> str:
    return _(STORE_PROBLEMS[error.reason], path=error.path, holder=error.holder or _("another program"))


def _run(asked: Namespace, settings: Settings) -> int:
    sources = [Source(name, Path(name)) for name in asked.files]
    progress = _show if sys.stderr.isatty() else None
    store = Store(settings.store)
    try:
        report = import_files(
            store,
            sources,
            zone=asked.zone or settings.zone,
            actor=settings.person or COMMAND_LINE,
            progress=progress,
            choice=asked.choice,
            mapping=asked.columns,
            account=asked.account,
            encoding=asked.encoding,
        )
        if progress:
            print(file=sys.stderr)
        print(report.to_json() if asked.json else "\n".join(_sentences(report, store)))
    finally:
        store.close()
    return SOME_REJECTED if report.rows_rejected else ALL_TAKEN


def _sentences(report: Report, store: Store) -> list[str]:
    counts = ("read", "new", "updated", "unchanged", "rejected")
    lines = [
        _(
            "{read} chats read: {new} new, {updated} updated, {unchanged} unchanged, {rejected} rejected.",
            **{name: number(getattr(report, name)) for name in counts},
        ),
        _(
            "{read} messages read: {stored} stored, {rejected} rejected.",
            read=number(report.messages_read),
            stored=number(report.messages_stored),
            rejected=number(report.messages_rejected),
        ),
    ]
    if report.messages_waiting:
        lines.append(
            plural("One message waits for its chat.", "{n} messages wait for their chats.", report.messages_waiting)
        )
    if report.zone_used:
        lines.append(_("Times without an offset were read in {zone}.", zone=report.zone))
    lines += warning_sentences(report) + source_sentences(report)
    lines += table_sentences(report) + time_sentences(report)
    lines += account_sentences(report, account_names(named_accounts(store)))
    if report.unknown_fields:
        lines.append(_("Unknown fields, kept: {fields}.", fields=joined(report.unknown_fields)))
    if report.skipped:
        lines.append(skipped_sentence(report))
    if report.no_records.count:
        lines.append(no_record_sentence(report))
    if report.cut:
        lines.append(cut_sentence(report))
    if report.deleted_kept:
        lines.append(_("{n} chats are deleted here and stay so.", n=number(report.deleted_kept)))
    if n := report.held_back:
        lines.append(
            plural(
                "{n} chat was erased for good here, and does not come back.",
                "{n} chats were erased for good here, and do not come back.",
                n,
            )
        )
    lines.append(_("It took {seconds} seconds.", seconds=number(report.seconds, 1)))
    return lines + (_rejections(report, store) if report.rows_rejected else [])


def _rejections(report: Report, store: Store) -> list[str]:
    found = rejected_rows(store, report.import_id, SHOWN_REJECTED).fillna("")
    shown = []
    for row in found.to_dict("records"):
        value = repr(row["value"]) if row["value"] else ""
        problem = " ".join(filter(None, [row["field"], value, reason_words(row["reason"])]))
        shown.append(_("{file}, row {row}: {problem}", file=row["file"], row=row["row_number"], problem=problem))
    more = report.rows_rejected - len(shown)
    return [*shown, _("and {n} more", n=number(more))] if more else shown


def _show(progress: Progress) -> None:
    percent = 100 * progress.done // max(1, progress.total)
    stage = _("Reading") if progress.stage == "reading" else _("Storing")
    words = _("{stage} {percent} %, {n} messages", stage=stage, percent=percent, n=number(progress.messages))
    print(f"\r{words}", end=" ", file=sys.stderr, flush=True)


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
