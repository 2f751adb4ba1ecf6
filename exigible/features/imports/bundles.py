"""Electronic invoices given together: one archive, so that thousands are one import to read, confirm and undo."""

import io
import zipfile
from collections.abc import Iterable

from exigible.formats.archive import is_archive
from exigible.formats.einvoice import SYNTAXES
from exigible.formats.recognise import recognise

ALWAYS = (1980, 1, 1, 0, 0, 0)  # the same files make the same bytes, which are known again by their hash
File = tuple[str, bytes]


def bundled(files: Iterable[File]) -> list[File]:
    """The files, several electronic invoices among them packed into one archive; the others as they are, in their order."""
    listed = list(files)
    invoices = [each for each in listed if not is_archive(each[1]) and recognise(each[1], each[0]) in SYNTAXES]
    if len(invoices) < 2:
        return listed
    packed = {id(body) for _name, body in invoices}
    return [*(each for each in listed if id(each[1]) not in packed), archive_of(invoices)]


def archive_of(files: Iterable[File]) -> File:
    """One archive of files, named after the first of them; their own names are kept, their folders are not."""
    listed = sorted(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for place, (name, body) in enumerate(listed):
            archive.writestr(zipfile.ZipInfo(f"{place:05}/{name}", ALWAYS), body)
    return f"{listed[0][0]} + {len(listed) - 1}.zip", out.getvalue()
