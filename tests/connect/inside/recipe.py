"""Runs a recipe, waits for a line on standard input, asks again, then tries what must be refused.

`python recipe.py RECIPE.py QUERY…` prints three lines of JSON: what the recipe printed, what its last part prints when
it is asked again in the same process, and the error that each of the queries met (null if it met none).
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import json
import sys
from pathlib import Path


def run(statements, namespace, shown):
    """Runs statements; returns what was printed. `shown` says whether values of expressions are, as in a notebook."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for statement in statements:
            if shown:
                exec(compile(ast.Interactive([statement]), "recipe", "single"), namespace)
            else:
                exec(compile(ast.Module([statement], []), "recipe", "exec"), namespace)
    return printed.getvalue()


def refusal(query, namespace):
    """The error that the recipe's own way of asking meets; None if the query ran."""
    ask = namespace["ask"]
    namespace["QUERY"] = query
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            ask(*[query] * ("query" in inspect.signature(ask).parameters))
    except Exception as error:  # noqa: BLE001, each library has errors of its own
        return f"{type(error).__name__}: {error}"
    return None


def tell(thing):
    sys.stdout.write(json.dumps(thing) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    code = Path(sys.argv[1]).read_text(encoding="utf-8")
    statements, cells = ast.parse(code).body, code.startswith("# %%")
    names = [getattr(statement, "name", None) for statement in statements]
    asking = statements[names.index("ask") + 1 :]
    recipe = {"__name__": "recipe"}
    tell(run(statements, recipe, cells))
    sys.stdin.readline()
    tell(run(asking, recipe, cells))
    tell([refusal(query, recipe) for query in sys.argv[2:]])
