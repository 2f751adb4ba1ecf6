"""Compiles the lock files again from pyproject.toml with uv; they hold hashes and no address: `make locks`."""

import shutil
import subprocess
import sys

OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
LOCKS = {
    "base": ["pyproject.toml", "--group", "build"],
    "dev": ["pyproject.toml", "--group", "dev"],
    "node": ["--group", "node"],
}


def main() -> int:
    """Write requirements/*.txt; what is locked already keeps its version unless pyproject.toml forbids it."""
    uv = shutil.which("uv")
    if uv is None:
        print("uv is missing: install it (pipx install uv), then run make locks again.", file=sys.stderr)
        return 1
    for name, source in LOCKS.items():
        subprocess.run([uv, "pip", "compile", *source, *OPTIONS, "-o", f"requirements/{name}.txt"], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
