"""What the documents say is what the commands do."""

from __future__ import annotations

import re

import sqlalchemy

from tests.readme import README, rendered
from tests.support import ROOT


def test_the_examples_of_the_readme_print_what_it_shows(seed_data):
    text = README.read_text(encoding="utf-8")
    assert text.count("```console") >= 7
    assert rendered(text, seed_data) == text


def test_the_recipe_for_sqlalchemy_works(seed_data, monkeypatch, capsys):
    (recipe,) = [
        block for block in re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL) if "engine" in block
    ]
    monkeypatch.chdir(seed_data.parent)
    exec(recipe, {})
    assert capsys.readouterr().out == "316\n"
    engine = sqlalchemy.create_engine("duckdb:///data/warehouse.duckdb", connect_args={"read_only": True})
    assert "reported_metrics" in sqlalchemy.inspect(engine).get_table_names()
    engine.dispose()


def test_the_commands_of_the_readme_exist():
    text = README.read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z-]+)", text)) - {"if"}:
        assert f"\n{target}:" in makefile, target
    for link in re.findall(r"\]\((docs/[^)]+)\)", text):
        assert (ROOT / link).exists(), link
