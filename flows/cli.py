"""The command line. Heavy imports happen inside the command that needs them: `--help` answers at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flows.pipeline import Outcome
    from flows.settings import Settings

app = typer.Typer(
    help="Text dumps of paper listings in, a validated DuckDB warehouse of papers, code and results out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="Data folder (default: PAPERHOUSE_DATA, else data/).", show_default=False
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def main() -> None:
    """Runs the command line; ends with the exit codes 0 done, 1 unexpected, 2 bad usage or input, 3 refused."""
    app()


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if version:
        from warehouse.version import pipeline_version

        typer.echo(f"paperhouse {_package_version()} (pipeline {pipeline_version()})")
        raise typer.Exit


@app.command()
def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]…", help="Files, folders or globs (default: the dumps that come along)."),
    ] = None,
    direct: Annotated[bool, typer.Option("--direct", help="Run the steps in process, without Prefect.")] = False,
    as_json: AsJson = False,
    data: Data = None,
    debug: Debug = False,
) -> None:
    """Add dumps to the lake and publish a release if anything changed."""

    def command(settings: Settings) -> int:
        from flows.summary import default_inputs
        from flows.terminal import show_error, show_outcome

        inputs = paths or default_inputs()
        outcome = _run_direct(inputs, settings) if direct else _run_flow(inputs, settings)
        if as_json:
            import json

            for error in outcome.failures:
                show_error(error)
            typer.echo(json.dumps(outcome.to_json(), ensure_ascii=False))
        else:
            show_outcome(outcome)
        return outcome.exit_code

    _execute(command, data, debug)


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="One SELECT; - reads it from standard input.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Read the query from a file.", show_default=False)] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.table,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.001, max=86_400, help="Seconds until it is stopped.")
    ] = 300,
    data: Data = None,
    debug: Debug = False,
) -> None:
    """Query the warehouse, read-only."""

    def command(settings: Settings) -> int:
        from flows.sql import print_rows, read_query

        print_rows(settings.data, read_query(query, file), output.value, timeout)
        return 0

    _execute(command, data, debug)


@app.command()
def tables(
    name: Annotated[str | None, typer.Argument(help="Show the columns of this table or view.")] = None,
    data: Data = None,
    debug: Debug = False,
) -> None:
    """List what the warehouse holds, or the columns of one table, with descriptions."""

    def command(settings: Settings) -> int:
        from flows.terminal import show_rows
        from warehouse.catalog import columns, contents
        from warehouse.connect import open_warehouse

        with open_warehouse(settings.data) as connection:
            if name is None:
                show_rows(["name", "kind", "rows", "what it holds"], contents(connection))
            else:
                show_rows(["column", "type", "what it means"], columns(connection, name))
        return 0

    _execute(command, data, debug)


@app.command()
def explain(
    paper: Annotated[list[str], typer.Argument(help="Words of its title, or its paper_id or arXiv id.")],
    data: Data = None,
    debug: Debug = False,
) -> None:
    """Show a paper's text with every repair, link and number marked, with rule and confidence."""

    def command(settings: Settings) -> int:
        from flows.explain import explain as show
        from warehouse.connect import open_warehouse

        with open_warehouse(settings.data) as connection:
            show(connection, " ".join(paper))
        return 0

    _execute(command, data, debug)


@app.command()
def rejects(data: Data = None, debug: Debug = False) -> None:
    """List the records that were refused and the files that could not be read, with the reasons."""

    def command(settings: Settings) -> int:
        from flows.terminal import out, show_rows
        from warehouse.catalog import failed_files, rejected_records
        from warehouse.lake import Lake

        records = rejected_records(Lake(settings.data))
        files = failed_files(settings.data)
        if records:
            show_rows(["file", "line", "record", "stage", "reason", "detail", "text"], records)
        if files:
            show_rows(["file", "run", "reason", "detail"], files)
        if not records and not files:
            out.print("nothing was refused")
        return 0

    _execute(command, data, debug)


@app.command()
def releases(as_json: AsJson = False, data: Data = None, debug: Debug = False) -> None:
    """List the releases that are kept, newest first."""

    def command(settings: Settings) -> int:
        from flows.terminal import out, show_rows
        from warehouse.catalog import release_rows

        rows = release_rows(settings.data)
        if as_json:
            import json

            typer.echo(json.dumps(rows, default=str))
        elif rows:
            columns = [name for name in rows[0] if name not in ("run", "pipeline_version")]  # a terminal is narrow
            show_rows(columns, [tuple(_to_the_second(row[name]) for name in columns) for row in rows])
        else:
            out.print("nothing was published yet; `paperhouse run` makes a release")
        return 0

    _execute(command, data, debug)


