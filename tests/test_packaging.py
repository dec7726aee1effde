"""What is shipped: the wheel holds its data, and no file tells of a machine or a package index."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support import ROOT, SEED, SHARED


@pytest.mark.slow
def test_an_installed_wheel_runs_from_another_folder(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(ROOT)]
    subprocess.run(build, capture_output=True, check=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    target = tmp_path / "site"
    install = [sys.executable, "-m", "zipfile", "-e", str(wheel), str(target)]
    subprocess.run(install, capture_output=True, check=True)
    environment = os.environ | {"PYTHONPATH": str(target)}

    def python(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout

    assert python("-c", "import flows; print(flows.__file__)").startswith(str(target))
    summary = json.loads(python("-m", "flows.cli", "run", "--direct", "--json").splitlines()[-1])
    assert (summary["status"], summary["papers"], summary["records"]["rejected"]) == ("published", 316, 0)
    assert 'data-figure="papers">316<' in Path(python("-m", "flows.cli", "report").strip()).read_text(encoding="utf-8")


def test_the_seed_is_kept_byte_for_byte():
    assert SEED.stat().st_size == 433_047
    if SHARED.exists():
        assert SEED.read_bytes() == (SHARED / "data" / "seed" / SEED.name).read_bytes()


def test_the_lock_pins_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [
        *project["project"]["dependencies"],
        *(line for extra in project["project"]["optional-dependencies"].values() for line in extra),
        *project["dependency-groups"]["dev"],
    ]
    lock = (ROOT / "requirements.lock").read_text()
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))
    for requirement in map(Requirement, groups):
        assert requirement.specifier.contains(pinned[requirement.name.lower()]), requirement
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\S+==)", lock))


def test_no_file_names_a_package_index_or_another_folder_of_this_machine():
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    index = re.compile(r"--(extra-)?index-url|registry *= *\"http|\"resolved\": *\"http|pypi\.org|files\.pythonhosted")
    for name in filter(None, names):
        path = ROOT / name
        if path.suffix in (".txt", ".jsonl") or path == ROOT / "tests" / "test_packaging.py" or not path.exists():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not index.search(text), name
        assert f"{ROOT}/" not in text, name
