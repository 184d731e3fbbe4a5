"""What goes on paper: a document of a few kinds of block, made by pure rules and laid out at any width."""

from __future__ import annotations

from guide_app.domain.receipt.document import Block, Code, Document, Line, Pair, Rule

__all__ = ["Block", "Code", "Document", "Line", "Pair", "Rule"]
