"""What may run, and what may not: nothing but reading the documented views."""

import re
from contextlib import suppress

import duckdb
import pytest

from lib.explore.checking import LONGEST_SQL, RefusedError, check
from lib.explore.functions import AFTER_FROM, REFUSED, is_refused
from lib.explore.views import VIEWS, make_views

REFUSED_QUERIES = {
    "empty": ["", " ; ", "-- nothing"],
    "long": [
        "SELECT 1 " + " " * LONGEST_SQL, f"SELECT {'CASE WHEN true THEN ' * 800}1{' END' * 800}",
        "SELECT " + "NOT " * 4000 + "true",
    ],
    "syntax": ["SELEC 1", "SELECT 'a", "SELECT /* 1", "SELECT 1 FROM", "SELECT \0",
               "WITH x AS (DELETE FROM chats) SELECT 1"],
    "several": ["SELECT 1; SELECT 2", "SELECT 1; DROP TABLE chats", "FROM chats; COMMIT"],
    "statement": [
        "INSERT INTO chats SELECT * FROM chats",
        "UPDATE chats SET status = 'missed'",
        "DELETE FROM chats",
        "TRUNCATE chats",
        "MERGE INTO chats USING tags ON true WHEN MATCHED THEN DELETE",
        "CREATE TABLE x (a INTEGER)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE OR REPLACE VIEW chats AS SELECT 1",
        "CREATE MACRO f(x) AS x",
        "CREATE SECRET s (TYPE s3)",
        "DROP TABLE chats",
        "ALTER TABLE chats ADD COLUMN x INTEGER",
        "COPY chats TO 'x.csv'",
        "COPY chats FROM 'x.csv'",
        "EXPORT DATABASE 'x'",
        "IMPORT DATABASE 'x'",
        "ATTACH 'x.duckdb'",
        "DETACH history",
        "USE memory",
        "SET threads = 1",
        "SET VARIABLE x = 1",
        "RESET threads",
        "PRAGMA database_list",
        "PRAGMA json_execute_serialized_sql('x')",
        "CALL pragma_version()",
        "INSTALL httpfs",
        "LOAD httpfs",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE DELETE FROM chats",
        "PREPARE x AS SELECT 1",
        "EXECUTE x",
        "DEALLOCATE x",
        "VACUUM",
        "ANALYZE",
        "CHECKPOINT",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "COMMENT ON TABLE chats IS 'x'",
        "DESCRIBE chats",
        "SHOW TABLES",
        "SUMMARIZE chats",
        "SELECT * FROM (SHOW ALL TABLES)",
        "SELECT * FROM (DESCRIBE events)",
        "PIVOT chats ON status USING count(*)",
        "/* SELECT */ DROP TABLE chats",
    ],
    "table": [
        "SELECT * FROM events",
        "SELECT * FROM kept_contents",
        "SELECT * FROM saved_views",
        "SELECT * FROM imports",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM 'x.csv'",
        "SELECT * FROM '/etc/passwd'",
        "FROM 'x.parquet'",
        'SELECT * FROM "https://example.com/x.parquet"',
        "SELECT * FROM cursor",
        "SELECT * FROM store",
        "SELECT * FROM chats AT (VERSION => 1)",
        "SELECT * FROM \u212achats",
        "SELECT (SELECT max(actor) FROM events)",
        "SELECT 1 FROM chats WHERE EXISTS (SELECT 1 FROM events)",
        "SELECT 1 FROM chats ORDER BY (SELECT count(*) FROM events)",
        "SELECT 1 FROM chats LIMIT (SELECT count(*) FROM events)",
        "SELECT max(id) OVER (ORDER BY (SELECT 1 FROM events)) FROM chats",
        "SELECT CASE WHEN true THEN (SELECT actor FROM events LIMIT 1) END",
        "SELECT list_transform(tags, lambda t: (SELECT max(actor) FROM events)) FROM chats",
        "SELECT 1 FROM chats, LATERAL (SELECT * FROM events)",
        "SELECT 1 UNION ALL SELECT 2 FROM events",
        "VALUES ((SELECT max(actor) FROM events))",
        "SELECT * FROM (WITH events AS (SELECT 1) SELECT * FROM events), events",
        "WITH a AS (SELECT * FROM events), events AS (SELECT 1) SELECT * FROM a",
        "WITH RECURSIVE events AS (SELECT actor FROM events UNION ALL SELECT x FROM events) SELECT * FROM events",
        "WITH events AS (SELECT * FROM events) SELECT * FROM events",
        "FROM events PIVOT (count(*) FOR action IN ('note'))",
        "SELECT COLUMNS(c -> c IN (SELECT actor FROM events)) FROM chats",
        "SELECT * FROM unnest((SELECT list(actor) FROM events))",
    ],
    "schema": [
        "SELECT * FROM main.chats",
        "SELECT * FROM history.main.chats",
        "SELECT * FROM history.chats",
        'SELECT * FROM "temp".chats',
        "SELECT * FROM temp.main.chats",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_class",
        "SELECT * FROM system.main.duckdb_settings",
        "WITH main AS (SELECT 1) SELECT * FROM main.events",
    ],
    "table_function": [
        "SELECT * FROM read_csv('x.csv')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('x')",
        "SELECT * FROM read_parquet('x')",
        "SELECT * FROM glob('*')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_tables()",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM pragma_table_info('chats')",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('chats')",
        "SELECT * FROM system.main.range(3)",
        "SELECT * FROM json_execute_serialized_sql('x')",
        "SELECT * FROM ducklake_snapshots('history')",
        "SELECT * FROM sniff_csv('x')",
        'SELECT * FROM "READ_TEXT"(\'x\')',
    ],
    "function": [
        "SELECT current_setting('threads')",
        "SELECT getenv('HOME')",
        "SELECT getvariable('x')",
        "SELECT system.main.getvariable('x')",
        "SELECT GetVariable('x')",
        "SELECT nextval('x')",
        "SELECT sleep_ms(1000)",
        "SELECT write_log('x')",
        "SELECT json_serialize_plan('SELECT 1')",
        "SELECT pg_sleep(1)",
        "SELECT pg_catalog.pg_get_viewdef(1)",
        "SELECT version()",
        "SELECT current_query()",
        "SELECT len(range(1000000000))",
        "SELECT [x FOR x IN range(3)]",
        "SELECT format('{:2000000000}', 1)",
        "SELECT 1 FROM unnest(range(1000000000))",
        "SELECT 1 FROM range(len(getvariable('x')))",
        "SELECT sum(len(range(id))) OVER () FROM chats",
    ],
    "size": ["SELECT repeat('x', 2000000000)", "SELECT lpad('x', message_count, '0') FROM chats",
             "SELECT rpad('x', $n, '')"],
    "parameter": ["SELECT ?", "SELECT $1", "SELECT $ü", "SELECT $a, ?"],
}  # fmt: skip
CASES = [(reason, sql) for reason, queries in REFUSED_QUERIES.items() for sql in queries]


