"""python -m exigible: the command line."""

from exigible.entrypoints.cli import main

raise SystemExit(main())
