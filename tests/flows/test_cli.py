"""The command line as scripts and people use it: output, exit codes, one-line errors."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.support import ROOT, SEED, dump, papers
from warehouse.releases import releases


def paperhouse(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def run_outside(*arguments, cwd, environment=None):
    """The command in a process of its own, in another folder."""
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom flows.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "heavy = {'polars', 'duckdb', 'pyarrow', 'prefect', 'great_expectations', 'pandas', 'pydantic', 'altair', "
        "'vl_convert', 'jinja2'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_version_names_the_pipeline():
    result = paperhouse("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("paperhouse 0.")


def test_a_run_prints_its_counts_and_json_is_the_last_line(tmp_path):
    (tmp_path / "a.txt").write_bytes(dump(papers("otters", "foxes")))
    first = paperhouse("run", tmp_path / "a.txt", "--direct", "--data", tmp_path / "data")
    assert first.exit_code == 0
    assert "2 of 2" in first.stdout
    assert "published" in first.stdout
    second = paperhouse("run", tmp_path / "a.txt", "--direct", "--json", "--data", tmp_path / "data")
    summary = json.loads(second.stdout.splitlines()[-1])
    assert summary["status"] == "unchanged"
    assert set(summary) >= {
        "run_id",
        "release_id",
        "sources",
        "records",
        "papers",
        "links",
        "reported_metrics",
        "seconds",
    }
    assert "nothing is new" in paperhouse("run", tmp_path / "a.txt", "--direct", "--data", tmp_path / "data").stdout


@pytest.mark.slow
def test_the_command_works_from_another_folder_with_the_dump_that_comes_along(tmp_path):
    done = run_outside("run", "--direct", "--json", cwd=tmp_path)
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["status"], summary["papers"]) == ("published", 316)
    assert (tmp_path / "data" / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["run", "--direct", "nowhere.txt"], 2, "nowhere.txt: there is no such file"),
        (["run", "--direct", "empty.txt"], 2, "the file is empty"),
        (["sql", "SELECT 1"], 2, "there is no warehouse yet"),
        (["evaluate", "nowhere.jsonl"], 2, "there is no warehouse yet"),
        (["explain", "otters"], 2, "there is no warehouse yet"),
        (["run", "--direct", ""], 2, "there is no such file"),
        (["run", "--direct", "pipe"], 2, "pipe: neither a file nor a folder"),
        (["run", "--direct", "--data", "empty.txt"], 2, "the data folder is a file"),
        (["frobnicate"], 2, "No such command"),
        (["run", "--no-such-option"], 2, "No such option"),
    ],
)
def test_errors_are_one_line_with_their_exit_code(tmp_path, arguments, code, says):
    (tmp_path / "empty.txt").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    done = run_outside(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_debug_shows_where_an_unexpected_error_came_from(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "runs").write_text("a file where a folder should be")
    (tmp_path / "a.txt").write_bytes(dump(papers("otters")))
    quiet = run_outside("run", "--direct", "a.txt", cwd=tmp_path)
    assert quiet.returncode == 1
    assert "Traceback" not in quiet.stderr
    assert "Traceback" in run_outside("run", "--direct", "a.txt", "--debug", cwd=tmp_path).stderr


@pytest.mark.slow
def test_settings_come_from_the_environment_and_the_file(tmp_path):
    (tmp_path / "paperhouse.toml").write_text('data = "from_file"\n')
    (tmp_path / "a.txt").write_bytes(dump(papers("otters")))
    assert run_outside("run", "--direct", "a.txt", cwd=tmp_path).returncode == 0
    assert (tmp_path / "from_file" / "warehouse.duckdb").exists()
    (tmp_path / "paperhouse.toml").write_text("dta = 1\n")
    wrong = run_outside("releases", cwd=tmp_path)
    assert (wrong.returncode, "setting dta" in wrong.stderr) == (2, True)
    (tmp_path / "paperhouse.toml").write_text("data = \n")
    broken = run_outside("releases", cwd=tmp_path)
    assert (broken.returncode, "paperhouse.toml: Invalid value" in broken.stderr) == (2, True)


class TestSql:
    """Queries on the seed in every format."""

    def test_table(self, seed_data):
        result = paperhouse("sql", "SELECT count(*) AS paper_count FROM papers", "--data", seed_data)
        assert result.exit_code == 0
        assert "paper_count" in result.stdout
        assert "316" in result.stdout

    def test_csv_and_json(self, seed_data):
        query = "SELECT 'a,\"b' AS text, NULL AS nothing, 1.5 AS number, DATE '2024-01-02' AS day"
        assert paperhouse("sql", query, "--format", "csv", "--data", seed_data).stdout == (
            'text,nothing,number,day\n"a,""b",,1.5,2024-01-02\n'
        )
        (row,) = json.loads(paperhouse("sql", query, "--format", "json", "--data", seed_data).stdout)
        assert row == {"text": 'a,"b', "nothing": None, "number": 1.5, "day": "2024-01-02"}

    def test_parquet(self, seed_data, tmp_path):
        result = paperhouse("sql", "SELECT title FROM papers", "--format", "parquet", "--data", seed_data)
        (tmp_path / "titles.parquet").write_bytes(result.stdout_bytes)
        assert pl.read_parquet(tmp_path / "titles.parquet").height == 316

    def test_names_of_columns_are_not_markup(self, seed_data):
        assert "[/x]" in paperhouse("sql", 'SELECT 1 AS "[/x]"', "--data", seed_data).stdout

    def test_a_wrong_query_points_at_the_place(self, seed_data):
        result = paperhouse("sql", "SELECT titel FROM papers", "--data", seed_data)
        assert result.exit_code == 2
        line, caret = result.stderr.splitlines()[-2:]
        assert (line, caret.index("^")) == ("LINE 1: SELECT titel FROM papers", line.index("titel"))

    def test_the_query_comes_from_a_file_or_from_standard_input(self, seed_data, tmp_path):
        (tmp_path / "query.sql").write_text("SELECT count(*) AS paper_count\nFROM papers;\n")
        rows = ["paper_count", "316"]
        shown = paperhouse("sql", "--file", tmp_path / "query.sql", "--format", "csv", "--data", seed_data)
        assert shown.stdout.split() == rows
        for arguments in (["-"], []):
            command = [
                sys.executable,
                "-m",
                "flows.cli",
                "sql",
                *arguments,
                "--format",
                "csv",
                "--data",
                str(seed_data),
            ]
            with (tmp_path / "query.sql").open() as file:
                done = subprocess.run(command, stdin=file, cwd=ROOT, capture_output=True, text=True, check=True)
            assert done.stdout.split() == rows

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["SELECT 1", "--file", "query.sql"], "a query or a file, not both"),
            (["--file", "nowhere.sql"], "nowhere.sql: the query can't be read"),
            (["SELECT 1", "--timeout", "0"], "0.001"),
            (
                [
                    "SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range + b.range = -1",
                    "--timeout",
                    "0.2",
                ],
                "stopped after 0.2 s",
            ),
        ],
    )
    def test_what_can_not_be_run_is_one_line(self, seed_data, arguments, says):
        result = paperhouse("sql", *arguments, "--data", seed_data)
        assert result.exit_code == 2
        assert says in " ".join(result.stderr.split())


def test_tables_lists_everything_with_descriptions(seed_data):
    shown = paperhouse("tables", "--data", seed_data).stdout
    for name in ("papers", "reported_metrics", "leaderboard", "316"):
        assert name in shown
    assert "Canonical metric id" in paperhouse("tables", "leaderboard", "--data", seed_data).stdout
    nowhere = paperhouse("tables", "nowhere", "--data", seed_data)
    assert (nowhere.exit_code, "no table or view 'nowhere'" in nowhere.stderr) == (2, True)


class TestExplain:
    """A paper with everything in place."""

    def test_by_title_words(self, seed_data):
        shown = paperhouse("explain", "tinysam", "--data", seed_data).stdout
        assert "2×[" in shown
        assert "[L1]" in shown
        assert "speedup = 2 x" in shown
        assert "confidence" in shown
        assert f"{SEED}:27" in shown

    def test_words_that_many_titles_hold_list_them(self, seed_data):
        result = paperhouse("explain", "style", "transfer", "--data", seed_data)
        assert result.exit_code == 2
        assert "papers have the title words" in result.stderr

    def test_words_are_never_sql(self, seed_data):
        result = paperhouse("explain", "'; DROP TABLE papers; --", "--data", seed_data)
        assert result.exit_code == 2
        assert "no paper has" in result.stderr


def test_rejects_and_releases_list_what_there_is(tmp_path):
    data = tmp_path / "data"
    assert "nothing was refused" in paperhouse("rejects", "--data", data).stdout
    assert "nothing was published" in paperhouse("releases", "--data", data).stdout
    (tmp_path / "a.txt").write_bytes(dump(papers("otters")) + b"\nA title alone")
    (tmp_path / "b.txt").write_bytes(b"")
    paperhouse("run", tmp_path, "--direct", "--data", data)
    shown = " ".join(paperhouse("rejects", "--data", data).stdout.split())
    assert "title_without_abstr" in shown
    assert "empty_file" in shown
    (release,) = json.loads(paperhouse("releases", "--json", "--data", data).stdout)
    assert (release["current"], release["papers"]) == ("current", 1)


def test_diff_rollback_and_unpin_say_what_they_did(tmp_path):
    data = tmp_path / "data"
    assert "no release yet" in paperhouse("diff", "--data", data).stderr
    for name in ("otters", "foxes"):
        (tmp_path / f"{name}.txt").write_bytes(dump(papers(name)))
        paperhouse("run", tmp_path / f"{name}.txt", "--direct", "--data", data)
    after, before = [path.stem for path in releases(data)]
    shown = paperhouse("diff", "--data", data).stdout
    assert f"{before} → {after}" in shown
    assert "title=Foxes: learning from foxes examples of a kind" in shown
    found = json.loads(paperhouse("diff", before, after, "--json", "--data", data).stdout)
    assert (found["before"], found["after"]) == (before, after)
    assert found["tables"][0] | {"changed_columns": None} == {
        "table_name": "papers",
        "before_release_id": before,
        "is_comparable": True,
        "reason": None,
        "added_count": 1,
        "removed_count": 0,
        "changed_count": 0,
        "changed_columns": None,
    }
    assert json.loads(paperhouse("diff", "--json", "--data", data).stdout) == found
    assert f"{before} is what readers see now, with 1 papers" in paperhouse("rollback", "--data", data).stdout
    assert "current, pinned" in paperhouse("releases", "--data", data).stdout
    assert "can't be compared: first release" in paperhouse("diff", "--data", data).stdout
    assert "is pinned and stays" in paperhouse("run", tmp_path, "--direct", "--data", data).stdout
    assert "no longer pinned" in paperhouse("unpin", "--data", data).stdout
    assert "no release was pinned" in paperhouse("unpin", "--data", data).stdout
    wrong = paperhouse("rollback", "nowhere", "--data", data)
    assert (wrong.exit_code, "names no release" in wrong.stderr) == (2, True)


def test_a_release_of_an_older_version_is_read_for_what_it_holds(seed_data, tmp_path):
    """After an upgrade and a rollback: tables that came later are not there."""
    shutil.copyfile(seed_data / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("DROP VIEW data_quality")
        for table in ("corrections", "accuracy_figures", "release_changes", "release_change_samples"):
            connection.execute(f"DROP TABLE {table}")
    assert "speedup = 2 x" in paperhouse("explain", "tinysam", "--data", tmp_path).stdout
    gold = ROOT / "tests" / "gold" / "seed_dev.jsonl"
    assert "│ detection  │ " in paperhouse("evaluate", gold, "--data", tmp_path).stdout
    compared = paperhouse("diff", "--data", tmp_path)
    assert (compared.exit_code, "stored no comparison" in compared.stderr) == (2, True)


def test_evaluate_prints_the_figures(seed_data):
    gold = ROOT / "tests" / "gold" / "seed_dev.jsonl"
    assert "│ detection  │ " in paperhouse("evaluate", gold, "--data", seed_data).stdout
    figures = json.loads(paperhouse("evaluate", gold, "--json", "--data", seed_data).stdout)
    assert figures[str(gold)]["detection"]["f1"] > 0.85