@app.command()
def diff(
    before: Annotated[str | None, typer.Argument(metavar="[A]", help="Id of a release, or its start.")] = None,
    after: Annotated[str | None, typer.Argument(metavar="[B]", help="Likewise (default: the present one).")] = None,
    as_json: AsJson = False,
    data: Data = None,
    debug: Debug = False,
) -> None:
    """Show which rows changed from release A to B; by default from the previous one to the present one."""

    def command(settings: Settings) -> int:
        from flows.differences import compare, show

        compared = compare(settings.data, before, after)
        if as_json:
            import json

            typer.echo(json.dumps(compared.to_json(), ensure_ascii=False))
        else:
            show(compared)
        return 0

    _execute(command, data, debug)


@app.command()
def rollback(
    release: Annotated[str | None, typer.Argument(help="Id of a release, or its start.", show_default=False)] = None,
    data: Data = None,
    debug: Debug = False,
) -> None:
    """Show readers an earlier release again, by default the previous one, and pin it."""

    def command(settings: Settings) -> int:
        from flows.terminal import out
        from warehouse import releases
        from warehouse.files import locked

        with locked(settings.data):
            shown = releases.rollback(settings.data, release)
        out.print(
            f"{shown.release_id} is what readers see now, with {shown.paper_count:,} papers. It is pinned: runs add to "
            "the lake but publish nothing until `paperhouse unpin`.",
            soft_wrap=not out.is_terminal,
        )
        return 0

    _execute(command, data, debug)


@app.command()
def unpin(data: Data = None, debug: Debug = False) -> None:
    """Let the next run publish again after a rollback."""

    def command(settings: Settings) -> int:
        from flows.terminal import out
        from warehouse import releases
        from warehouse.files import locked

        with locked(settings.data):
            release_id = releases.unpin(settings.data)
        said = f"{release_id} is no longer pinned: the next run publishes what the lake holds"
        out.print(said if release_id else "no release was pinned", soft_wrap=not out.is_terminal)
        return 0

    _execute(command, data, debug)


@app.command()
def evaluate(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD…", help="JSONL files with labelled papers.")],
    with_errors: Annotated[bool, typer.Option("--errors", help="List what was missed, is extra or wrong.")] = False,
    as_json: AsJson = False,
    data: Data = None,
    debug: Debug = False,
) -> None:
    """Measure the warehouse against labelled papers, with 95% intervals."""

    def command(settings: Settings) -> int:
        from flows.accuracy import figures_as_json, show
        from warehouse.connect import open_warehouse

        with open_warehouse(settings.data) as connection:
            if as_json:
                import json

                figures = figures_as_json(connection, gold, with_errors=with_errors)
                typer.echo(json.dumps(figures, ensure_ascii=False))
            else:
                show(connection, gold, with_errors=with_errors)
        return 0

    _execute(command, data, debug)


@app.command()
def report(
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write it (default: reports/<release>.html).", show_default=False),
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="Release, or the start of its id (default: the present one).", show_default=False)
    ] = None,
    data: Data = None,
    debug: Debug = False,
) -> None:
    """Write one HTML page of a release: what came in, checks, changes, charts, papers. It opens offline."""

    def command(settings: Settings) -> int:
        from warehouse.report import write_report

        typer.echo(write_report(settings.data, output, release))
        return 0

    _execute(command, data, debug)


def _run_direct(inputs: list[str], settings: Settings) -> Outcome:
    from flows.pipeline import DirectRunner, ingest
    from flows.terminal import ProgressReport

    with ProgressReport() as report, DirectRunner(settings.workers, report) as runner:
        return ingest(inputs, settings, runner)


def _run_flow(inputs: list[str], settings: Settings) -> Outcome:
    import os

    # The flow's log goes to the API as always; on the terminal our own progress stands in its place.
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")

    from flows.terminal import ProgressReport, err

    with ProgressReport() as report:
        err.print("[dim]starting Prefect …[/]")
        from flows.ingest import run_flow

        return run_flow(inputs, settings, report)


def _execute(command: Callable[[Settings], int], data: Path | None, debug: bool) -> None:
    """Runs a command with the settings in force; an error is one line and an exit code, unless --debug."""
    from warehouse.errors import PaperhouseError

    try:
        from flows.settings import load

        code = command(load(data))
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        code = 0
    except PaperhouseError as error:
        if debug:
            raise
        code = _complain(error, error.exit_code)
    except Exception as error:
        if debug:
            raise
        code = _complain(RuntimeError(f"{type(error).__name__}: {error} (--debug shows where)"), 1)
    raise typer.Exit(code)


def _complain(error: BaseException, code: int) -> int:
    from flows.terminal import show_error

    show_error(error)
    return code


def _to_the_second(value: object) -> object:
    from datetime import datetime

    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else value


def _package_version() -> str:
    from importlib.metadata import version

    return version("paperhouse")


if __name__ == "__main__":
    main()
