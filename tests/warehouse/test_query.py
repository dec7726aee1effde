"""What `paperhouse sql` may do, and what it writes, value by value."""

from __future__ import annotations

import csv
import io
import json

import duckdb
import polars as pl
import pytest

from warehouse.connect import open_warehouse
from warehouse.errors import QueryError
from warehouse.query import CHUNK_ROWS, WRITERS, fetch, query, time_limit

VALUES = [
    ("1.5", "1.5", 1.5),
    ("12345678901234567890.123456789", "12345678901234567890.123456789", "12345678901234567890.123456789"),
    ("'NaN'::DOUBLE", "nan", None),
    ("'inf'::DOUBLE", "inf", None),
    ("true", "true", True),
    ("NULL", "", None),
    ("DATE '2024-01-02'", "2024-01-02", "2024-01-02"),
    ("TIMESTAMPTZ '2024-01-02 03:04:05+00'", "2024-01-02T03:04:05+00:00", "2024-01-02T03:04:05+00:00"),
    ("[1, NULL, 2]", '"[1, null, 2]"', [1, None, 2]),
    ("{'a': 'b'}", '"{""a"": ""b""}"', {"a": "b"}),
    ("'\\xAB'::BLOB", "ab", "ab"),
    ("INTERVAL 2 DAY", '"2 days, 0:00:00"', "2 days, 0:00:00"),
    ("'a,\"b'", '"a,""b"', 'a,"b'),
    ("'×'", "×", "×"),
]


def written(output, connection, sql):
    sink = io.BytesIO()
    WRITERS[output](query(connection, sql), sink)
    return sink.getvalue()


@pytest.mark.parametrize(("expression", "in_csv", "in_json"), VALUES)
def test_values(expression, in_csv, in_json):
    with duckdb.connect() as connection:
        sql = f"SELECT {expression} AS value, 1 AS one"
        assert written("csv", connection, sql).decode() == f"value,one\n{in_csv},1\n"
        assert json.loads(written("json", connection, sql)) == [{"value": in_json, "one": 1}]


@pytest.mark.parametrize("count", [0, 1, CHUNK_ROWS, 2 * CHUNK_ROWS + 1])
def test_results_are_written_whole_in_every_format(count):
    sql = f"SELECT range AS number, 'x' || range AS text FROM range({count})"
    with duckdb.connect() as connection:
        rows = list(csv.reader(io.StringIO(written("csv", connection, sql).decode())))
        assert rows == [["number", "text"], *([str(number), f"x{number}"] for number in range(count))]
        assert [row["number"] for row in json.loads(written("json", connection, sql))] == list(range(count))
        frame = pl.read_parquet(io.BytesIO(written("parquet", connection, sql)))
        assert frame.rows() == [(number, f"x{number}") for number in range(count)]


FORMULAS = [
    # a text, how it stands in CSV, why
    ("=1+1", "'=1+1", "a formula"),
    ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")', "a formula that calls out"),
    ("+1+cmd|'/C calc'!A0", "'+1+cmd|'/C calc'!A0", "a plus begins one, too"),
    ("-2+3", "'-2+3", "and a minus"),
    ("@SUM(1)", "'@SUM(1)", "and an at"),
    ("＝1+1", "'＝1+1", "in full width"),
    ("\t=1", "'\t=1", "behind a tab, which is dropped on opening"),
    ("\r=1", "'\r=1", "behind a carriage return"),
    ("-11.97%", "-11.97%", "a number with a sign is no formula"),
    ("+2.1", "+2.1", "likewise"),
    ("-1,000", "-1,000", "with thousands"),
    ("x;=1+1", "x;=1+1", "behind a semicolon it is quoted"),
    ("a=b", "a=b", "a sign inside is harmless"),
    ("'=1", "'=1", "an apostrophe is there already"),
]


@pytest.mark.parametrize(("text", "expected"), [case[:2] for case in FORMULAS], ids=[case[2] for case in FORMULAS])
def test_csv_holds_nothing_that_a_spreadsheet_would_run(text, expected):
    with duckdb.connect() as connection:
        value, name = text.replace("'", "''"), text.replace('"', '""')
        lines = written("csv", connection, f"SELECT '{value}' AS \"{name}\"").decode()
        header, row = csv.reader(io.StringIO(lines, newline=""))
        assert (header, row) == ([expected], [expected])
        by_semicolon = csv.reader(io.StringIO(lines, newline=""), delimiter=";")
        assert [len(cells) for cells in by_semicolon] == [1, 1]
        assert json.loads(written("json", connection, f"SELECT '{value}' AS value")) == [{"value": text}]


def test_what_a_format_cant_hold_is_said():
    with duckdb.connect() as connection:
        with pytest.raises(QueryError, match="same name"):
            written("json", connection, "SELECT 1 AS a, 2 AS a")
        with pytest.raises(QueryError, match="cast"):
            written("parquet", connection, "SELECT INTERVAL 1 MONTH AS i")


@pytest.mark.parametrize("output", WRITERS)
def test_a_result_that_breaks_off_is_an_error_and_no_parquet_file(output):
    sql = "SELECT CASE WHEN range < 90000 THEN range ELSE error('broken') END AS number FROM range(100000)"
    sink = io.BytesIO()
    with duckdb.connect() as connection, pytest.raises(QueryError, match="broken"):
        WRITERS[output](query(connection, sql), sink)
    assert output != "parquet" or sink.getvalue() == b""


