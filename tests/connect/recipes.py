"""The recipes of docs/connect.md, in an environment with other tools' versions; run by ``make test-connect``."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.connect import document
from tests.connect.document import APP, DOCUMENT, INSIDE, NOTEBOOK, PYTHON, Workplace
from tests.support import ROOT, dump, run_direct
from warehouse.build import MARTS, mart_description
from warehouse.schema import warehouse_tables

TEXT = DOCUMENT.read_text(encoding="utf-8")
RECIPES = document.recipes(TEXT)
ASKING = [name for name, code in RECIPES.items() if "def ask(" in code]
NEWER = (
    "A better teacher: learning everything at once",
    "We show that small models learn everything at once. On ImageNet-1K it reaches a top-1 accuracy of 93.5%. On COCO "
    "it reaches an average precision of 71.2%. On Persona-Chat it reaches an F1 score of 31.5. It improves accuracy by "
    "12.5 points on CIFAR-10, by 7.5 points on CIFAR-100 and by 4.5 points on ObjectNet. It improves the F1 score by "
    "3.5 points on SQuAD and trains 2000 times faster. Our code is at https://github.com/example/teacher.",
)
NEWER_CODE = ("TinySAM: another look", NEWER[1].replace("teacher.", "another-look."))
"""Papers of a second source: they move into every answer of the document."""


@pytest.fixture(scope="module")
def workplace(seed_data):
    """The seed's release, as the document's working folder; tests only read it."""
    return Workplace.around(seed_data)


@pytest.fixture(scope="module")
def moving(workplace, tmp_path_factory):
    """A workplace of its own for a second release, and what publishes that."""
    folder = tmp_path_factory.mktemp("moving")
    shutil.copytree(workplace.folder / "data", folder / "data")
    (folder / "second.txt").write_bytes(dump([NEWER, NEWER_CODE]))

    def publish():
        assert run_direct(folder / "second.txt", data=folder / "data").entry.status == "published"

    return Workplace.around(folder / "data"), publish


def contents(workplace, python):
    return json.loads(workplace.run(python, INSIDE / "contents.py"))


@pytest.fixture(scope="module")
def older(workplace):
    """What the tools' DuckDB and SQLAlchemy find in the published file."""
    return contents(workplace, PYTHON)


def test_an_older_duckdb_reads_every_row_of_every_table_and_view(older, workplace):
    own = contents(workplace, sys.executable)
    assert older["version"].startswith("1.4.")
    assert own["version"].startswith("1.5.")
    assert set(older["counted"]) == {table.name for table in warehouse_tables()} | set(MARTS)
    assert older["counted"]["papers"][0] == 316
    assert older["counted"] == own["counted"]


def test_sqlalchemy_reflects_what_the_schema_states(older):
    found = older["reflected"]
    kinds = {"TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE"}
    for table in warehouse_tables():
        columns = [
            [column.name, kinds.get(column.type, column.type), column.description]
            for column in table.warehouse_columns()
        ]
        assert found[table.name] == {"comment": table.grain, "columns": columns}
    for name in MARTS:
        query = (ROOT / "warehouse" / "marts" / f"{name}.sql").read_text(encoding="utf-8").strip()
        assert found[name]["comment"] == mart_description(query)
        assert found[name]["columns"]


def test_document_and_notebook_show_what_the_recipes_print(workplace):
    assert len(ASKING) >= 7
    assert len(document.commands(TEXT)) >= 5
    book = document.notebook(TEXT, workplace)
    assert document.rendered(TEXT, workplace, book) == TEXT
    assert NOTEBOOK.read_text(encoding="utf-8") == book


def test_every_block_that_can_be_run_is_run():
    blocks = re.findall(r"^```(\w*)\n", TEXT, re.MULTILINE)
    outputs = len(RECIPES)
    assert blocks.count("python") == blocks.count("text") == outputs
    tried, _ = TEXT.split("\n## Not tried\n")
    assert set(re.findall(r"^```(\w+)\n", tried, re.MULTILINE)) == {"python", "text", "console", "sh"}
    linked = re.findall(r"\]\(#([a-z-]+)\)", TEXT)
    headings = {re.sub(r"[^a-z -]", "", name.lower()).replace(" ", "-") for name in document.sections(TEXT)}
    assert headings == set(linked)