@pytest.mark.parametrize(("reason", "sql"), CASES)
def test_what_is_not_reading_the_views_is_refused(sample_like, reason, sql):
    with pytest.raises(RefusedError) as refused:
        check(sample_like, sql)
    assert refused.value.reason == reason


TABLE = re.compile(r"(?:[a-z]+\.)*([a-z_]+)")
ALLOWED = [
    "SELECT 1;",
    "TABLE chats",
    "FROM chats SELECT id",
    "VALUES (1, 'events')",
    'SELECT * FROM "Chats" c JOIN MESSAGES m ON m.chat_id = c.id',
    "(SELECT id FROM chats) UNION (SELECT chat_id FROM tags) EXCEPT SELECT chat_id FROM mails",
    "WITH a AS (FROM chats), b(x) AS (SELECT id FROM a) FROM b",
    "WITH events AS (SELECT 1 AS x) SELECT * FROM events",
    "WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM a WHERE x < 5) FROM a",
    "WITH a AS MATERIALIZED (SELECT 1) SELECT (SELECT count(*) FROM a) FROM a",
    "SELECT * FROM chats PIVOT (count(*) FOR status IN ('missed', 'completed'))",
    "PIVOT (SELECT status, operator FROM chats) ON status IN ('missed') USING count(*)",
    "SELECT * FROM range(3) t(x), unnest([1, 2]), generate_series(1, 2)",
    "SELECT quantile_cont(wait_s, 0.5) FILTER (rating > 1) OVER (PARTITION BY department) FROM chats QUALIFY true",
    "SELECT lpad(hour(started_local)::VARCHAR, 2, '0'), search_form('Ａ'), now(), random() FROM chats",
    "SELECT * EXCLUDE (id), tags[1], {'a': 1}, map {'a': 1}, date '2020-01-01' + INTERVAL 1 DAY FROM chats",
    "SELECT list_transform(tags, lambda t: upper(t)), CASE WHEN rating > 3 THEN 'a' ELSE 'b' END FROM chats",
    "SELECT status, count(*) FROM chats GROUP BY CUBE (status) HAVING count(*) > 0 ORDER BY ALL LIMIT 3 OFFSET 1",
    "SELECT $$DROP TABLE events; FROM events$$, '-- '' $x' /* FROM events */ -- ; FROM events",
    "FROM operators JOIN tags USING (chat_id) POSITIONAL JOIN notes",
    "FROM chats USING SAMPLE 10",
    "SELECT * FROM follow_ups WHERE due_at < now() AND assignee IS NULL",
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_reading_the_views_is_allowed(sample_like, sql):
    query = check(sample_like, sql)
    with sample_like.cursor() as cursor:
        # What the engine itself says of the tables that it would read.
        with suppress(duckdb.BinderException):  # It cannot say so of a query whose columns matter.
            read = {TABLE.match(name.lower())[1] for name in cursor.get_table_names(sql, qualified=True)}
            assert read == query.views
        make_views(cursor, query.views, "Asia/Tokyo")
        cursor.execute(sql).to_arrow_table()


def test_parameters_are_found_by_name_in_their_order(sample_like):
    sql = "SELECT '$no', $b FROM chats WHERE id = $a AND rating > $b /* $c */ LIMIT $n"
    assert check(sample_like, sql).parameters == ("b", "a", "n")


def test_a_mistake_is_shown_at_its_place(sample_like):
    with pytest.raises(RefusedError) as refused:
        check(sample_like, "SELECT '返金'\nFROM chats WHERE WHERE")
    lines = refused.value.found.split("\n")
    assert lines[-2:] == ["2: FROM chats WHERE WHERE", " " * 20 + "^"]


def test_checking_runs_nothing(sample_like):
    before = sample_like.generation
    for _reason, sql in CASES:
        with pytest.raises(RefusedError):
            check(sample_like, sql)
    assert sample_like.generation == before
    assert sample_like.read("SELECT count(*) AS n FROM chats")[0]["n"] > 0


# Of the functions that do not only compute with their arguments, these may be called.
HARMLESS = {
    *("now", "today", "current_date", "get_current_time", "get_current_timestamp", "transaction_timestamp"),
    *("random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "error"),
}


def test_each_function_of_the_engine_that_does_more_than_compute_is_known(sample_like):
    """A new version of the engine may bring more: then this fails, and somebody looks at them."""
    found = sample_like.read(
        "SELECT DISTINCT function_name AS name, schema_name AS schema, stability FROM duckdb_functions()"
        " WHERE function_type IN ('scalar', 'aggregate', 'macro')"
    )
    allowed = {row["name"] for row in found if not is_refused(row["name"], row["schema"])}
    unsteady = {row["name"] for row in found if row["stability"] not in ("CONSISTENT", None)}
    assert allowed & unsteady == HARMLESS
    telling = ("current", "setting", "secret", "variable", "query", "file", "read", "write", "log_", "sql", "duckdb")
    suspicious = {name for name in allowed if any(word in name for word in telling)}
    assert suspicious == {"current_date", "current_localtime", "current_localtimestamp", "get_current_time",
                          "get_current_timestamp", "parse_filename"}  # fmt: skip
    assert {"range", "generate_series", "query", "query_table"} <= REFUSED


def test_what_may_stand_after_from_reads_nothing(sample_like):
    found = sample_like.read("SELECT DISTINCT function_name AS name FROM duckdb_functions()")
    assert {row["name"] for row in found} >= AFTER_FROM - {"unnest"}
    assert {"range", "generate_series", "unnest", "json_each"} == AFTER_FROM


def test_no_view_has_the_name_of_another_thing_that_could_be_read():
    assert set(VIEWS) == {"chats", "messages", "notes", "follow_ups", "mails", "operators", "tags"}
