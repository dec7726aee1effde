"""docs/connect.md, run: `python -m tests.connect.document` writes what its recipes print now, and the notebook.

The recipes run in .venv-connect, which `make test-connect` makes, in a folder with data/ and docs/ as in a checkout.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.support import ROOT, SEED, run_direct

DOCUMENT = ROOT / "docs" / "connect.md"
NOTEBOOK = ROOT / "docs" / "examples" / "leaderboard.ipynb"
APP = ROOT / "docs" / "examples" / "streamlit_app.py"
REQUIREMENTS = ROOT / "tests" / "connect" / "requirements.txt"
INSIDE = ROOT / "tests" / "connect" / "inside"
PYTHON = ROOT / ".venv-connect" / "bin" / "python"

_RECIPE = re.compile(r"```python\n(.*?)```\n\n```text\n.*?```\n", re.DOTALL)
_COMMANDS = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder with data/ and docs/; commands run there in the tools' environment, without the user's settings."""

    folder: Path

    @classmethod
    def around(cls, data: Path) -> Workplace:
        """A workplace beside a data folder that is called `data`."""
        assert data.name == "data"
        (data.parent / "docs").symlink_to(ROOT / "docs")
        return cls(data.parent)

    def environment(self) -> dict[str, str]:
        """Variables of a process there; `paperhouse` is found behind the tools."""
        path = f"{PYTHON.parent}:{ROOT / '.venv' / 'bin'}:{os.defpath}"
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "COLUMNS": "120", "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *command: str | Path, text: str = "", fails: bool = False) -> str:
        """What a command prints: all of it if the command is to fail, else its output, and then it may not warn."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment(), input=text, capture_output=True, text=True, timeout=300
        )
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        if fails:
            return done.stdout + done.stderr
        assert not done.stderr, done.stderr
        return done.stdout

    def shell(self, line: str, *, fails: bool = False) -> str:
        """What a line of a shell prints."""
        return self.run("bash", "-c", line, fails=fails)

    def start(self, *command: str | Path) -> subprocess.Popen[str]:
        """A process that is talked to line by line."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.folder, env=self.environment(), stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )


def sections(text: str) -> dict[str, str]:
    """The parts of the document by their headings."""
    headings = list(_SECTION.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return {heading[1]: text[heading.end() : end] for heading, end in zip(headings, ends, strict=True)}


def recipes(text: str) -> dict[str, str]:
    """The Python recipes of the document by the heading they stand under."""
    return {name: match[1] for name, part in sections(text).items() if (match := _RECIPE.search(part))}


def commands(text: str) -> list[str]:
    """The command lines of the document, in order."""
    return [line for block in _COMMANDS.findall(text) for line in _lines(block)]


def rendered(text: str, workplace: Workplace, book: str) -> str:
    """The document with what its recipes and commands print, and the versions that they ran with.

    `book` is the notebook of its cells, as `notebook` gives it.
    """

    def recipe(match: re.Match[str]) -> str:
        code = match[1]
        printed = _shown(book) if code.startswith("# %%") else workplace.run(PYTHON, "-", text=code)
        return f"```python\n{code}```\n\n```text\n{_trimmed(printed)}\n```\n"

    def console(match: re.Match[str]) -> str:
        parts = [f"$ {line}\n{_trimmed(workplace.shell(line))}".rstrip() for line in _lines(match[1])]
        return "```console\n" + "\n".join(parts) + "\n```\n"

    text = _COMMANDS.sub(console, _RECIPE.sub(recipe, text))
    return "\n".join(_with_versions(line) if line.startswith("|") else line for line in text.split("\n"))


def notebook(text: str, workplace: Workplace) -> str:
    """The notebook of the document's cells, with their outputs, as JSON."""
    return workplace.run(PYTHON, INSIDE / "notebook.py", text=recipes(text)["Jupyter"])


def versions() -> dict[str, str]:
    """The pins of the tools' environment by package."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE))


def _lines(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def _trimmed(printed: str) -> str:
    return "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())


def _with_versions(row: str) -> str:
    pins = versions()
    return re.sub(r"(?<=[ |])([a-z][a-z0-9-]+) \d[\w.]*", lambda found: f"{found[1]} {pins[found[1]]}", row)


def _shown(book: str) -> str:
    outputs = [output for cell in json.loads(book)["cells"] for output in cell.get("outputs", ())]
    return "\n\n".join("".join(output["data"]["text/plain"]) for output in outputs)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run_direct(SEED, data=Path(folder) / "data")
        here = Workplace.around(Path(folder) / "data")
        original = DOCUMENT.read_text(encoding="utf-8")
        book = notebook(original, here)
        DOCUMENT.write_text(rendered(original, here, book), encoding="utf-8")
        NOTEBOOK.write_text(book, encoding="utf-8")
