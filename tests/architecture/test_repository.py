"""What the repository may not hold: addresses in lock files, secrets, paths of one machine."""

import json
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, place, text_of, tracked_files

LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "package-lock.json"]
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|xox[bap]-[A-Za-z0-9-]{20,}|glpat-[A-Za-z0-9_-]{20,}"
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|tmp)/[\w.-]")
OWN = Path(__file__)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_holds_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "sha256:" in text or '"integrity": "sha512-' in text


def test_each_locked_package_has_a_hash() -> None:
    for lock in LOCKS[:-1]:
        for entry in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry.splitlines()[0]}"
    packages = json.loads(LOCKS[-1].read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_base_lock_is_a_part_of_the_development_lock() -> None:
    def pins(name: str) -> set[str]:
        return set(
            re.findall(
                r"^[\w.\[\],-]+==[^ ;\\]+", (ROOT / "requirements" / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )

    assert pins("base.txt") <= pins("dev.txt")


def test_no_file_holds_a_secret() -> None:
    assert [place(path) for path in tracked_files() if path != OWN and SECRET.search(text_of(path))] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = []
    for path in tracked_files():
        if path != OWN:
            for number, line in enumerate(text_of(path).splitlines(), 1):
                if MACHINE_PATH.search(line):
                    found.append(place(path, number))
    assert found == []


def test_no_third_party_code_is_kept() -> None:
    kept = [
        place(path)
        for path in tracked_files()
        if {"node_modules", "vendor", ".venv"} & set(path.relative_to(ROOT).parts)
    ]
    assert kept == []
    assert [
        place(path) for path in tracked_files() if path.name.endswith((".min.js", ".min.css", ".woff2", ".whl"))
    ] == []
