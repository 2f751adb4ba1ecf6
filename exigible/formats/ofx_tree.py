"""The aggregates of an OFX file, whether SGML without closing tags (1.x) or XML (2.x): nothing is resolved or fetched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

AGGREGATES = frozenset(
    {
        "OFX", "STMTRS", "CCSTMTRS", "BANKACCTFROM", "CCACCTFROM", "BANKTRANLIST", "BANKTRANLISTP", "STMTTRN", "STMTTRNP",
        "LEDGERBAL", "AVAILBAL", "BALLIST", "CURRENCY", "ORIGCURRENCY", "BANKACCTTO", "CCACCTTO",
    }
)  # fmt: skip
DEEPEST = 20
LONGEST = 2000


@dataclass(slots=True)
class Aggregate:
    """An aggregate: its name, its line, what stands in it by name, and the aggregates within."""

    name: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    within: list["Aggregate"] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A value; empty for none."""
        return self.values.get(name, "").strip()

    def all(self, *names: str) -> Iterator["Aggregate"]:
        """The aggregates of these names at any depth below."""
        for each in self.within:
            if each.name in names:
                yield each
            yield from each.all(*names)

    def first(self, *names: str) -> "Aggregate":
        """The first of these names at any depth, or an empty one."""
        return next(self.all(*names), Aggregate("", self.line))


def tree_of(text: str) -> Aggregate:
    """All aggregates of the file that a statement needs; others are looked through, elements go to the nearest known one."""
    root = Aggregate("", 1)
    stack, element = [root], ""
    for kind, word, line in _tokens(text):
        if kind == "open" and word in AGGREGATES:
            new = Aggregate(word, line)
            if len(stack) < DEEPEST:
                stack[-1].within.append(new)
                stack.append(new)
            element = ""
        elif kind == "open":
            element = word
        elif kind == "close":
            element = ""
            names = [each.name for each in stack]
            if word in AGGREGATES and word in names:
                del stack[len(names) - 1 - names[::-1].index(word) :]
        elif element:
            known = stack[-1].values.get(element, "")
            joined = f"{known} {word}" if known and element == "MEMO" else known or word
            stack[-1].values[element] = joined[:LONGEST]
    return root


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Tags and texts with their line; a piece that is never closed is text."""
    at, line = 0, 1
    while at < len(text):
        if text.startswith("<![CDATA[", at):
            end = text.find("]]>", at)
            end = len(text) if end < 0 else end
            yield "text", text[at + 9 : end].strip(), line
            after = end + 3
        elif text[at] == "<":
            end = text.find(">", at, at + 200)
            after = at + 1 if end < 0 else end + 1
            name = text[at + 1 : max(end, at + 1)].strip().upper()
            if name.startswith("/"):
                yield "close", name[1:].strip(), line
            elif name and name[0].isalpha():
                yield "open", name.split()[0].rstrip("/"), line
        else:
            end = text.find("<", at)
            after = len(text) if end < 0 else end
            if value := text[at : min(after, at + 4 * LONGEST)].strip():
                yield "text", unescape(value), line
        line += text.count("\n", at, after)
        at = after
