"""Examples of the README with their real output: `python -m tests.readme` writes what the commands print now."""

from __future__ import annotations

import re
import shlex
import tempfile
from pathlib import Path

from typer.testing import CliRunner

from flows.cli import app
from tests.support import ROOT, SEED, run_direct

README = ROOT / "README.md"
_EXAMPLE = re.compile(r"```console\n\$ paperhouse (.*)\n(?:.*\n)*?```\n")


def rendered(text: str, data: Path) -> str:
    """The text, below each command what it prints on the warehouse in `data`; paths as seen from the project."""

    def example(match: re.Match[str]) -> str:
        result = CliRunner().invoke(app, [*shlex.split(match[1]), "--data", str(data)])
        assert result.exit_code == 0, result.output
        lines = [line.rstrip() for line in result.stdout.replace(f"{ROOT}/", "").splitlines()]
        return f"```console\n$ paperhouse {match[1]}\n" + "\n".join(lines) + "\n```\n"

    return _EXAMPLE.sub(example, text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run_direct(SEED, data=Path(folder))
        README.write_text(rendered(README.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
