"""Opens archives from strangers: so many files of such a size, in memory, never by a path of theirs."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from exigible.formats.einvoice import Unreadable, plain
from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error

MOST_FILES = 20_000
MEBIBYTE = 1024 * 1024
LARGEST_FILE = 20 * MEBIBYTE
LARGEST_IN_ALL = 400 * MEBIBYTE
ALWAYS_ALLOWED = 64 * MEBIBYTE
GROWTH = 50  # invoices pack ten to twenty times smaller; what grows more was made to fill the memory
ENTRY = b"PK\x01\x02"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may claim gigabytes before they give a byte
ENCRYPTED = 0x1


class Member(NamedTuple):
    """One file of an archive: its name without folders, and its bytes or why they cannot be had."""

    name: str
    body: bytes
    error: RowError | None = None


def is_archive(data: bytes) -> bool:
    """True for what begins as a ZIP does."""
    return data.startswith(b"PK\x03\x04")


def members(data: bytes) -> Iterator[Member]:
    """The files of an archive in its order, one at a time; folders, hidden files and what archivers add are passed over.

    Unreadable for an archive that is damaged, or unpacks to more than is reasonable; archives inside are not opened.
    """
    if data.count(ENTRY) > MOST_FILES:
        raise Unreadable("archive.too_many", limit=MOST_FILES)
    limit = left = min(LARGEST_IN_ALL, max(ALWAYS_ALLOWED, GROWTH * len(data)))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                name = base_name(info.filename)
                if info.is_dir() or not name or name.startswith(".") or "__MACOSX" in info.filename:
                    continue
                member = _member(archive, info, name)
                left -= len(member.body)
                if left < 0:
                    raise Unreadable("archive.too_large", limit=limit // MEBIBYTE)
                yield member
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError) as fault:
        if isinstance(fault, Unreadable):
            raise
        raise Unreadable("archive.broken") from fault


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Member:
    if info.flag_bits & ENCRYPTED:
        return Member(name, b"", row_error("archive.password", None, "file", file=name))
    if info.compress_type not in METHODS:
        return Member(name, b"", row_error("archive.method", None, "file", file=name))
    if info.file_size > LARGEST_FILE:
        return Member(
            name, b"", row_error("einvoice.too_large", None, "file", file=name, limit=LARGEST_FILE // MEBIBYTE)
        )
    try:
        with archive.open(info) as file:  # never gives more than the size it announces
            body = file.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        return Member(name, b"", row_error("archive.member", None, "file", file=name))
    return Member(name, body)


def base_name(path: str) -> str:
    """The name of a file without its folders, whichever way they lean."""
    return plain(PurePosixPath(path.replace("\\", "/")).name)
