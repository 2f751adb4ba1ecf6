"""exigible import: posts ledger files to the books of a company, which is set up when it is new."""

import json
import sys
from argparse import Namespace, _SubParsersAction
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from exigible.entrypoints.cli.books import add_books_options, moment_of, open_books
from exigible.entrypoints.cli.files import content_of, saved_mapping
from exigible.entrypoints.cli.parser import Parser, UsageError
from exigible.features.imports.answer import COUNTED, Told, file_answer, refused

if TYPE_CHECKING:
    from exigible.books.creditors.models import Creditor

SHOWN_AT_MOST = 20
OWNER = "owner@{host}"
OWNER_INVENTED = (
    "{name} is new and no --owner EMAIL was given: its owner is {address}, an address that does not exist. "
    "Sign in with the link that `exigible serve` prints, then add yourself as owner under Settings, People."
)


def add_commands(commands: "_SubParsersAction[Parser]") -> None:
    """Register the command."""
    command = commands.add_parser("import", help="post ledger files to the books of a company", allow_abbrev=False)
    command.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="a FEC, a table in CSV or XLSX, electronic invoices, a ZIP or a folder of them",
    )
    add_books_options(command, needs_creditor=True)
    command.add_argument("--mapping", metavar="FILE", help="a saved mapping of a table's columns, in JSON")
    command.add_argument("--owner", metavar="EMAIL", default="", help="who will sign in, when the company is new")
    command.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    command.set_defaults(handle=import_files)


def import_files(arguments: Namespace) -> int:
    """Post the files in their order: 0 all of it, 1 a file or a line was left out."""
    paths = list(files_of(arguments.files))
    mapping = json.dumps(saved_mapping(arguments.mapping).to_json(), sort_keys=True) if arguments.mapping else ""
    contents = [(path.name, content_of(path)) for path in paths]
    if not arguments.creditor.strip():
        raise UsageError("exigible import: --creditor needs the name of a company.")
    open_books()
    from django.db import transaction

    from exigible.features.imports.bundles import bundled

    contents = bundled(contents)
    name = arguments.creditor.strip()
    with transaction.atomic():
        invented = "" if arguments.owner or _is_known(name) else _invented_owner(name)
        creditor, today, at = _creditor(name, arguments.owner or invented, arguments.date)
        if arguments.dry_run:
            told = [_posted(creditor, name, body, mapping, (today, at)) for name, body in contents]
            transaction.set_rollback(True)
    if not arguments.dry_run:
        told = [_posted(creditor, name, body, mapping, (today, at)) for name, body in contents]
    answer = added_up(told)
    if invented and not arguments.dry_run:
        answer["owner_invented"] = invented
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print("\n".join(line for each in told for line in lines_of(each)))
        if "owner_invented" in answer:
            print(OWNER_INVENTED.format(name=name, address=invented))
    return _complain(answer)


def files_of(names: Iterable[str]) -> Iterator[Path]:
    """The files named, and those that stand in the folders named and below, in the order of their names.

    Hidden files are passed over, and links, which may lead out of the folder.
    """
    for name in names:
        path = Path(name)
        if not path.is_dir():
            yield path
            continue
        below = sorted(each for each in path.rglob("*") if each.is_file() and not each.is_symlink())
        inside = [each for each in below if not any(part.startswith(".") for part in each.relative_to(path).parts)]
        if not inside:
            raise UsageError(f"{path} is an empty folder: name the file that holds the ledger.")
        yield from inside


def _creditor(name: str, owner: str, asked: date | None) -> "tuple[Creditor, date, datetime]":
    """The company of this name, set up with the standard policy when it is new."""
    from exigible.books.creditors.models import Creditor
    from exigible.books.creditors.operations import set_up_creditor
    from exigible.books.policies.operations import publish_preset

    creditor = Creditor.objects.filter(name=name).first()
    if creditor is None:
        today, at = moment_of(Creditor(name=name), asked)
        creditor = set_up_creditor(name, owner, today=today, at=at)
        publish_preset(creditor, "standard", today, at)
        return creditor, today, at
    return creditor, *moment_of(creditor, asked)


def _is_known(name: str) -> bool:
    from exigible.books.creditors.models import Creditor

    return Creditor.objects.filter(name=name).exists()


def _invented_owner(name: str) -> str:
    """An address that cannot exist, for an owner whom nobody named: sign-in links of `serve` work without one."""
    return OWNER.format(host=f"{_plain(name)}.invalid")


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[:40] or "company"


def _posted(creditor: "Creditor", name: str, body: bytes, mapping: str, moment: tuple[date, datetime]) -> Told:
    """Post one file, and say what was done."""
    from exigible.features.imports.models import Import
    from exigible.features.imports.operations import import_now

    upload = import_now(creditor, name, body, *moment, mapping_json=mapping)
    report: Told = json.loads(upload.report_json)
    if upload.state == Import.State.REFUSED:
        return refused(name, report["refusal"])
    return file_answer(name, report)


def added_up(told: list[Told]) -> Told:
    """The answer for all files; the control is the last ledger's, or the only file's."""
    if len(told) == 1:
        return told[0]
    answer: Told = {
        part: {key: sum(each[part][key] for each in told) for key in COUNTED}
        for part in ("created", "updated", "removed")
    }
    for part in ("unchanged", "rejected_count"):
        answer[part] = sum(each[part] for each in told)
    for part in ("rejected", "refused", "warnings", "recognised"):
        answer[part] = [item for each in told for item in each[part]]
    controls = [each["control"] for each in told if each["control"]["file_balance"] is not None]
    with_accounts = [control for control in controls if control["accounts"]]
    answer["control"] = (with_accounts or controls or [told[-1]["control"]])[-1]
    return answer | {"files": told}


def lines_of(told: Told) -> Iterator[str]:
    """One file's report as lines for a person."""
    if told["refused"]:
        yield f"{told['file']}: refused."
        return
    if "kept" in told:
        kept = ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in told["kept"].items())
        yield f"{told['file']}: {kept}; left out {told['rejected_count']}."
        return
    counts = ", ".join(f"{told['created'][key]} {key}" for key in COUNTED)
    changed = ", ".join(f"{told['updated'][key]} {key}" for key in COUNTED)
    yield f"{told['file']}: created {counts}; updated {changed}; unchanged {told['unchanged']}; left out {told['rejected_count']}."
    control = told["control"]
    if control["accounts"]:
        accounts = ", ".join(f"{account} {amount}" for account, amount in control["accounts"].items())
        yield f"  Accounts of the file: {accounts} {control['currency']}."
    yield (
        f"  Balance of the file {control['file_balance']}, ours {control['book_balance']}, "
        f"difference {control['difference']} {control['currency']}."
    )
    for each in control["customers"][:SHOWN_AT_MOST]:
        lines = "; ".join(f"line {line['line']}: {line['amount']} {line['label']}" for line in each["missing"])
        yield f"  {each['customer']}: file {each['file_balance']}, ours {each['book_balance']}. {lines}".rstrip()


def _complain(answer: Told) -> int:
    """Say on standard error what was left out: 1 when anything was."""
    sentences = [item["reason"] for item in [*answer["refused"], *answer["rejected"]]]
    for sentence in sentences[:SHOWN_AT_MOST]:
        print(sentence, file=sys.stderr)
    hidden = answer["rejected_count"] + len(answer["refused"]) - min(len(sentences), SHOWN_AT_MOST)
    if hidden > 0:
        print(f"... and {hidden} more lines left out.", file=sys.stderr)
    return 1 if sentences else 0
