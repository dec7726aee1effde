"""Uses the app as a reader would, before and after a release; prints a line of JSON for each step."""

from __future__ import annotations

import json
import sys

from streamlit.testing.v1 import AppTest


def tell(app):
    """Prints what the page shows."""
    assert not app.exception, app.exception
    page = {"error": app.error[0].value} if app.error else board(app)
    sys.stdout.write(json.dumps(page) + "\n")
    sys.stdout.flush()


def board(app):
    """The parts of the page with a board."""
    return {
        "caption": app.caption[0].value,
        "dataset": app.selectbox[0].value,
        "datasets": app.selectbox[0].options,
        "metric": app.selectbox[1].value,
        "board": app.dataframe[0].value.to_dict("records"),
        "sentence": app.get("html")[0].proto.body,
    }


if __name__ == "__main__":
    app = AppTest.from_file(sys.argv[1], default_timeout=60).run()
    tell(app)
    app.selectbox[0].select(sys.argv[2]).run()
    tell(app)
    sys.stdin.readline()
    tell(app.run())
