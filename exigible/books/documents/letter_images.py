"""Letterhead logos and signature images: checked, and handed to Typst as SVG text."""

import base64
import binascii
import re
import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_BYTES = 1_000_000
# A drawing that points anywhere but into itself could read a file of the house.
_POINTS_OUTSIDE = re.compile(
    rb"""<!ENTITY|<!DOCTYPE|@import|href\s*=\s*["']\s*(?!#|data:image/(?:png|jpeg);)|url\(\s*["']?\s*(?!#)""", re.I
)


def as_svg(encoded: str, what: str) -> str:
    """The PNG or SVG image given in base64, as SVG text. Raises ValueError, naming `what`, for anything else."""
    try:
        image = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError(f"{what}: the image is not base64; give a PNG or SVG file.") from None
    if len(image) > _LARGEST_BYTES:
        raise ValueError(f"{what}: the image is over 1 MB; give a smaller PNG or SVG file.")
    if image.startswith(_PNG) and len(image) > 24:
        return _wrapped(image)
    if b"<svg" in image[:2000] and not _POINTS_OUTSIDE.search(image):
        return image.decode("utf-8", errors="replace")
    raise ValueError(f"{what}: the image is neither a PNG nor a self-contained SVG; give one of these.")


def _wrapped(png: bytes) -> str:
    width, height = struct.unpack(">II", png[16:24])
    data = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
    )
