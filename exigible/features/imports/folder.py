"""The watched folder of a company: what is dropped there is imported by itself, or waits for a person, or is refused in words.

    inbox/<company>/                files to take in, once they have stopped growing
    inbox/<company>/.taken/         being read: a file is claimed by its renaming, which one worker alone can do
    inbox/<company>/done/           imported
    inbox/<company>/to-confirm/     read: a person decides on the page of the import
    inbox/<company>/refused/        not read, each with a .txt beside it that says why

It is watched when it exists. Only plain files in it are taken: a link is refused, a folder is left alone.
"""

import os
import re
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.text import slugify

from exigible.books.creditors.models import Creditor

TAKEN, DONE, TO_CONFIRM, REFUSED = ".taken", "done", "to-confirm", "refused"
FOLDERS = (TAKEN, DONE, TO_CONFIRM, REFUSED)
SETTLED = timedelta(seconds=10)
LOST = timedelta(minutes=30)
AT_ONCE = 2_000
UNFINISHED = re.compile(r"(?i)^[.~]|\.(part|partial|tmp|crdownload|filepart|swp)$")


class Claimed(NamedTuple):
    """A file that this worker alone has: its name as it was dropped, and where it stands now."""

    name: str
    path: Path


def folder_of(creditor: Creditor) -> Path:
    """Where the files of a company are dropped: below EXIGIBLE_INBOX, under its name and number."""
    return Path(settings.INBOX) / f"{slugify(creditor.name)[:40] or 'company'}-{creditor.pk}"


def is_watched(creditor: Creditor) -> bool:
    """Whether the folder is there, and is one: a link to elsewhere is not followed."""
    path = folder_of(creditor)
    return path.is_dir() and not path.is_symlink()


def watch(creditor: Creditor) -> Path:
    """Make the folder and those in it."""
    path = folder_of(creditor)
    for name in FOLDERS:
        (path / name).mkdir(parents=True, exist_ok=True)
    return path


def has_work(creditor: Creditor, at: datetime) -> bool:
    """Whether a file waits to be taken in."""
    return is_watched(creditor) and next(_ready(folder_of(creditor), at), None) is not None


def claim(creditor: Creditor, at: datetime) -> list[Claimed]:
    """Take the files that are ready, oldest first; no other worker has them then."""
    path = watch(creditor)
    found: list[Claimed] = []
    for entry in sorted(_ready(path, at), key=lambda each: (each.stat(follow_symlinks=False).st_mtime, each.name)):
        if len(found) >= AT_ONCE:
            break
        is_again = Path(entry.path).parent.name == TAKEN
        name = entry.name.partition("~")[2] if is_again else entry.name
        to = path / TAKEN / f"{at:%Y%m%dT%H%M%S}-{os.getpid()}-{len(found)}~{name}"
        try:
            os.rename(entry.path, to)  # atomic: of two workers one finds it gone
        except FileNotFoundError:
            continue
        found.append(Claimed(name, to))
    return found


def _ready(path: Path, at: datetime) -> Iterator["os.DirEntry[str]"]:
    """The files that stopped changing, and those that a worker took and left; a link is there to be refused."""
    for folder, rest in ((path, SETTLED), (path / TAKEN, LOST)):
        if not folder.is_dir() or folder.is_symlink():
            continue
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) or UNFINISHED.search(entry.name):
                    continue
                changed = entry.stat(
                    follow_symlinks=False
                ).st_ctime  # a copy may keep an old day of writing, never this
                if at.timestamp() - changed >= rest.total_seconds():
                    yield entry


def bytes_of(claimed: Claimed, largest: int) -> bytes | None:
    """The bytes of a plain file; None for a link, a pipe, a device, or what is larger than an import may be."""
    try:
        handle = os.open(claimed.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > largest:
            return None
        return file.read()


def put_away(creditor: Creditor, claimed: Claimed, folder: str, at: datetime, why: str = "") -> Path:
    """Move a claimed file to its last folder, and write beside it why it was refused."""
    to = folder_of(creditor) / folder / claimed.name
    if to.exists() or to.is_symlink():
        to = to.with_name(f"{to.stem} {at:%Y-%m-%d %H%M%S}{to.suffix}")
    os.rename(claimed.path, to)
    if why:
        to.with_name(f"{to.name}.txt").write_text(f"{why}\n", encoding="utf-8")
    return to


class Refusal(NamedTuple):
    """A file that was refused, and why."""

    name: str
    why: str


class Contents(NamedTuple):
    """What stands in the folder: names that wait, how many were imported and wait for a person, the latest refusals."""

    waiting: list[str]
    done: int
    to_confirm: int
    refused: list[Refusal]


def contents(creditor: Creditor, most: int = 50) -> Contents:
    """Look into the folder of a company."""
    path = folder_of(creditor)
    waiting = sorted(entry.name for entry in _files(path) if not UNFINISHED.search(entry.name))
    notes = sorted((entry for entry in _files(path / REFUSED) if entry.name.endswith(".txt")), key=_changed)
    refused = [
        Refusal(entry.name.removesuffix(".txt"), Path(entry.path).read_text(encoding="utf-8", errors="replace")[:1000].strip())
        for entry in reversed(notes[-most:])
        if not entry.is_symlink() and os.path.lexists(entry.path.removesuffix(".txt"))
    ]  # fmt: skip
    return Contents(waiting[:most], len(_files(path / DONE)), len(_files(path / TO_CONFIRM)), refused)


def _files(path: Path) -> list["os.DirEntry[str]"]:
    if not path.is_dir() or path.is_symlink():
        return []
    with os.scandir(path) as entries:
        return [entry for entry in entries if not entry.is_dir(follow_symlinks=False)]


def _changed(entry: "os.DirEntry[str]") -> float:
    return entry.stat(follow_symlinks=False).st_mtime
