"""Opens the database: a DuckDB file, or a DuckLake in a folder; brings its tables up to date; locks the engine down.

Each migration is a file and runs once.
"""

import importlib.util
import logging
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import TypeVar

import duckdb

from lib.settings import ROOT
from lib.store.confining import CATALOG
from lib.store.errors import Reason, StoreError, reason_of
from lib.store.scratch import Scratch
from lib.store.soundness import last_block, missing_blocks, require_sound
from lib.store.statements import insert, literal, transaction

MIGRATIONS = sorted((Path(__file__).parent / "migrations").glob("[0-9]*.sql"))
NEWEST = int(MIGRATIONS[-1].name.split("_")[0])
# What takes long is done before, in pieces that may be done again. Those that follow the rules of imports stand there,
# and are only loaded where an older store is opened.
IN_PIECES = {
    "0011_search_form": "lib.store.renewing:renew_search",
    "0019_shared_signs": "lib.store.renewing:renew_phones",
    "0021_renewed_chats": "lib.importing.merge.renewing:renew_chats",
}
LOG = logging.getLogger(__name__)
T = TypeVar("T")
Config = dict[str, str | bool | int | float | list[str]]
DATA = ROOT / "data"
LAKE_PREFIX = "ducklake:"
LAKE_CATALOG = "history"
# Leaves room for Python and Arrow inside a budget of 2 GiB; DuckDB spills to disk above it.
MEMORY_LIMIT = "1GB"
# The engine would write the log back inside of the COMMIT that makes it so large: whoever writes then waits, and a
# process that reads the file finds its blocks written over. The app does it when nobody writes, and much sooner.
CHECKPOINT_THRESHOLD = "1TB"
# How new files are written: from this version on, values that repeat cost a tenth of the time to read (measured on a
# million chats). Older files stay as they are, and are read as well.
STORAGE_VERSION = "v1.5.0"
# Above the page size of every list, so that sorting a million chats reads only the rows that are shown: the engine
# finds the rows first, then skips all blocks without one (the second setting, whose default is 50 rows).
LATE_MATERIALIZATION_ROWS = 1000


def migrate(cursor: duckdb.DuckDBPyConnection, path: str, *, is_lake: bool = False) -> None:
    """Runs what the store lacks, each in its own transaction; raises StoreError if it is newer than the program.

    Before some of them it does in pieces what takes long: see IN_PIECES.
    """
    try:
        version = current_version(cursor)
    except duckdb.Error as error:
        raise StoreError(reason_of(error) or "damaged", path) from error
    if version > NEWEST:
        raise StoreError("newer", path)
    for file in MIGRATIONS[version:]:
        if file.stem in IN_PIECES:
            resolve_name(IN_PIECES[file.stem])(cursor, is_lake=is_lake)
        with transaction(cursor):
            cursor.execute(file.read_text(encoding="utf-8"))
            insert(cursor, "migrations", {"version": int(file.name.split("_")[0]), "name": file.stem})
        # Keeps changes of tables and of rows apart in the log of a file; in a lake it would be a merge of its files.
        if not is_lake:
            cursor.execute("CHECKPOINT")


def current_version(cursor: duckdb.DuckDBPyConnection) -> int:
    """Number of the newest migration that ran; 0 in an empty store."""
    cursor.execute("CREATE TABLE IF NOT EXISTS migrations (version INTEGER NOT NULL, name VARCHAR NOT NULL)")
    row = cursor.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchone()
    return int(row[0]) if row else 0


def resolved(location: str) -> Path:
    """The path of the file, or of a lake's catalogue, that is meant by a setting; raises StoreError."""
    path = Path(location.removeprefix(LAKE_PREFIX)).expanduser()
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # Links that lead to one another.
        raise StoreError("no_file", str(path)) from error


def open_file(path: Path, scratch: Scratch) -> duckdb.DuckDBPyConnection:
    """Connection to the DuckDB file at `path`, made if absent; raises StoreError."""
    _explained(path, lambda: _require_place(path))
    _explained(path, lambda: require_sound(path))
    if not path.exists():
        LOG.warning("A new history is begun in %s", path)
        return _opened(path, scratch, range(0))
    missing = missing_blocks(path)
    try:
        return _opened(path, scratch, missing)
    except StoreError as error:
        if error.reason == "damaged" and missing:
            raise StoreError("cut", str(path)) from error
        raise


def _opened(path: Path, scratch: Scratch, missing: range) -> duckdb.DuckDBPyConnection:
    connection = _explained(path, lambda: duckdb.connect(str(path), config=file_config(scratch.folder)))
    try:
        problem = _explained(path, lambda: _problem_inside(connection, missing))
        if problem:
            raise StoreError(problem, str(path))
    except StoreError:
        # The log stays as it is, too.
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        connection.close()
        raise
    _lock_down(connection, [])
    return connection


