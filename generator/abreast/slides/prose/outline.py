"""Markdown -> blocks that know their heights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from abreast.align import physical_lines
from abreast.slides.markdown import tokens
from abreast.slides.mathematics import typeset
from abreast.slides.prose.blocks import (
    HEADING_GAP,
    HEADING_LEAD,
    HEADING_LINE,
    HEADINGS,
    ITEM_GAP,
    LINE,
    Block,
    Code,
    Display,
    Html,
    Items,
    Paragraph,
    Quote,
    Rule,
)
from abreast.slides.prose.inline import code_run
from abreast.slides.prose.markup import Reader
from abreast.slides.prose.tables import Table


@lru_cache(maxsize=256)
def blocks(markdown: str) -> tuple[Block, ...]:
    """Return a text's blocks."""
    return tuple(_blocks(SyntaxTreeNode(tokens(markdown))))


def table_of(found: Sequence[Token]) -> Table:
    """Return the table of these tokens, from its opening one to its closing one."""
    return _table(SyntaxTreeNode(found).children[0])


def _blocks(parent: SyntaxTreeNode) -> Iterator[Block]:
    for node in parent.children:
        if node.type == "html_block":
            reader = Reader()
            reader.feed(node.content)
            paragraphs = reader.paragraphs()
            if paragraphs:
                yield Html(blocks=tuple(paragraphs))
        elif node.type in _READERS:
            yield _READERS[node.type](node)


def _reader(node: SyntaxTreeNode, *, strong: bool = False, tabular: bool = False) -> Reader:
    reader = Reader(strong=strong, tabular=tabular)
    for inline in node.children:
        reader.read((inline.token.children if inline.token else None) or ())
    return reader


def _paragraph(node: SyntaxTreeNode) -> Block:
    return Paragraph(flows=_reader(node).flows())


def _heading(node: SyntaxTreeNode) -> Block:
    scale = HEADINGS.get(int(node.tag[1:]), 1.0)
    return Paragraph(
        flows=_reader(node, strong=True).flows(),
        scale=scale,
        line=HEADING_LINE,
        lead=HEADING_LEAD * scale,
        gap=HEADING_GAP * scale,
    )


def _items(node: SyntaxTreeNode) -> Block:
    return Items(items=tuple(tuple(map(_in_item, _blocks(item))) for item in node.children))


def _in_item(block: Block) -> Block:
    """Return a block as it stands in a list item: paragraphs are closer to what follows."""
    if isinstance(block, Paragraph) and block.line == LINE:
        return replace(block, gap=ITEM_GAP)
    return block


def _quote(node: SyntaxTreeNode) -> Block:
    return Quote(blocks=tuple(_blocks(node)))


def _code(node: SyntaxTreeNode) -> Block:
    return Code(lines=tuple(map(code_run, physical_lines(node.content.rstrip("\n")))))


def _display(node: SyntaxTreeNode) -> Block:
    return Display(formula=typeset(node.content, display=True))


def _rule(_: SyntaxTreeNode) -> Block:
    return Rule()


def _table(node: SyntaxTreeNode) -> Table:
    rows = [row for part in node.children for row in part.children]
    return Table(
        rows=tuple(
            tuple(
                _reader(cell, strong=cell.type == "th", tabular=_is_tabular(cell)).flows()
                for cell in row.children
            )
            for row in rows
        )
    )


def _is_tabular(cell: SyntaxTreeNode) -> bool:
    """Say whether a cell is aligned to the right, as numbers are."""
    return "right" in str(cell.attrs.get("style", ""))


_READERS: dict[str, Callable[[SyntaxTreeNode], Block]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _items,
    "ordered_list": _items,
    "blockquote": _quote,
    "fence": _code,
    "code_block": _code,
    "math_block": _display,
    "table": _table,
    "hr": _rule,
}
