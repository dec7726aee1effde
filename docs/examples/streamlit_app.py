"""Boards of reported results, each with the sentence that says it; `streamlit run docs/examples/streamlit_app.py`."""

import html
import os
from pathlib import Path

import duckdb
import streamlit as st

WAREHOUSE = Path(os.environ.get("PAPERHOUSE_DATA", "data")) / "warehouse.duckdb"
SEALED = {"enable_external_access": False, "lock_configuration": True}


def ask(query, *parameters):
    """Rows of a query as a DataFrame, from the release that is published now: the connection is closed at once."""
    with duckdb.connect(str(WAREHOUSE), read_only=True, config=SEALED) as connection:
        return connection.execute(query, parameters).df()


st.set_page_config("Reported results", layout="wide")
st.title("Reported results")
if not WAREHOUSE.exists():
    st.error(f"{WAREHOUSE}: there is no warehouse yet; `paperhouse run` makes one")
    st.stop()
release = ask("SELECT release_id, paper_count, metric_count FROM release").iloc[0]
st.caption(f"{release.paper_count} papers, {release.metric_count} reported numbers, release {release.release_id}")

datasets = ask("SELECT dataset FROM leaderboard GROUP BY ALL ORDER BY count(*) DESC, dataset")
if datasets.empty:
    st.info("No paper reports a result on a named dataset.")
    st.stop()
left, right = st.columns(2)
dataset = left.selectbox("Dataset", datasets.dataset, key="dataset")
metrics_of = "SELECT metric_label FROM leaderboard WHERE dataset = ? GROUP BY ALL ORDER BY count(*) DESC, metric_label"
metric = right.selectbox("Metric", ask(metrics_of, dataset).metric_label, key="metric")

board = ask(
    """SELECT place_number AS place, title, quote, repository_url AS code, confidence, sentence FROM leaderboard
    WHERE dataset = ? AND metric_label = ? ORDER BY place_number, title, sentence""",
    dataset,
    metric,
)
looks = {"code": st.column_config.LinkColumn(), "confidence": st.column_config.ProgressColumn(format="%.2f")}
shown = board.drop(columns="sentence")
event = st.dataframe(shown, column_config=looks, hide_index=True, on_select="rerun", selection_mode="single-row")
row = board.iloc[event.selection.rows[0] if event.selection.rows else 0]
quote = html.escape(row.quote)
st.subheader(row.title)
st.html(f"<blockquote>{html.escape(row.sentence).replace(quote, f'<mark>{quote}</mark>', 1)}</blockquote>")
