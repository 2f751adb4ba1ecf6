"""Which encoding a text file is in, told from all its bytes."""

import codecs
import re
from typing import NamedTuple

from exigible.formats.rows import RowError
from exigible.formats.sentences import row_error

ASCII = bytes(range(128))
CHUNK = 1 << 20
# Letters and signs that French and English business texts hold beyond ASCII; anything else speaks against an encoding.
USUAL = "éèàçêôùûîïœâëÉÈÀÇÊÔÛÎÏŒÂ’‘“”«»°€–—…£\xa0"
SINGLE_BYTE = ("cp1252", "iso8859-15", "mac-roman", "cp850")
FRENCH_UTF8 = re.compile(rb"\xc3[\x80-\xbf]|\xc2[\xa0-\xbf]|\xe2\x80[\x80-\xbf]|\xe2\x82\xac")


class Encoding(NamedTuple):
    """The name of a codec; `lossy` when some bytes mean nothing in it and will be replaced."""

    name: str
    lossy: bool = False


def detect(data: bytes) -> Encoding | RowError:
    """The encoding of the whole file, or one sentence when it mixes two or is damaged."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return Encoding(name) if _bad_byte(data, name) is None else _broken(data, name)
    if b"\0" in data[:64]:
        name = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        return Encoding(name) if _bad_byte(data, name) is None else row_error("encoding.broken", encoding=name)
    if data.isascii():
        return Encoding("utf-8")
    bad = _bad_byte(data, "utf-8")
    if bad is None:
        return Encoding("utf-8")
    if FRENCH_UTF8.search(data):
        return _broken(data, "utf-8")
    return _single_byte(data)


def _broken(data: bytes, name: str) -> RowError:
    """UTF-8 with foreign bytes is a mixed file, and the line of the first of them is known."""
    if name.startswith("utf-16"):
        return row_error("encoding.broken", encoding="UTF-16")
    line = data.count(b"\n", 0, _bad_byte(data, "utf-8") or 0) + 1
    return row_error("encoding.mixed", line, encoding="UTF-8")


def _bad_byte(data: bytes, name: str) -> int | None:
    """Where decoding first fails, piece by piece so that a large file is never held twice in memory."""
    decoder = codecs.getincrementaldecoder(name)()
    view = memoryview(data)
    for start in range(0, len(data), CHUNK):
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(bytes(view[start : start + CHUNK]), start + CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - held + error.start
    return None


def _single_byte(data: bytes) -> Encoding:
    """The code page that reads the most usual letters; the order of SINGLE_BYTE settles a tie.

    A general detector took short ISO-8859-15, Mac Roman and code page 850 texts for cp1252; counting letters does not.
    Code page 850 (old accounting software) is considered only where cp1252 makes no sense.
    """
    rare = data.translate(None, ASCII)
    counts = {byte: rare.count(byte) for byte in set(rare)}
    candidates = SINGLE_BYTE if any(_weight(byte, "cp1252") < 0 for byte in counts) else SINGLE_BYTE[:-1]
    name = max(candidates, key=lambda each: sum(count * _weight(byte, each) for byte, count in counts.items()))
    lossy = any(_weight(byte, name) < -4 for byte in counts)
    return Encoding(name, lossy)


def _weight(byte: int, name: str) -> int:
    try:
        letter = bytes([byte]).decode(name)
    except UnicodeDecodeError:
        return -5
    if letter in USUAL:
        return 3
    if letter.isalpha():
        return 1 if ord(letter) < 0x180 else -2
    return -2 if letter.isprintable() else -5