def open_lake(path: Path, scratch: Scratch) -> duckdb.DuckDBPyConnection:
    """Connection with the DuckLake whose catalog is the file at `path` attached as `history`; raises StoreError."""
    data = _data_of_lake(path)
    _explained(path, lambda: _require_place(path))
    _explained(path, lambda: require_sound(path))
    connection = _explained(path, lambda: duckdb.connect(":memory:", config=file_config(scratch.folder)))
    _explained(path, lambda: data.mkdir(parents=True, exist_ok=True))
    # Of two overlapping deletes both are taken where a small one is kept in the catalogue: ducklake issue 1215.
    _attach_lake(connection, path, "DATA_INLINING_ROW_LIMIT 0")
    _lock_down(connection, [data])
    return connection


def open_beside(location: str, temporary: Path, config: Config) -> duckdb.DuckDBPyConnection:
    """Connection that can only read a store which another process has open, and keeps in place meanwhile.

    This process must read without locks. The tables are in the catalog `history`; `config` says what else the engine
    is to keep to. Raises StoreError.
    """
    path = resolved(location)
    connection = duckdb.connect(":memory:", config=file_config(temporary) | config)
    folders = []
    if location.startswith(LAKE_PREFIX):
        _attach_lake(connection, path, "READ_ONLY")
        folders = [_data_of_lake(path)]
    else:
        attach = f"ATTACH {literal(path)} AS {LAKE_CATALOG} (READ_ONLY)"
        _explained(path, lambda: connection.execute(attach))
    connection.execute(f"USE {LAKE_CATALOG}")
    _lock_down(connection, folders)
    return connection


def _data_of_lake(path: Path) -> Path:
    return path.with_name(path.name + ".files")


def _attach_lake(connection: duckdb.DuckDBPyConnection, path: Path, option: str) -> None:
    # The DuckDB extension was installed as a Python package.
    package = importlib.util.find_spec("duckdb_extension_ducklake")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the package duckdb-extension-ducklake is not installed")
    extension = Path(package.origin).parent / "extensions" / f"v{duckdb.__version__}" / "ducklake.duckdb_extension"
    connection.execute(f"LOAD {literal(extension)}")
    data = literal(f"{_data_of_lake(path)}/")
    attach = f"ATTACH {literal(f'{LAKE_PREFIX}{path}')} AS {LAKE_CATALOG} (DATA_PATH {data}, {option})"
    _explained(path, lambda: connection.execute(attach))


def file_config(temporary: Path) -> Config:
    """How the engine is set up for a file; what has no room in memory goes to the folder `temporary`."""
    return {
        # Gives memory back when it is not needed for some seconds, and not only as much is freed at once.
        "allocator_background_threads": "true",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "checkpoint_threshold": CHECKPOINT_THRESHOLD,
        "memory_limit": MEMORY_LIMIT,
        "storage_compatibility_version": STORAGE_VERSION,
        "temp_directory": str(temporary),
    }


def _require_place(path: Path) -> None:
    """Makes the folder where it is the app's own; another one that is missing is a mistake, or on a drive that is."""
    if path.parent == DATA:
        DATA.mkdir(exist_ok=True)
    if not path.parent.is_dir():
        raise StoreError("no_folder", str(path))
    if path.exists() and not path.is_file():
        raise StoreError("no_file", str(path))


def _problem_inside(connection: duckdb.DuckDBPyConnection, missing: range) -> Reason | None:
    """Why an open database is not to be used, if so; `missing` are the blocks that its file does not have."""
    if missing and last_block(connection) >= missing.start:
        return "cut"
    # That of the migrations is the first table that a store gets.
    row = connection.execute(
        "SELECT count(*), count(*) FILTER (table_name = 'migrations') FROM duckdb_tables() WHERE NOT temporary"
    ).fetchone()
    return "foreign" if row and row[0] and not row[1] else None


def _lock_down(connection: duckdb.DuckDBPyConnection, folders: list[Path]) -> None:
    connection.execute(f"SET GLOBAL late_materialization_max_rows = {LATE_MATERIALIZATION_ROWS}")
    connection.execute(f"SET GLOBAL dynamic_or_filter_threshold = {LATE_MATERIALIZATION_ROWS}")
    if folders:
        connection.execute(f"SET allowed_directories = [{', '.join(literal(f'{folder}/') for folder in folders)}]")
    connection.execute(f"ATTACH ':memory:' AS {CATALOG}")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _explained(path: Path, attempt: Callable[[], T]) -> T:
    try:
        return attempt()
    except OSError as error:
        raise StoreError(reason_of(error) or "unwritable", str(path)) from error
    except duckdb.Error as error:
        raise _problem(path, error) from error


def _problem(path: Path, error: duckdb.Error) -> StoreError:
    text = str(error)
    # Each opening has a folder of its own for temporary files, and so another configuration.
    if "file handle conflict" in text or "different configuration" in text:
        return StoreError("locked", str(path), f"{Path(sys.executable).name} (PID {os.getpid()})")
    if "lock on file" in text or "already open" in text:
        holder = re.search(r"held in (?P<program>\S+).*?\(PID (?P<pid>\d+)\)", text)
        return StoreError(
            "locked", str(path), f"{Path(holder['program']).name} (PID {holder['pid']})" if holder else None
        )
    if re.search(r"newer version|version number.*?(only read|only be read)", text, re.IGNORECASE):
        return StoreError("newer", str(path))
    return StoreError(reason_of(error) or "damaged", str(path))