WRITES = ("DELETE FROM {}papers", "CREATE TABLE {}extra (number INTEGER)")
REACHES = ("FROM read_csv('{}')", "COPY (SELECT 1 AS number) TO '{}.copy'")
SETS = "SET memory_limit = '1GB'"
REFUSED = (
    "read-only mode|not valid 'read' queries|disabled by configuration|configuration has been locked|only one statement"
)


def queries(code, folder):
    """What a recipe must refuse: to write, to reach another file, to unseal itself."""
    prefix = "paperhouse." if "ATTACH" in code else ""
    return [
        *(write.format(prefix) for write in WRITES),
        *(reach.format(folder / "second.txt") for reach in REACHES),
        SETS,
    ]


HELD = 'held = duckdb.connect("data/warehouse.duckdb", read_only=True, config=SEALED)'
HELD_BY_ADBC = (
    'held = dbapi.connect(driver=adbc_driver_duckdb.driver_path(), entrypoint="duckdb_adbc_init", db_kwargs=OPTIONS)'
)


def variants():
    """The recipes that ask, the app, and recipes of a process that holds a connection all the while."""
    found = {name: RECIPES[name] for name in ASKING}
    found["app"] = APP.read_text(encoding="utf-8")
    found["SQLAlchemy with a pool"] = re.sub(r" +poolclass=.*\n", "", RECIPES["SQLAlchemy"])
    for name, line in (("Python", HELD), ("ADBC", HELD_BY_ADBC)):
        found[f"{name} with a connection held"] = RECIPES[name].replace("\ndef ask(", f"\n{line}\n\ndef ask(")
    assert len(set(found.values())) == len(ASKING) + 4
    return found


@pytest.fixture(scope="module")
def asked(moving, tmp_path_factory):
    """What each recipe printed, and prints in the same process once a second release is there; what it refused."""
    workplace, publish = moving
    folder = tmp_path_factory.mktemp("recipes")
    codes = variants()
    commands = {}
    for number, (name, code) in enumerate(codes.items()):
        (folder / f"{number}.py").write_text(code, encoding="utf-8")
        commands[name] = [PYTHON, INSIDE / "recipe.py", folder / f"{number}.py"]
    processes = {
        name: workplace.start(*command, *queries(codes[name], workplace.folder)) for name, command in commands.items()
    }
    try:
        lines = {name: [process.stdout.readline()] for name, process in processes.items()}
        failed = {name: processes[name].communicate()[1] for name, (line,) in lines.items() if not line}
        assert not failed
        publish()
        for name, process in processes.items():
            rest, errors = process.communicate("\n", timeout=120)
            assert process.returncode == 0, errors
            lines[name] += rest.splitlines()
        for name in ASKING:
            lines[name] += workplace.run(*commands[name], text="\n").splitlines()[:1]
        return {name: [json.loads(line) for line in found] for name, found in lines.items()}
    finally:
        for process in processes.values():
            process.kill()
            process.wait()


@pytest.mark.parametrize("name", ASKING)
def test_a_recipe_sees_the_next_release_without_a_restart(name, asked):
    first, second, _, of_a_new_process = asked[name]
    assert second != first
    assert second == of_a_new_process


@pytest.mark.parametrize("name", ["SQLAlchemy with a pool", "Python with a connection held"])
def test_a_connection_that_stays_open_keeps_its_process_at_its_release(name, asked):
    first, second, _ = asked[name]
    assert second == first


def test_connections_of_adbc_share_nothing(asked):
    _, second, _ = asked["ADBC with a connection held"]
    assert second == asked["ADBC"][1]


