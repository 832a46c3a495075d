"""What notes and listings say, each version with its sources, how far it was verified, and the day it was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..noting._bodies import RANK, references
from ..rulebook._compile import Compiler
from ..writing.wording import issuer, one_line
from .page import Code, Item, Line, Url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..rulebook import _collect

_STATUS = {"verified": "verified", "partly": "partly verified", "unverified": "not verified"}
_TYPES = {"person": "person", "body": "body", "vessel": "ship"}


class Provisions:
    """Notes and listings of a set of definitions, as points of a page."""

    def __init__(self, definitions: _collect.Definitions) -> None:
        self.definitions = definitions
        self._compiler = Compiler(definitions)

    def whose(self, identifier: str) -> tuple[str, ...]:
        """Return the codes of the authorities whose law a note or listing is."""
        note = self.definitions["notes"].get(identifier)
        if note is not None:
            return tuple(filter(None, note.data.get("jurisdiction", "").split(",")))
        listing = self.definitions["listings"].get(identifier)
        return tuple(dict.fromkeys(entry["by"] for entry in listing.data["entries"])) if listing is not None else ()

    def point(self, identifier: str, *more: Line) -> Item:
        """Return all that a note or listing says; ``more`` are lines to go with it."""
        note = self.definitions["notes"].get(identifier)
        if note is not None:
            return Item(self._head(identifier), (*self._versions(note), *more))
        listing = self.definitions["listings"].get(identifier)
        if listing is not None:
            return Item(self._head(identifier), (*self._entries(listing), *more))
        return Item((Code(identifier),), more)

    def brief(self, identifier: str) -> Line:
        """Return what a note says in its last version in one line, with how far that was verified and when."""
        note = self.definitions["notes"].get(identifier)
        if note is None:
            return next(iter(self.point(identifier).under), (Code(identifier),))
        return self._said(self._compiler.compile_note(note)["versions"][-1])

    def _head(self, identifier: str) -> Line:
        whose = ", ".join(map(issuer, self.whose(identifier)))
        return (Code(identifier), f" ({whose})") if whose else (Code(identifier),)

    def _versions(self, note: _collect.Item) -> Iterator[Line]:
        data = self._compiler.compile_note(note)
        sources: dict[Line, None] = {}
        for version in data["versions"]:
            yield self._said(version)
            if version["change"] and not version["ended"]:
                yield (f"Changed then: {one_line(version['change'])}.",)
            if version["full"] and one_line(version["full"]) != version["text"] and _status(version) != "unverified":
                yield (f"More: {one_line(version['full'])}",)
            sources |= dict.fromkeys(_source(*source[:3]) for source in version["sources"])
        if data["table"]:
            table = self.definitions["tables"].get(data["table"])
            yield "What stands in braces comes from the row of the table ", Code(data["table"]), "."
            if table is not None:
                told = f"Its rows: {one_line(str(table.data['source']))}"
                yield (f"{told.rstrip('.')} (checked {table.data.get('checked') or 'never'}).",)
        yield from sources

    def _said(self, version: Mapping[str, Any]) -> Line:
        """Return the sentence of a version, never as a fact where it was not verified."""
        text = version["text"]
        cited = f" [{references(version['sources'], {})}]" if version["cites"] else ""
        status = _status(version)
        told = f"{_STATUS.get(status, status)}, checked {version['checked'] or 'never'}"
        span = _span(version["from"], version["until"])
        if status == "unverified":
            return (f"{span}{told}, so no statement of the law; the rules have: “{text}”{cited}",)
        return (f"{span}{text}{cited} ({told})",)

    def _entries(self, listing: _collect.Item) -> Iterator[Line]:
        data = self._compiler.compile_listing(listing)
        about = f", {one_line(data['about'])}" if data.get("about") else ""
        yield (f"{one_line(data['name'])} ({_TYPES.get(data['type'], data['type'])}){about}",)
        for entry in data["entries"]:
            status = entry.get("status", data.get("status", "unverified"))
            seen = entry.get("seen") or data.get("checked") or "never"
            told = f" ({_STATUS.get(status, status)}, checked {seen})"
            by = issuer(entry["by"])
            if not entry.get("listed", True):
                yield (f"{by}: not on the list in its copy of {seen}{told}",)
                continue
            span = _span(entry.get("from"), entry.get("until")).removesuffix(": ").lower()
            what = f"{by}: listed {span}".rstrip()
            if status == "unverified":
                what = f"{by}: {told.strip(' ()')}, so no statement of the law; the rules have: listed {span}".rstrip()
                told = ""
            measures = f"; {entry['measures']}" if entry.get("measures") else ""
            source = _source(entry.get("instrument", ""), entry.get("at", ""), entry.get("url", ""))
            yield (f"{what}{measures}{told}. ", *source)


def _status(version: Mapping[str, Any]) -> str:
    """Return how far a version was verified: as far as its least certain field."""
    known = [version["status"], *version["fields"].values()]
    return str(max(known, key=lambda one: RANK.get(one, max(RANK.values()))))


def _span(start: str | None, until: str | None) -> str:
    if start and until:
        return f"From {start} until {until}: "
    if start:
        return f"From {start}: "
    return f"Until {until}: " if until else ""


def _source(instrument: str, pinpoint: str, url: str) -> Line:
    named = ", ".join(filter(None, (one_line(instrument), one_line(pinpoint))))
    # An address with fields in it is none yet.
    link: Line = (", ", Url(url)) if url and "{" not in url else ()
    return (f"Source: {named}", *link)
