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
    "groups|new|notifications|orgs|pricing|pulls|readme|search|security|settings|signup|site|sponsors|topics|trending|"
    "users"
)
"""First path segments under which GitHub, GitLab and their like keep pages of their own."""


_NAME = r"[A-Za-z0-9_.-]+"
"""Owners, groups and repositories are named in ASCII on every host; a letter beyond it is a look-alike or a slip."""

_INSIDE_GROUPS = (
    r"/?(?:/(?:-|tree|blob|raw|blame|commits?|compare|branches|tags|releases|archive|repository|issues|merge_requests|"
    r"milestones|pipelines|jobs|builds|snippets|wikis|graphs|forks|boards|activity|packages|container_registry|badges|"
    r"create|create_dir|edit|files|find_file|new|preview|refs|update|uploads)(?:/.*)?)?$"
)
"""What follows a repository in groups, which are of any depth: nothing, or a page that GitLab keeps inside it.

No repository below a group can have most of these names (https://docs.gitlab.com/user/reserved_names); the others are
pages that GitLab kept there before it put `/-/` in front of them.
"""

_NOT_GROUPS = "-|admin|api|assets|dashboard|help|import|jwt|oauth|profile|projects|public|s|snippets|uploads|v2"
"""Names that no group can have, of the same list: GitLab's own pages. On other hosts some are owners."""


def repository_columns(url: pl.Expr, host: pl.Expr) -> list[pl.Expr]:
    """repository_id, repository_owner, repository_name and repository_path of absolute URLs.

    `host` is the URL's host in lower case without `www.`. All four are null where the URL points into no repository;
    repository_path is null too where it points at the whole of one. Owner and name are as written, without `.git`;
    repository_id is `host/owner/name` in lower case, that of raw files the repository's own.
    """
    path = url.str.extract(r"^https?://[^/?#]+(/[^?#]*)").str.replace_all(r"/{2,}", "/")
    by_name, by_pattern = _forms()
    form = pl.coalesce(
        host.replace_strict(list(by_name), list(by_name.values()), default=None, return_dtype=pl.String),
        *(pl.when(host.str.contains(pattern)).then(pl.lit(form)) for pattern, form in by_pattern.items()),
    )
    owner = (
        pl.when(form.is_in(["raw", "owner/name"]))
        .then(path.str.extract(rf"^/(~?{_NAME})/"))
        .when(form == "groups/name")
        .then(_unless_first(_NOT_GROUPS, path.str.extract(rf"^/({_NAME}(?:/{_NAME})*?)/{_NAME}{_INSIDE_GROUPS}")))
        .when(form == "projects/name")
        .then(path.str.extract(r"^/(projects)/"))
    )
    name = (
        pl.when(form == "groups/name")
        .then(path.str.extract(rf"^/(?:{_NAME}/)+?({_NAME}){_INSIDE_GROUPS}"))
        .otherwise(path.str.extract(rf"^/[^/]+/({_NAME})(?:/|$)"))
        .str.replace(r"(?:\.git)?\.*$", "")
    )
    inside = (
        pl.when(form == "raw")
        .then(path.str.extract(r"^/[^/]+/[^/]+/(?:refs/heads/)?[^/]+/(.+?)/?$"))
        .otherwise(path.str.extract(r"^/[^/]+/.+?/(?:-/)?(?:tree|blob|raw|src/branch|src)/[^/]+/(.+?)/?$"))
    )
    repository_host = pl.when(form == "raw").then(pl.lit("github.com")).otherwise(host)
    known = form.is_not_null() & _unless_first(_NOT_OWNERS, owner).is_not_null() & name.is_not_null() & (name != "")
    return [
        pl.when(known)
        .then(pl.concat_str([repository_host, pl.lit("/"), owner, pl.lit("/"), name]).str.to_lowercase())
        .alias("repository_id"),
        pl.when(known).then(owner).alias("repository_owner"),
        pl.when(known).then(name).alias("repository_name"),
        pl.when(known).then(inside).alias("repository_path"),
    ]


def _unless_first(names: str, owner: pl.Expr) -> pl.Expr:
    """The owner, or null if its first segment is one of the names."""
    return pl.when(~owner.str.to_lowercase().str.contains(f"^(?:{names})(?:/|$)")).then(owner)


def known_repository_hosts() -> list[str]:
    """Regular expressions of the hosts that keep repositories."""
    return [re.escape(row["host"]).replace(r"\*", r"[\w.-]+") for row in vocabulary("hosts") if row["repository"]]


def _forms() -> tuple[dict[str, str], dict[str, str]]:
    """Where owner and name stand in a path, by the host's name and by regular expressions of names; none if the host
    keeps no repositories. A row that names a host goes before one that says `git.*`.
    """
    by_name: dict[str, str] = {}
    by_pattern: dict[str, str] = {}
    for row in vocabulary("hosts"):
        host, form = row["host"], row["repository"]
        if "*" in host:
            by_pattern["^" + re.escape(host).replace(r"\*", ".+") + "$"] = form
        elif not host.startswith("."):
            by_name[host] = by_name.get(host) or form
    return by_name, by_pattern