@pytest.mark.parametrize("name", [*ASKING, "app"])
def test_a_recipe_is_read_only_and_sealed(name, asked):
    *written, read, copied, setting = asked[name][2]
    assert all(re.search("read-only mode|not valid 'read' queries", error) for error in written), written
    assert "disabled by configuration" in read
    assert "disabled by configuration" in copied
    assert "configuration has been locked" in setting


def test_commands_show_the_next_release_and_refuse_the_rest(asked, moving):
    here, _ = moving
    lines = [
        line
        for line in document.commands(TEXT)
        if re.match(r"duckdb .* data/warehouse.duckdb |paperhouse [^>]+$", line)
    ]
    assert len(lines) >= 3
    for line in lines:
        printed = here.shell(line)
        assert printed
        assert printed not in TEXT
        for query in queries("", here.folder) if line.startswith("duckdb") else [WRITES[0].format("")]:
            refused = here.shell(re.sub(r'"SELECT .*"', lambda _, query=query: f'"{query}"', line), fails=True)
            assert re.search(REFUSED, refused), refused


def test_the_app_shows_a_board_and_the_next_release(asked, moving, workplace, tmp_path):
    here, _ = moving
    shutil.copytree(workplace.folder / "data", tmp_path / "data")
    own = Workplace.around(tmp_path / "data")
    with own.start(PYTHON, INSIDE / "streamlit_steps.py", APP, "COCO") as process:
        opened, chosen = (json.loads(process.stdout.readline()) for _ in range(2))
        newer = tmp_path / "newer.duckdb"
        shutil.copy(here.folder / "data" / "warehouse.duckdb", newer)
        newer.replace(tmp_path / "data" / "warehouse.duckdb")
        process.stdin.write("\n")
        process.stdin.flush()
        published = json.loads(process.stdout.readline())
        process.communicate(timeout=60)
    assert (opened["dataset"], opened["metric"]) == ("ImageNet-1K", "Top-1 accuracy")
    assert [row["place"] for row in opened["board"]] == [1, 2, 3]
    assert "<mark>84.4%</mark>" in opened["sentence"]
    assert chosen["dataset"] == "COCO"
    assert chosen["board"][0]["code"] == "https://github.com/tensorflow/tpu"
    assert chosen["board"][0]["quote"] == "52.5%"
    assert opened["caption"].startswith("316 papers")
    assert published["caption"].startswith("318 papers")
    assert published["dataset"] == "COCO"
    assert [row["quote"] for row in published["board"]][:3] == ["71.2%", "71.2%", "52.5%"]
    assert "<mark>71.2%</mark>" in published["sentence"]


def test_the_app_says_that_there_is_no_warehouse_yet(tmp_path):
    (tmp_path / "data").mkdir()
    with Workplace.around(tmp_path / "data").start(PYTHON, INSIDE / "streamlit_steps.py", APP, "COCO") as process:
        said = json.loads(process.stdout.readline())
        process.kill()
    assert said == {"error": "data/warehouse.duckdb: there is no warehouse yet; `paperhouse run` makes one"}


def test_the_app_is_served(workplace):
    (line,) = re.findall(r"```sh\n(streamlit run .*)\n```", TEXT)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"ADDRESS": "127.0.0.1", "PORT": str(port), "HEADLESS": "true"}
    environment = workplace.environment() | {f"STREAMLIT_SERVER_{name}": value for name, value in settings.items()}
    environment["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] = "false"
    pipe = subprocess.PIPE
    server = subprocess.Popen(line.split(), cwd=workplace.folder, env=environment, stdout=pipe, stderr=pipe, text=True)
    try:
        assert answer(server, f"http://127.0.0.1:{port}/_stcore/health") == "ok"
        assert "<title>Streamlit</title>" in answer(server, f"http://127.0.0.1:{port}/")
    finally:
        server.terminate()
        server.communicate(timeout=30)


def answer(server, address):
    """What a server answers, once it does."""
    for _ in range(240):
        assert server.poll() is None, server.communicate()
        try:
            with urllib.request.urlopen(address, timeout=5) as reply:
                return reply.read().decode()
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"{address} does not answer")