@pytest.mark.parametrize("sql", ["", "-- nothing", ";", "SELECT", "SELECT 1; SELECT 2"])
def test_what_is_no_query_is_refused(sql):
    with duckdb.connect() as connection, pytest.raises(QueryError):
        query(connection, sql)


@pytest.mark.parametrize("output", [*WRITERS, "table"])
def test_a_query_that_takes_too_long_is_stopped(output):
    endless = "SELECT count(*) AS n FROM range(1000000000) a, range(1000000000) b WHERE a.range + b.range = -1"
    with duckdb.connect() as connection, pytest.raises(QueryError, match=r"stopped after 0.2 s \(--timeout"):  # noqa: SIM117
        with time_limit(connection, 0.2):
            fetch(query(connection, endless)) if output == "table" else written(output, connection, endless)


def test_a_query_in_time_is_not_stopped():
    with duckdb.connect() as connection, time_limit(connection, 60):
        assert fetch(query(connection, "SELECT 1 AS one")) == (["one"], [(1,)])


class TestSealed:
    """SQL of a user reaches no file, no network and no setting, and changes nothing."""

    STATEMENTS = (
        "COPY papers TO '{file}'",
        "COPY (SELECT 1) TO '{file}' (FORMAT parquet)",
        "COPY papers FROM '{file}'",
        "EXPORT DATABASE '{file}'",
        "IMPORT DATABASE '{file}'",
        "ATTACH '{file}'",
        "ATTACH ':memory:' AS other",
        "DETACH warehouse",
        "USE memory",
        "INSTALL httpfs",
        "FORCE INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '{file}'",
        "UPDATE EXTENSIONS",
        "SET enable_external_access = true",
        "SET GLOBAL memory_limit = '1GB'",
        "SET VARIABLE x = 1",
        "RESET enable_external_access",
        "PRAGMA memory_limit='1GB'",
        "PRAGMA enable_profiling",
        "CALL pragma_version()",
        "CALL enable_logging()",
        "CREATE TABLE t (i INTEGER)",
        "CREATE TEMP TABLE t AS SELECT 1",
        "CREATE VIEW v AS SELECT 1",
        "CREATE MACRO m() AS 1",
        "CREATE SECRET s (TYPE http)",
        "CREATE TYPE mood AS ENUM ('a')",
        "INSERT INTO release SELECT * FROM release",
        "UPDATE papers SET title = ''",
        "DELETE FROM papers",
        "TRUNCATE papers",
        "MERGE INTO papers USING papers AS p ON true WHEN MATCHED THEN DELETE",
        "DROP TABLE papers",
        "ALTER TABLE papers ADD COLUMN x INTEGER",
        "COMMENT ON TABLE papers IS 'x'",
        "VACUUM",
        "ANALYZE",
        "CHECKPOINT",
        "BEGIN",
        "PREPARE q AS SELECT 1",
        "EXECUTE q",
        "SELECT 1; DROP TABLE papers",
        "EXPLAIN ANALYZE COPY papers TO '{file}'",
        "EXPLAIN ANALYZE DELETE FROM papers",
        "EXPLAIN ANALYZE CREATE TABLE t (i INTEGER)",
        "FROM '{file}'",
        "FROM '{file}.parquet'",
        "FROM '{file}.duckdb'.papers",
        "FROM 'https://127.0.0.1:1/x.parquet'",
        "FROM 's3://bucket/x.parquet'",
        "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
        "SELECT * FROM query_table('{file}')",
    )

    @pytest.mark.parametrize("statement", STATEMENTS)
    def test_statements(self, seed_data, tmp_path, statement):
        file = tmp_path / "file"
        for name in ("file", "file.parquet", "file.duckdb"):
            (tmp_path / name).write_text("secret\n")
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        with open_warehouse(seed_data) as connection, pytest.raises(QueryError):
            fetch(query(connection, statement.format(file=file)))
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before

    def test_every_function_that_opens_files(self, seed_data, tmp_path):
        """Those of the catalogue, so that one that a new DuckDB brings is tried, too."""
        pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "file.parquet")
        with open_warehouse(seed_data) as connection:
            names = connection.execute(
                "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'scalar') "
                "AND regexp_matches(function_name, '^(read_|sniff_|glob$|parquet_|load_|getenv|arrow_)|_scan$')"
            ).fetchall()
            assert {"read_csv", "read_parquet", "read_text", "read_blob", "glob", "sniff_csv"} <= {
                name for (name,) in names
            }
            for (name,) in names:
                for sql in (f"FROM {name}('{tmp_path}/file.parquet')", f"SELECT {name}('{tmp_path}/file.parquet')"):
                    with pytest.raises(QueryError):
                        fetch(query(connection, sql))
        with duckdb.connect() as unsealed:  # the calls are right: it is the seal that refuses them
            for name in ("read_parquet", "read_blob", "glob", "parquet_schema", "parquet_scan"):
                assert unsealed.execute(f"FROM {name}('{tmp_path}/file.parquet')").fetchall(), name

    def test_what_reads_the_warehouse_is_allowed(self, seed_data):
        with open_warehouse(seed_data) as connection:
            for sql in (
                "SELECT 1",
                "FROM papers LIMIT 1",
                "WITH p AS (FROM papers) SELECT count(*) FROM p",
                "VALUES (1)",
                "DESCRIBE papers",
                "SHOW TABLES",
                "SUMMARIZE repositories",
                "EXPLAIN SELECT 1",
                "EXPLAIN ANALYZE SELECT 1",
                "SELECT * FROM (PIVOT repository_hosts ON host IN ('github.com') USING sum(paper_count))",
            ):
                assert fetch(query(connection, sql))[1], sql
