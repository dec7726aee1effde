"""The code repository that a URL points into, as Polars expressions.

Which hosts hold repositories, and where in the path owner and name stand, is vocabulary (seeds/vocabulary/hosts.csv,
column `repository`).
"""

from __future__ import annotations

import re

import polars as pl

from seeds import vocabulary

_NOT_OWNERS = (
    "about|apps|collections|customer-stories|enterprise|events|explore|features|issues|join|login|marketplace|"
    "new|notifications|orgs|pricing|pulls|readme|search|security|settings|signup|site|sponsors|topics|trending|users"
)
"""First path segments under which GitHub, GitLab and their like keep pages of their own."""


_NAME = r"[A-Za-z0-9_.-]+"
"""Owners, groups and repositories are named in ASCII on every host; a letter beyond it is a look-alike or a slip."""


def repository_columns(url: pl.Expr, host: pl.Expr) -> list[pl.Expr]:
    """repository_id, repository_owner, repository_name and repository_path of absolute URLs.

    `host` is the URL's host in lower case without `www.`. All four are null where the URL points into no repository;
    repository_path is null too where it points at the whole of one. Owner and name are as written, without `.git`;
    repository_id is `host/owner/name` in lower case, that of raw files the repository's own.
    """
    path = url.str.extract(r"^https?://[^/?#]+(/[^?#]*)").str.replace_all(r"/{2,}", "/")
    form = pl.coalesce(
        pl.when(host.is_in(_hosts("raw"))).then(pl.lit("raw")),
        *(
            pl.when(host.str.contains(_host_pattern(shape))).then(pl.lit(shape))
            for shape in ("groups/name", "projects/name", "owner/name")
        ),
    )
    owner = (
        pl.when(form.is_in(["raw", "owner/name"]))
        .then(path.str.extract(rf"^/(~?{_NAME})/"))
        .when(form == "groups/name")
        .then(
            path.str.extract(
                rf"^/({_NAME}(?:/{_NAME})*?)/{_NAME}/?(?:/(?:-|tree|blob|raw|issues|wikis|archive|releases)(?:/.*)?)?$"
            )
        )
        .when(form == "projects/name")
        .then(path.str.extract(r"^/(projects)/"))
    )
    name = (
        pl.when(form == "groups/name")
        .then(
            path.str.extract(
                rf"^/(?:{_NAME}/)+?({_NAME})/?(?:/(?:-|tree|blob|raw|issues|wikis|archive|releases)(?:/.*)?)?$"
            )
        )
        .otherwise(path.str.extract(rf"^/[^/]+/({_NAME})(?:/|$)"))
        .str.replace(r"(?:\.git)?\.*$", "")
    )
    inside = (
        pl.when(form == "raw")
        .then(path.str.extract(r"^/[^/]+/[^/]+/(?:refs/heads/)?[^/]+/(.+?)/?$"))
        .otherwise(path.str.extract(r"^/[^/]+/.+?/(?:-/)?(?:tree|blob|raw|src/branch|src)/[^/]+/(.+?)/?$"))
    )
    repository_host = pl.when(form == "raw").then(pl.lit("github.com")).otherwise(host)
    known = (
        form.is_not_null()
        & owner.is_not_null()
        & name.is_not_null()
        & (name != "")
        & ~owner.str.to_lowercase().str.contains(f"^(?:{_NOT_OWNERS})$")
    )
    return [
        pl.when(known)
        .then(pl.concat_str([repository_host, pl.lit("/"), owner, pl.lit("/"), name]).str.to_lowercase())
        .alias("repository_id"),
        pl.when(known).then(owner).alias("repository_owner"),
        pl.when(known).then(name).alias("repository_name"),
        pl.when(known).then(inside).alias("repository_path"),
    ]


def _hosts(form: str) -> list[str]:
    return [row["host"] for row in vocabulary("hosts") if row["repository"] == form]


def _host_pattern(form: str) -> str:
    """Regular expression of the hosts of that form; `gitlab.*` stands for every host that begins so."""
    return "^(?:" + "|".join(re.escape(host).replace(r"\*", ".+") for host in _hosts(form)) + ")$"
