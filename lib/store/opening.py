"""Opens the database: a DuckDB file, or a DuckLake in a folder; then locks the engine down."""

import importlib.util
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb

from lib.store.errors import StoreError

T = TypeVar("T")

LAKE_PREFIX = "ducklake:"
LAKE_CATALOG = "history"
# Leaves room for Python and Arrow inside a budget of 2 GiB; DuckDB spills to disk above it.
MEMORY_LIMIT = "1GB"
# How new files are written: from this version on, values that repeat cost a tenth of the time to read (measured on a
# million chats). Older files stay as they are, and are read as well.
STORAGE_VERSION = "v1.5.0"
# Above the page size of every list, so that sorting a million chats reads only the rows that are shown: the engine
# finds the rows first, then skips all blocks without one (the second setting, whose default is 50 rows).
LATE_MATERIALIZATION_ROWS = 1000


def open_file(path: Path) -> duckdb.DuckDBPyConnection:
    """Connection to the DuckDB file at `path`, made if absent; raises StoreError."""
    connection = _explained(path, lambda: duckdb.connect(str(path), config=file_config(path)))
    if _is_locked_down(connection):  # DuckDB hands out the database that this process has open already.
        connection.close()
        raise _held_here(path)
    _lock_down(connection, [])
    return connection


def open_lake(path: Path) -> duckdb.DuckDBPyConnection:
    """Connection with the DuckLake whose catalog is the file at `path` attached as `history`; raises StoreError."""
    connection = duckdb.connect(":memory:", config=file_config(path))
    data = path.with_name(path.name + ".files")
    connection.execute(f"LOAD {_literal(_extension('ducklake'))}")
    attach = f"ATTACH {_literal(f'{LAKE_PREFIX}{path}')} AS {LAKE_CATALOG} (DATA_PATH {_literal(f'{data}/')})"
    _explained(path, lambda: data.mkdir(parents=True, exist_ok=True))
    _explained(path, lambda: connection.execute(attach))
    _lock_down(connection, [data])
    return connection


def file_config(path: Path) -> dict[str, str | bool | int | float | list[str]]:
    """How the engine is set up for the file at `path`."""
    return {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": MEMORY_LIMIT,
        "storage_compatibility_version": STORAGE_VERSION,
        "temp_directory": str(path.with_name(path.name + ".tmp")),
    }


def _lock_down(connection: duckdb.DuckDBPyConnection, folders: list[Path]) -> None:
    connection.execute(f"SET GLOBAL late_materialization_max_rows = {LATE_MATERIALIZATION_ROWS}")
    connection.execute(f"SET GLOBAL dynamic_or_filter_threshold = {LATE_MATERIALIZATION_ROWS}")
    if folders:
        connection.execute(f"SET allowed_directories = [{', '.join(_literal(f'{folder}/') for folder in folders)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _is_locked_down(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute("SELECT current_setting('lock_configuration')").fetchone() == (True,)


def _held_here(path: Path) -> StoreError:
    return StoreError("locked", str(path), f"{Path(sys.executable).name} (PID {os.getpid()})")


def _literal(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _extension(name: str) -> Path:
    """Path of a DuckDB extension that was installed as a Python package."""
    package = importlib.util.find_spec(f"duckdb_extension_{name}")
    if package is None or package.origin is None:
        raise ModuleNotFoundError(f"the package duckdb-extension-{name} is not installed")
    folder = Path(package.origin).parent / "extensions" / f"v{duckdb.__version__}"
    return folder / f"{name}.duckdb_extension"


def _explained(path: Path, attempt: Callable[[], T]) -> T:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return attempt()
    except OSError as error:
        raise StoreError("unwritable", str(path)) from error
    except duckdb.Error as error:
        raise _problem(path, str(error)) from error


def _problem(path: Path, text: str) -> StoreError:
    if "file handle conflict" in text:
        return _held_here(path)
    if "lock on file" in text or "already open" in text:
        holder = re.search(r"held in (?P<program>\S+).*?\(PID (?P<pid>\d+)\)", text)
        return StoreError(
            "locked", str(path), f"{Path(holder['program']).name} (PID {holder['pid']})" if holder else None
        )
    if re.search(r"newer version|version number.*?(only read|only be read)", text, re.IGNORECASE):
        return StoreError("newer", str(path))
    if re.search(r"permission denied|read-only|cannot open file|is a directory|no space", text, re.IGNORECASE):
        return StoreError("unwritable", str(path))
    return StoreError("damaged", str(path))
