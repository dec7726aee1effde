"""`make superset`: serves the dashboard; `make superset-export` writes charts changed in Superset into the bundle."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from warehouse.bi.superset.server import Superset

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
CHECKOUT = Path(__file__).parents[3]
DASHBOARD = "superset/dashboard/paperhouse/"

Data = Annotated[Path | None, typer.Option(metavar="DIR", help="Data folder (default: PAPERHOUSE_DATA, else data/).")]
Home = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        envvar="PAPERHOUSE_SUPERSET_HOME",
        help="Superset's database, secrets and log.",
        resolve_path=True,
    ),
]
Environment = Annotated[
    Path,
    typer.Option(
        metavar="DIR", envvar="PAPERHOUSE_SUPERSET_ENVIRONMENT", help="Where Superset is installed.", resolve_path=True
    ),
]
Port = Annotated[int, typer.Option(envvar="PAPERHOUSE_SUPERSET_PORT", help="Port on loopback.", min=1, max=65535)]

DEFAULT_HOME = CHECKOUT / ".superset" / "home"
DEFAULT_ENVIRONMENT = CHECKOUT / ".superset" / "venv"
DEFAULT_PORT = 8088


@app.command()
def serve(
    data: Data = None,
    home: Home = DEFAULT_HOME,
    environment: Environment = DEFAULT_ENVIRONMENT,
    port: Port = DEFAULT_PORT,
    import_again: Annotated[
        bool, typer.Option("--import-again", help="Put the bundle's charts back, whatever was changed in Superset.")
    ] = False,
) -> None:
    """Set Superset up, import the bundle if it is new, and serve it until Ctrl-C."""
    from warehouse.bi.superset.server import ADMIN

    for ending in (signal.SIGTERM, signal.SIGHUP):  # a terminal that is closed sends the second
        signal.signal(ending, _interrupt)
    superset = _superset(data, home, environment, port)
    superset.check()
    first_time = not superset.home.exists()
    typer.echo(f"starting Superset{', which takes a minute the first time' if first_time else ''} …", err=True)
    try:
        superset.set_up()
        with superset.serving() as server:
            _import(superset, again=import_again)
            typer.echo(f"dashboard  {superset.address}/{DASHBOARD}")
            typer.echo(f"log-in     {ADMIN} / {superset.password()}")
            typer.echo(f"warehouse  {superset.warehouse}")
            typer.echo("Ctrl-C stops it.")
            sys.stdout.flush()
            server.wait()
        from warehouse.errors import PaperhouseError

        raise PaperhouseError(f"Superset ended by itself; {superset.log} may say why")
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)


@app.command()
def export(home: Home = DEFAULT_HOME, port: Port = DEFAULT_PORT) -> None:
    """Write the charts and dashboards of the Superset that runs into the bundle."""
    from warehouse.bi.superset.bundle import update_from_export
    from warehouse.bi.superset.client import SupersetClient
    from warehouse.bi.superset.server import ADMIN

    superset = _superset(None, home, DEFAULT_ENVIRONMENT, port)
    with SupersetClient(superset.address, ADMIN, superset.password()) as client:
        changed = update_from_export(client.export_assets())
    for path in changed:
        typer.echo(path.relative_to(CHECKOUT))
    typer.echo(f"{len(changed)} files changed")


def main() -> None:
    """Runs a command; an error is one line and the exit code of `paperhouse`."""
    from warehouse.errors import PaperhouseError

    try:
        app()
    except PaperhouseError as error:
        from flows.terminal import show_error

        show_error(error)
        sys.exit(error.exit_code)


def _superset(data: Path | None, home: Path, environment: Path, port: int) -> Superset:
    from flows.settings import load
    from warehouse.bi.superset.server import Superset

    settings = load(data)
    return Superset(environment, home, settings.data / "warehouse.duckdb", port, settings.memory_limit)


def _import(superset: Superset, *, again: bool) -> None:
    """Imports the bundle, unless this Superset has it: what users changed in its charts then stays."""
    from warehouse.bi.superset.bundle import fingerprint, packed
    from warehouse.bi.superset.client import SupersetClient
    from warehouse.bi.superset.server import ADMIN

    stamp, bundle = superset.home / "bundle", fingerprint()
    if again or not stamp.exists() or stamp.read_text(encoding="utf-8") != bundle:
        with SupersetClient(superset.address, ADMIN, superset.password()) as client:
            client.import_assets(packed())
        stamp.write_text(bundle, encoding="utf-8")


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
