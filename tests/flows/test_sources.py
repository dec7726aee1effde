"""Which files arguments name, and what is told of files that can't be read."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import os

import pyarrow as pa
import pytest

from flows.sources import blocks, discover, identify
from warehouse.errors import SourceError

CONTENT = b"A title\nAn abstract of some words\n" * 5000


def zstd(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    return sink.getvalue().to_pybytes()


COMPRESSORS = {"gz": gzip.compress, "bz2": bz2.compress, "zst": zstd}


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_a_source_is_its_decompressed_bytes(tmp_path, suffix):
    path = tmp_path / f"dump.txt.{suffix}"
    path.write_bytes(COMPRESSORS[suffix](CONTENT))
    dump = identify(path)
    assert dump.source_id == hashlib.sha256(CONTENT).hexdigest()
    assert dump.byte_size == len(CONTENT)


def test_the_compression_is_told_by_the_content_not_the_name(tmp_path):
    path = tmp_path / "no_suffix_at_all"
    path.write_bytes(gzip.compress(CONTENT))
    assert b"".join(blocks(path)) == CONTENT


UNREADABLE = {
    "empty.txt": (b"", "empty_file"),
    "empty.txt.gz": (gzip.compress(b""), "empty_file"),
    "image.png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary_file"),
    "utf16.txt": ("A title".encode("utf-16"), "not_utf8"),
    "cut.txt.gz": (gzip.compress(CONTENT)[:-20], "damaged_compression"),
    "cut.txt.bz2": (bz2.compress(CONTENT)[:-20], "damaged_compression"),
    "cut.txt.zst": (zstd(CONTENT)[:-5], "damaged_compression"),
    "flipped.txt.gz": (gzip.compress(CONTENT)[:-6] + b"\0\0\0\0\0\0", "damaged_compression"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cant_be_read_says_why(tmp_path, name):
    path = tmp_path / name
    content, reason = UNREADABLE[name]
    path.write_bytes(content)
    with pytest.raises(SourceError, match=name) as caught:
        identify(path)
    assert caught.value.reason == reason
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_bytes(CONTENT)
    path.chmod(0)
    with pytest.raises(SourceError, match="Permission denied"):
        identify(path)


def test_files_folders_and_globs_name_each_file_once(tmp_path):
    for name in (
        "b.txt",
        "a.txt.gz",
        "deep/c.txt",
        "deep/page.md",
        "notes.text",
        "deep/d.text",
        "README.md",
        "deep/License.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    paths, failures = discover(
        [str(tmp_path), str(tmp_path / "b.txt"), str(tmp_path / "*.txt"), str(tmp_path / "n*.text")]
    )
    names = [str(path.relative_to(tmp_path)) for path in paths]
    # A file that is named itself may have any name.
    assert names == ["a.txt.gz", "b.txt", "deep/c.txt", "deep/page.md", "notes.text"]
    assert failures == []


def test_arguments_that_name_nothing_are_told_one_by_one(tmp_path):
    (tmp_path / "empty").mkdir()
    paths, failures = discover([str(tmp_path / "missing.txt"), str(tmp_path / "*.txt"), str(tmp_path / "empty")])
    assert paths == []
    assert [failure.reason for failure in failures] == ["missing_file", "no_files", "no_files"]
