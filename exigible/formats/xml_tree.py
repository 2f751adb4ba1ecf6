"""Reads XML from strangers: no document type, no entity, no address is ever followed; elements go by local name."""

import re
from collections.abc import Iterator
from typing import Any

from exigible.formats.einvoice import Unreadable

Node = Any
LARGEST_XML = 20 * 1024 * 1024
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def tree_of(data: bytes, largest: int = LARGEST_XML) -> Node:
    """The root of a document. Unreadable when it is no XML, too large, or declares a document type."""
    from lxml import etree  # late: only electronic invoices and statements need it

    if len(data) > largest:
        raise Unreadable("einvoice.too_large", limit=largest // (1024 * 1024))
    if DOCTYPE.search(data.replace(b"\0", b"")):
        raise Unreadable("einvoice.doctype")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data.lstrip(b" \t\r\n"), parser)
    except (etree.XMLSyntaxError, LookupError, ValueError) as fault:
        raise Unreadable("einvoice.broken") from fault
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("einvoice.doctype")
    return root


def local(node: Node) -> str:
    """The name of an element without its namespace: versions of a syntax differ by it alone."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(node: Node | None, *path: str) -> Iterator[Node]:
    """The elements at a path below a node; a step may offer names separated by a bar."""
    if node is None:
        return
    names = path[0].split("|")
    for child in node:
        if local(child) in names:
            if len(path) == 1:
                yield child
            else:
                yield from children(child, *path[1:])


def child(node: Node | None, *path: str) -> Node | None:
    """The first element at a path, or None."""
    return next(children(node, *path), None)


def text(node: Node | None, *path: str) -> str:
    """The text of the first element at a path that has one; empty for none."""
    found = children(node, *path) if path else iter(() if node is None else (node,))
    return next((value for each in found if (value := (each.text or "").strip())), "")


def attribute(node: Node | None, name: str) -> str:
    """An attribute of a node; empty for none."""
    return "" if node is None else str(node.get(name) or "").strip()
