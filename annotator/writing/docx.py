"""Word documents with notes: comments beside the mentions, or footnotes; all else as it was.

The document part only gains: a run is parted where a mark has to stand inside of it, both parts with its
properties. (With footnotes, the inner numbers of the document's own footnotes may change; see `_Edit.footnotes`.)
Nothing is put inside of a field, a content control with a plain value, a formula or a text box;
what belongs there stands around it. A reference stands behind a link or a tracked insertion, so that it
is no part of either.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from .._lazy import regex
from ..errors import EditedError, InputError, OutputError
from ..reading.docx import opened, text_of
from ..reading.links import LINKS, TYPES
from ..reading.package import DEEPEST, TYPES_PART, Package, check, links_part, parser_for, run
from ..reading.wordtext import STRICT
from . import placing, wording
from .repack import UNDO, original_of, package_of, repacked
from .seal import OPENING, seal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..model import Annotation, Document, Note
    from ..model import Run as Made
    from ..reading.docx import Body, Element, Host, Run, Wrapper
    from .placing import Numbered

AUTHOR = "annotator"
INITIALS = "ann"
CHECK_INITIALS = "chk"
_SIGNATURE = "Note by annotator."  # what every program keeps of a footnote is its words
_KINDS = ("comments", "footnotes")
_EDITED = (
    "the notes of an earlier run are still in this document, but it was changed since; "
    "annotate the original, or take them out first with: annotator strip --edited"
)
_LARGEST_ID = 0x7FFFFFFF
_FIELDS_DEEP = 100
_WHITE = " \t\r\n"
_TAG = regex(rb"""<([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*>""")
_TAGS = regex(b"<[^>]*>")
_SPACE = regex(rb"""\sxml:space\s*=\s*("[^"]*"|'[^']*')""")
_ID = regex(rb"""\s(?:[^\s=:"']+:)?id\s*=\s*["']\s*(-?[0-9]+)\s*["']""")
_NOT_XML = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK_OPEN, _LINK_CLOSE = "\x02", "\x03"
_LINK = regex(f"{_LINK_OPEN}([^{_LINK_CLOSE}]*){_LINK_CLOSE}")
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_SMALL = '<w:rPr><w:sz w:val="20"/></w:rPr>'
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def render(document: Document, annotations: Sequence[Annotation], made: Made) -> bytes:
    """Return the document with a comment on each mention, or a footnote at each place.

    Raises `OutputError` for a signed document, which notes would make invalid.
    """
    body: Body = document.inner
    package = body.package
    if any(link.kind == "origin" for link in package.links()):
        raise OutputError(
            f"{document.path or 'the document'} is digitally signed, and notes would break the signature; "
            "write them beside it with --output json, or take the signature off first"
        )
    check(package, body.name, body.content)  # what has no mention is not looked at so closely
    kind = made.style or "comments"
    line = seal(document.source, made, marks=kind)
    edit = _Edit(document, body, kind, made)
    numbered = placing.number(document, annotations)
    texts = edit.footnotes(numbered) if kind == "footnotes" else edit.comments(annotations)
    last = "".join(edit.paragraph(edit.words(each)) for each in (numbered.head(made), line))
    texts[-1] = texts[-1].removesuffix(edit.paragraph(edit.words(_SIGNATURE))) + last
    changed: dict[str, bytes] = {}
    added: list[tuple[str, bytes]] = []
    edit.put_notes(texts, changed, added)
    content = edit.spliced()
    check(package, body.name, content)
    if text_of(body, content) != document.text:
        raise OutputError(f"{document.path or 'the document'} is built so that notes cannot be put in safely")
    changed[body.name] = _encoded(content, body.codec)
    return repacked(package, changed, added, line)


class _Spot(NamedTuple):
    """A place in the part: ``at``, and the run to part there, if any, with the text inside of which it is.

    ``host`` is the paragraph in which a mark stands that is put away from its mention; with ``new`` that is one of
    our own.
    """

    at: int
    run: Run | None = None
    element: Element | None = None
    place: int = 0
    host: Host | None = None
    new: bool = False


class _Edit:
    """The insertions into one document part, gathered and then put in together."""

    def __init__(self, document: Document, body: Body, kind: str, made: Made) -> None:
        self.document = document
        self.made = made
        self.cited: set[str] = set()  # instruments whose links were given
        self.kind = kind
        self.text_style = "footnote text" if kind == "footnotes" else "annotation text"
        self.body = body
        self.content = body.content
        self.marks: list[tuple[int, int, int, bytes]] = []
        self.cuts: dict[int, _Spot] = {}
        self.opened: set[int] = set()  # where empty paragraphs end that take marks
        self.closing = b""  # what goes into a paragraph of our own behind all others
        self.places: list[int] = []  # where each footnote is referred to
        self.renumbered: dict[int, int] = {}  # footnotes of the document's own
        self.name = body.prefix or "w"
        self.space = "" if body.prefix else f' xmlns:w="{body.namespace}"'

    def comments(self, annotations: Iterable[Annotation]) -> list[str]:
        """Mark the range of each mention once; return the texts of the comments.

        Annotations of the same words share a comment, but that a check has one of its own.
        """
        texts: list[str] = []
        numbers = iter(_free(self.body.comments | set(_Notes(self.body.package, self.body.name, "comments").ids)))
        mentions: dict[tuple[int, int, bool], dict[Note, None]] = {}
        for annotation in annotations:
            if annotation.notes:
                mention = (annotation.start, annotation.end, annotation.kind == "claim")
                mentions.setdefault(mention, {}).update(dict.fromkeys(annotation.notes))
        for (start, end, is_check), notes in mentions.items():
            number = next(numbers)
            self.range(start, end, number)
            texts.append(self.comment(number, list(notes), is_check=is_check))
        return texts

    def range(self, start: int, end: int, number: int) -> None:
        """Mark a range of the text as what a comment is on."""
        low, high = self.before(start), self.after(end)
        name, space = self.name, self.space
        opened = f'<{name}:commentRangeStart{space} {name}:id="{number}"/>'
        closed = f'<{name}:commentRangeEnd{space} {name}:id="{number}"/>'
        looks = self.style("annotation reference", name)
        reference = f'<{name}:r{space}>{looks}<{name}:commentReference {name}:id="{number}"/></{name}:r>'
        behind = self.behind(end, high)
        if behind.at < low.at:  # no paragraph behind takes it
            self.mark(behind, 0, opened + closed)
        elif low.at < high.at:
            self.mark(low, 1, opened)
            self.mark(high, 0, closed)
        else:
            self.mark(high, 0, opened + closed)
        self.mark(behind, 0, reference)

    def footnotes(self, numbered: Numbered) -> list[str]:
        """Put a reference at each place; return the texts of the footnotes in the order of their references.

        Their numbers follow that order too, and so that they can, those of the document's own footnotes behind
        them may change: some versions of LibreOffice go by the order of numbers, and would show one footnote
        in the place of another.
        """
        places = []
        for at, shown in numbered.places:
            spot = self.behind(at, self.after(at))
            # A check has a footnote of its own.
            for checks in (True, False):
                notes = [numbered.notes[one] for one in shown if numbered.is_check(one) == checks]
                if notes:
                    places.append((spot.at, spot, notes))
        places.sort(key=lambda place: place[0])
        name, space = self.name, self.space
        looks = self.style("footnote reference", name) or _raised(name)
        texts: list[str] = []
        for number, (behind, spot, notes) in zip(self.numbers([place[0] for place in places]), places, strict=True):
            reference = f'<{name}:r{space}>{looks}<{name}:footnoteReference {name}:id="{number}"/></{name}:r>'
            self.mark(spot, 0, reference)
            self.places.append(behind)
            texts.append(self.footnote(number, notes))
        return texts

    def numbers(self, places: Sequence[int]) -> list[int]:
        """Return numbers for footnotes at places of the part, and note which others have to change."""
        known = _Notes(self.body.package, self.body.name, "footnotes").ids
        theirs = self.body.footnotes
        idle = known.keys() ^ {number for _, number in theirs}
        last = max([0, *idle, *(number for at, number in theirs if at < places[0])])
        kept: set[int] = set()
        numbers: list[int] = []
        ahead = [(at, number) for at, number in theirs if at >= places[0]]
        for _, old, number in sorted([(place, 0, 0) for place in places] + [(at, 1, number) for at, number in ahead]):
            if old and (number in self.renumbered or number in kept or number not in known):
                continue
            if old and number > last:
                kept.add(number)
                last = number
                continue
            last += 1
            if old:
                self.renumbered[number] = last
            else:
                numbers.append(last)
        if last > _LARGEST_ID:
            raise OutputError(f"{self.document.path or 'the document'} numbers its footnotes so high that no more fit")
        return numbers

    def mark(self, spot: _Spot, rank: int, xml: str) -> None:
        """Put something in at a spot: what ends there (rank 0) stands before what begins there (rank 1)."""
        if spot.new:
            self.closing += xml.encode("utf-8")
            return
        self.marks.append((spot.at, rank, len(self.marks), xml.encode("utf-8")))
        if spot.host is not None and spot.host.empty:
            self.opened.add(spot.at)
        if spot.run is not None:
            self.cuts[spot.at] = spot

    def before(self, at: int) -> _Spot:
        """Return the spot before the code point at an offset of the text."""
        index = self.index(at)
        piece = self.body.pieces[index]
        if at >= piece.at + piece.length and index + 1 < len(self.body.pieces):
            piece = self.body.pieces[index + 1]
        sealed = _sealed(piece.run)
        if sealed is not None:
            return _Spot(sealed.start)
        return self.spot(piece.run, piece.element, min(max(at, piece.at), piece.at + piece.length))

    def after(self, at: int) -> _Spot:
        """Return the spot behind the code point before an offset of the text."""
        piece = self.body.pieces[self.index(at - 1)]
        sealed = _sealed(piece.run)
        if sealed is not None:
            return _Spot(sealed.end)
        return self.spot(piece.run, piece.element, min(max(at, piece.at), piece.at + piece.length))

    def index(self, at: int) -> int:
        if not self.body.pieces:
            raise OutputError(f"{self.document.path or 'the document'} holds no text that a note could stand at")
        return max(self.body.index(at), 0)

    def spot(self, owner: Run, element: Element, place: int) -> _Spot:
        """Return the spot at an offset of the text within an element, or at its edge.

        White space that Word drops at the edges of a text belongs to them: nothing is parted in it.
        """
        low, high = element.low, element.high
        if not self.keeps(element):
            words = self.document.text[low:high]
            high -= len(words) - len(words.rstrip(_WHITE))
            low += len(words) - len(words.lstrip(_WHITE))
        content = self.content
        if place <= low:
            begin = owner.properties[1] if owner.properties else owner.start + len(_opening(content, owner.start)[0])
            first = begin <= element.start and not content[begin : element.start].strip()
            return _Spot(owner.start) if first else _Spot(element.start, owner)
        if place >= high:
            last = content.startswith(b"</", content.find(b"<", element.end))
            return _Spot(owner.end) if last else _Spot(element.end, owner)
        return _Spot(self.byte(place)[0], owner, element, place)

    def keeps(self, element: Element) -> bool:
        """Tell whether an element's white space is all seen, at its edges too."""
        tag = _opening(self.content, element.start)[0]
        return element.inner < 0 or b"preserve" in (_SPACE.search(tag) or [b""])[0]

    def byte(self, place: int) -> tuple[int, bool]:
        """Return where a code point of the text begins in the part, and whether in a CDATA section."""
        piece = self.body.pieces[self.body.index(place)]
        inside = place - piece.at
        if not inside or piece.whole:
            return piece.start, piece.quoted
        return piece.start + len(self.document.text[piece.at : place].encode("utf-8")), piece.quoted

    def behind(self, at: int, spot: _Spot) -> _Spot:
        """Return where a reference goes: behind links, insertions and fields that the place is in.

        What belongs to a sealed stretch of whole paragraphs, or to a paragraph in which no reference may stand, has
        its reference in the next paragraph that takes one.
        """
        owner = self.body.pieces[self.index(at - 1)].run
        sealed = _sealed(owner)
        if sealed is not None and not sealed.paragraph:
            return self.outside(sealed.start, sealed.end, sealed.path)
        place = _out(owner.wrapper, spot.at)
        field = owner.field
        for _ in range(_FIELDS_DEEP):
            if field is None:
                break
            if field.last is not None and field.paragraph == field.last.paragraph == owner.paragraph:
                place = max(place, _out(field.last.wrapper, field.last.end))
            field = field.parent
        if (sealed.paragraph if sealed is not None else owner.paragraph) in self.body.deferred:
            return self.outside(owner.start, owner.end, _path(owner))
        return spot if place == spot.at else _Spot(place)

    def outside(self, start: int, end: int, path: tuple[int, ...]) -> _Spot:
        """Return the spot in the paragraph nearest to a stretch of the part; in a new one where there is none."""
        # A comment shows what it is on; a number does not.
        host = self.body.neighbour(start, end, path, same_row=self.kind == "footnotes")
        if host is not None:
            return _Spot(host.start if host.start >= end else host.end, host=host)
        if self.body.final < 0:
            raise OutputError(f"{self.document.path or 'the document'} holds no paragraph that a note could stand in")
        return _Spot(self.body.final, new=True)

    def spliced(self) -> bytes:
        """Return the part with all that was put in."""
        around: dict[int, tuple[bytes, bytes]] = {}
        extra: list[tuple[int, bytes]] = []
        texts: dict[int, list[_Spot]] = {}
        for spot in self.cuts.values():
            if spot.run is None:
                continue
            if spot.element is None:
                closed, opened = self.halves(spot.run)
                around[spot.at] = closed, opened
            else:
                texts.setdefault(spot.element.start, []).append(spot)
        for spots in texts.values():
            self.part_text(sorted(spots, key=lambda each: each.place), around, extra)
        gathered: dict[int, bytes] = {}
        for at, _, _, xml in sorted(self.marks, key=lambda mark: mark[:3]):
            gathered[at] = gathered.get(at, b"") + xml
        pieces = [(at, at, xml) for at, xml in extra]
        for at, xml in gathered.items():
            closed, opened = around.get(at, (b"", b""))
            if at in self.opened:
                name = _opening(self.content, self.content.rindex(b"<", 0, at))[1]
                pieces.append((at, at + len(b"/>"), b">" + xml + b"</" + name + b">"))
            else:
                pieces.append((at, at, closed + xml + opened))
        if self.closing:
            name, space = self.name.encode(), self.space.encode()
            paragraph = b"<%b:p%b>%b</%b:p>" % (name, space, self.closing, name)
            pieces.append((self.body.final, self.body.final, paragraph))
        for at, number in self.body.footnotes:
            if number in self.renumbered:
                pieces.append(_renumbered(self.content, at, self.renumbered[number]))
        return _replaced(self.content, pieces)

    def halves(self, owner: Run) -> tuple[bytes, bytes]:
        """Return what ends a run early, and what begins it again with the same properties."""
        tag = _opening(self.content, owner.start)
        low, high = owner.properties or (0, 0)
        return b"</" + tag[1] + b">", tag[0] + self.content[low:high]

    def part_text(
        self, spots: list[_Spot], around: dict[int, tuple[bytes, bytes]], extra: list[tuple[int, bytes]]
    ) -> None:
        """Part the text of one element at several places.

        Word drops white space at the edges of a text that does not ask to keep it. An edge that we make gets
        an element of its own, which does, and the old edges stay what they were.
        """
        owner, element = spots[0].run, spots[0].element
        if owner is None or element is None:
            return
        text = self.document.text
        tag, name = _opening(self.content, element.start)
        keeps = self.keeps(element)
        keeping = tag if keeps else _SPACE.sub(b"", tag)[:-1] + b' xml:space="preserve">'
        closing = b"</" + name + b">"
        closed, opened = self.halves(owner)
        edges = [element.low, *(spot.place for spot in spots), element.high]
        for index, spot in enumerate(spots):
            place = spot.place
            left, right = text[edges[index] : place], text[place : edges[index + 2]]
            begin = tag
            trail = len(left) - len(left.rstrip(_WHITE))
            lead = len(right) - len(right.lstrip(_WHITE))
            if not keeps and 0 < trail < len(left):
                extra.append((self.byte(place - trail)[0], self.again(place - trail, closing, keeping)))
            if not keeps and lead:
                begin = keeping
                if lead < len(right):
                    extra.append((self.byte(place + lead)[0], self.again(place + lead, closing, tag)))
            quoted = self.byte(spot.place)[1]
            around[spot.at] = (
                (b"]]>" if quoted else b"") + closing + closed,
                opened + begin + (b"<![CDATA[" if quoted else b""),
            )

    def again(self, place: int, closing: bytes, opening: bytes) -> bytes:
        """Return what ends a text and begins another in the same run."""
        quoted = self.byte(place)[1]
        return (b"]]>" if quoted else b"") + closing + opening + (b"<![CDATA[" if quoted else b"")

    def style(self, known: str, name: str, tag: str = "r") -> str:
        """Return the properties that name a style, if the document has it."""
        found = self.body.styles.ids.get(known)
        return f'<{name}:{tag}Pr><{name}:{tag}Style {name}:val="{_escaped(found)}"/></{name}:{tag}Pr>' if found else ""

    def comment(self, number: int, notes: Sequence[Note], *, is_check: bool) -> str:
        """Return a comment, but for its end; one on a check says so first, and has initials of its own."""
        looks = self.style("annotation reference", "w")
        day = f"{self.made.as_of}T00:00:00Z"  # a comment without a date is given a wrong one by some programs
        initials = CHECK_INITIALS if is_check else INITIALS
        opening = f'<w:comment{{}} w:id="{number}" w:author="{AUTHOR}" w:date="{day}" w:initials="{initials}">'
        head = f"<w:r>{looks}<w:annotationRef/></w:r>"
        if is_check and not notes[0].text.lstrip().startswith(wording.CHECK):
            head += self.words(f"{wording.CHECK} ")
        texts = [self.note(note, "" if index else head) for index, note in enumerate(notes)]
        return opening + self.paragraph("").join(texts)

    def footnote(self, number: int, notes: Sequence[Note]) -> str:
        """Return a footnote, but for its end; its last words tell it from those of others."""
        looks = self.style("footnote reference", "w") or _raised("w")
        opening = f'<w:r>{looks}<w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>'
        texts = [self.note(note, "" if index else opening) for index, note in enumerate(notes)]
        return f'<w:footnote{{}} w:id="{number}">' + "".join(texts) + self.paragraph(self.words(_SIGNATURE))

    def note(self, note: Note, opening: str) -> str:
        """Return the paragraphs of a note."""
        full = self.made.detail == "full"
        first, below = wording.lines(note, full=full, escape=_clean, link=_linked)
        if not full:
            sources = [one for one in wording.instruments([note], escape=_clean, link=_linked) if one not in self.cited]
            self.cited.update(sources)
            below += [wording.sources_line(sources)] if sources else []
        paragraphs = [opening + self.words(first), *map(self.words, below)]
        return "".join(map(self.paragraph, paragraphs))

    def paragraph(self, runs: str) -> str:
        """Return a paragraph of a note, in the style that the document has for notes; else close and small."""
        looks = self.style(self.text_style, "w", "p")
        if not looks and self.kind == "footnotes":
            looks = '<w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
        return f"<w:p>{looks}{runs}</w:p>"

    def words(self, line: str) -> str:
        """Return the runs of a line, with its addresses as links."""
        runs: list[str] = []
        for index, part in enumerate(_LINK.split(line)):
            shown = f'<w:t xml:space="preserve">{_escaped(part)}</w:t></w:r>'
            plain = "" if self.kind == "comments" or self.style(self.text_style, "w", "p") else _SMALL
            if index % 2:
                code = _escaped(part.replace("\\", "%5C").replace('"', "%22"))
                runs.append(
                    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
                    f'HYPERLINK "{code}" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                    f'<w:r>{self.style("hyperlink", "w") or plain}{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
                )
            elif part:
                runs.append(f"<w:r>{plain}{shown}")
        return "".join(runs)

    def put_notes(self, texts: Sequence[str], changed: dict[str, bytes], added: list[tuple[str, bytes]]) -> None:
        """Put the notes into their part, which is made where there is none, and announce what is new."""
        body, package = self.body, self.body.package
        kind = self.kind
        space = f' xmlns:w="{body.namespace}"'
        ending = f"</w:{kind[:-1]}>"
        types = [(UNDO, "application/octet-stream")]
        part = package.linked(body.name, kind)
        if part and package.find(part) is not None:
            root = _Root(package, part)
            space = f' xmlns:w="{root.namespace}"'
            changed[root.name] = self.among(root, [text.replace("{}", space, 1) + ending for text in texts])
        else:
            notes = "".join(text.replace("{}", "", 1) + ending for text in texts)
            name = quote(part) or _free_name(package, posixpath.join(posixpath.dirname(body.name), f"{kind}.xml"))
            before = _SEPARATORS if kind == "footnotes" else ""
            whole = f"<w:{kind}{space}>{before}{notes}</w:{kind}>"
            added.append((name, _DECLARATION + whole.encode("utf-8")))
            types.append((name, _WORD_TYPE.format(kind)))
            if not part:
                self.link(posixpath.basename(name), changed, added)
        declared = package.types()[0]
        overrides = "".join(
            f'<{{}}Override{{}} PartName="/{_escaped(quote(unquote(name)))}" ContentType="{content}"/>'
            for name, content in types
            if f"/{unquote(name)}".lower() not in declared
        )
        root = _Root(package, TYPES_PART)
        changed[root.name] = root.with_last(root.fitted(overrides, TYPES))

    def among(self, root: _Root, texts: Sequence[str]) -> bytes:
        """Return the part with more notes: comments at its end, footnotes in the order of their references."""
        starts = _Notes(self.body.package, self.body.name, self.kind).ids
        theirs = [(at, starts[number]) for at, number in self.body.footnotes if number in starts]
        front: dict[int, str] = {}
        last = ""
        for index, text in enumerate(texts):
            after = bisect_left(theirs, (self.places[index], 0)) if self.kind == "footnotes" else len(theirs)
            if after == len(theirs):
                last += text
            else:
                front[theirs[after][1]] = front.get(theirs[after][1], "") + text
        pieces = [(at, at, xml.encode("utf-8")) for at, xml in front.items()]
        pieces += [_renumbered(root.content, starts[old], new) for old, new in self.renumbered.items()]
        return root.with_last(last, pieces)

    def link(self, target: str, changed: dict[str, bytes], added: list[tuple[str, bytes]]) -> None:
        """Let the document lead to a part that is new."""
        package = self.body.package
        base = _STRICT_RELATIONS if self.body.namespace == STRICT else _RELATIONS
        taken = {link.id.lower() for link in package.links(self.body.name)}
        number = 1
        while f"annotator{number}" in taken:
            number += 1
        xml = f'<{{}}Relationship{{}} Id="annotator{number}" Type="{base}/{self.kind}" Target="{_escaped(target)}"/>'
        where = links_part(self.body.name)
        if package.find(where) is None:
            whole = f'<Relationships xmlns="{LINKS}">{xml.format("", "")}</Relationships>'
            added.append((where, _DECLARATION + whole.encode("utf-8")))
        else:
            root = _Root(package, where)
            changed[root.name] = root.with_last(root.fitted(xml, LINKS))


class _Root:
    """A part whose root takes more children: where it closes, and by what name."""

    def __init__(self, package: Package, part: str) -> None:
        entry = package.find(part)
        self.name = entry.name if entry is not None else part
        self.content, self.codec = package.text(part)
        self.namespace = ""
        self.depth = 0
        self.low = self.high = 0
        self.seen = False
        self.parser = parser_for(package, part)
        self.package = package
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        run(self.parser, package, part, self.content)

    def _start(self, tag: str, _: dict[str, str]) -> None:
        if not self.depth:
            self.low = self.parser.CurrentByteIndex
            self.namespace = tag.rpartition(" ")[0]
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.package.too_deep(self.name)

    def _end(self, _: str) -> None:
        self.depth -= 1
        if not self.depth:
            self.high = self.parser.CurrentByteIndex

    def with_last(self, xml: str, pieces: Sequence[tuple[int, int, bytes]] = ()) -> bytes:
        """Return the part with more behind the last child of its root, and with other changes."""
        tag, name = _opening(self.content, self.low)
        more = xml.encode("utf-8")
        if tag.endswith(b"/>") and self.high == self.low + len(tag):
            last = self.high - 2, self.high, b">" + more + b"</" + name + b">"
        else:
            last = self.high, self.high, more
        return _encoded(_replaced(self.content, [*pieces, last]), self.codec)

    def fitted(self, xml: str, namespace: str) -> str:
        """Fill in the prefix that the root has, in elements of its namespace."""
        prefix, colon, _ = _opening(self.content, self.low)[1].decode("utf-8").rpartition(":")
        space = "" if self.namespace == namespace else f' xmlns="{namespace}"'
        return (
            xml.replace("{}Override", f"{prefix}{colon}Override")
            .replace("{}Relationship", f"{prefix}{colon}Relationship")
            .replace("{}", space)
        )


def _sealed(owner: Run) -> Wrapper | None:
    """Return the outermost wrapper of a run that nothing is to be put inside of."""
    found: Wrapper | None = None
    wrapper = owner.wrapper
    while wrapper is not None:
        if wrapper.sealed:
            found = wrapper
        wrapper = wrapper.parent
    return found


def _path(owner: Run) -> tuple[int, ...]:
    """Return the tables, rows and cells of the innermost stretch of whole paragraphs that a run is in."""
    wrapper = owner.wrapper
    while wrapper is not None and wrapper.paragraph:
        wrapper = wrapper.parent
    return wrapper.path if wrapper is not None else ()


def _out(wrapper: Wrapper | None, place: int) -> int:
    """Return the place behind all wrappers that a place is in within its paragraph."""
    while wrapper is not None and wrapper.paragraph:
        place = max(place, wrapper.end)
        wrapper = wrapper.parent
    return place


def _opening(content: bytes, at: int) -> tuple[bytes, bytes]:
    """Return the start tag at a place, and its name."""
    found = _TAG.match(content, at)
    return (found[0], found[1]) if found else (b"", b"")


def _raised(name: str) -> str:
    return f'<{name}:rPr><{name}:vertAlign {name}:val="superscript"/></{name}:rPr>'


def _clean(words: str) -> str:
    """Leave out what XML cannot hold."""
    return _NOT_XML.sub("", words)


def _linked(url: str) -> str:
    """Mark an address that may be followed."""
    url = _clean(url)
    return f"{_LINK_OPEN}{url}{_LINK_CLOSE}" if re.match(r"https?://\S+\Z", url) else url


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _replaced(content: bytes, pieces: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Return content with each stretch of it replaced; an empty stretch is a place to put something in."""
    parts: list[bytes] = []
    last = 0
    for low, high, data in sorted(pieces, key=lambda piece: piece[:2]):
        parts += [content[last:low], data]
        last = high
    return b"".join([*parts, content[last:]])


def _renumbered(content: bytes, at: int, number: int) -> tuple[int, int, bytes]:
    """Return the change of the number in a start tag."""
    found = _ID.search(content, at, at + len(_opening(content, at)[0]))
    return (*found.span(1), str(number).encode()) if found else (at, at, b"")


def _encoded(content: bytes, codec: str) -> bytes:
    """Return a part in the encoding that it was in."""
    return content if codec == "utf-8" else content.decode("utf-8").encode(codec)


def _free(taken: set[int]) -> Iterable[int]:
    """Give numbers that are not taken: above all others, or in the gaps where those go to the end."""
    number = max(taken, default=-1) + 1
    if number > _LARGEST_ID - 1_000_000:
        number = 0
    while True:
        if number not in taken and number >= 0:
            yield number
        number += 1


def _free_name(package: Package, name: str) -> str:
    stem, ending = posixpath.splitext(name)
    number = 2
    while package.find(name) is not None:
        name = f"{stem}{number}{ending}"
        number += 1
    return name


class _Notes:
    """The comments or footnotes of a document: their ids, and which are ours, with where they stand in the part."""

    def __init__(self, package: Package, main: str, kind: str) -> None:
        self.ids: dict[int, int] = {}  # with where each begins
        self.ours: set[int] = set()
        self.spans: list[tuple[int, int, bytes]] = []
        self.paragraphs: set[str] = set()
        self.part = package.linked(main, kind)
        self.content, self.codec = b"", ""
        if not self.part or package.find(self.part) is None:
            self.part = ""
            return
        self.content, self.codec = package.text(self.part)
        self._tag = kind[:-1]
        self._stack: list[str] = []
        self._here: tuple[int, int] | None = None
        self._mine = False
        self._marks: set[str] = set()
        self._words: list[str] = []
        self._parser = parser_for(package, self.part)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._words.append
        run(self._parser, package, self.part, self.content)

    def _start(self, tag: str, values: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        self._stack.append(name)
        if len(self._stack) == 2 and name == self._tag:  # right under the root
            number = values.get(f"{space} id", "")
            if number.removeprefix("-").isdecimal() and len(number) < 12:  # longer than any id
                self.ids.setdefault(int(number), self._parser.CurrentByteIndex)
                self._here = self._parser.CurrentByteIndex, int(number)
            author, initials = values.get(f"{space} author"), values.get(f"{space} initials")
            self._mine = self._tag == "comment" and author == AUTHOR and initials in {INITIALS, CHECK_INITIALS}
            self._marks = set()
            self._words.clear()
        elif name == "p":
            self._marks |= {value for key, value in values.items() if key.endswith(" paraId")}

    def _end(self, _: str) -> None:
        name = self._stack.pop()
        if len(self._stack) == 1 and name == self._tag and self._here is not None:
            words = "".join(self._words)
            if self._mine or (self._tag == "footnote" and (_SIGNATURE in words or OPENING in words)):
                end = self._parser.CurrentByteIndex
                if self.content.startswith(b"</", end) and not self.content.startswith(b"/>", end - 2):
                    end = self.content.index(b">", end) + 1
                self.spans.append((self._here[0], end, b""))
                self.ours.add(self._here[1])
                self.paragraphs |= self._marks
            self._here = None


def strip(source: bytes, *, edited: bool = False) -> bytes:
    """Return a Word document without notes of ours; see `annotator.writing.strip`."""
    package = package_of(source)
    if package is None or not package.is_word():
        return source
    original = original_of(package)
    if original is not None:
        return original
    try:
        if not _left(package):
            return source
        body: Body = opened(package).inner
        notes = [_Notes(package, body.name, kind) for kind in _KINDS]
    except InputError:
        return source
    if not edited:
        raise EditedError(_EDITED)
    return _without(body, notes)


def read_bare(source: bytes, path: str | None) -> Document | None:
    """Return a Word document without notes of ours; ``None`` for an archive that is none, or cannot be read.

    Raises `EditedError` as `strip` does, and `InputError` for a document that is damaged.
    """
    package = package_of(source, path)
    if package is None or not package.is_word():
        return None
    original = original_of(package)
    if original is not None:
        return opened(Package(original, path))
    document = opened(package)
    if _left(package):
        raise EditedError(_EDITED)
    return document


def exact(source: bytes) -> bytes | None:
    """Return the document that was annotated, if the source is exactly what annotating it made."""
    package = package_of(source)
    return original_of(package) if package is not None else None


def _left(package: Package) -> bool:
    """Tell whether notes of ours are left in a package, or the way back to what it was without them."""
    if package.find(UNDO) is not None:
        return True
    main = package.main()
    return any(_may_be_ours(package, main, kind) and _Notes(package, main, kind).ours for kind in _KINDS)


def _may_be_ours(package: Package, main: str, kind: str) -> bool:
    """Tell whether the words that all of our notes hold stand in the part for comments or footnotes, tags left out."""
    part = package.linked(main, kind)
    if not part or package.find(part) is None:
        return False
    content, _ = package.text(part)
    if b"<!" in content or b"&#" in content:  # words may be written in other ways there
        return True
    if kind == "comments":
        return AUTHOR.encode() in content
    words = _TAGS.sub(b"", content)
    return _SIGNATURE.encode() in words or OPENING.encode() in words


def _without(body: Body, notes: Sequence[_Notes]) -> bytes:
    """Return the package without the notes that are ours and the marks that lead to them."""
    package = body.package
    changed: dict[str, bytes] = {}
    for each in notes:
        if each.ours:
            entry = package.find(each.part)
            name = entry.name if entry is not None else each.part
            changed[name] = _encoded(_replaced(each.content, each.spans), each.codec)
    comments, footnotes = (each.ours for each in notes)
    changed[body.name] = _encoded(_replaced(body.content, _Marks(body, comments, footnotes).spans), body.codec)
    marks = set().union(*(each.paragraphs for each in notes))
    if marks:
        for link in package.links(body.name):
            entry = package.find(link.target)
            what = link.kind.rpartition("/")[2]
            if what in ("commentsExtended", "commentsIds") and entry is not None:
                content, codec = package.text(entry.name)
                changed[entry.name] = _encoded(_unlisted(content, marks), codec)
    types = _Root(package, TYPES_PART)
    override = re.compile(
        rb"""<(?:[^\s<>/:]+:)?Override\s[^<>]*["']/""" + re.escape(UNDO).encode() + rb"""["'][^<>]*/>"""
    )
    changed[types.name] = _encoded(override.sub(b"", types.content), types.codec)
    return repacked(package, changed, (), dropped={UNDO})


def _unlisted(content: bytes, marks: set[str]) -> bytes:
    """Take the entries of paragraphs out of a list of what comments are, and answers off what they answered."""
    listed = re.compile(rb"""<(?:[^\s<>/:]+:)?comment(?:Ex|Id)\s[^<>]*/>""")
    own = re.compile(rb"""\s(?:[^\s<>/:="']+:)?paraId\s*=\s*["']([0-9A-Fa-f]+)["']""")
    above = re.compile(rb"""\s(?:[^\s<>/:="']+:)?paraIdParent\s*=\s*["']([0-9A-Fa-f]+)["']""")

    def kept(found: re.Match[bytes]) -> bytes:
        number, parent = own.search(found[0]), above.search(found[0])
        if number and number[1].decode() in marks:
            return b""
        return above.sub(b"", found[0]) if parent and parent[1].decode() in marks else found[0]

    return listed.sub(kept, content)


class _Marks:
    """Where the document part refers to some comments and footnotes: what to cut out of it."""

    def __init__(self, body: Body, comments: set[int], footnotes: set[int]) -> None:
        self.spans: list[tuple[int, int, bytes]] = []
        self._content = body.content
        self._space = body.namespace
        self._wanted = {
            **dict.fromkeys(("commentRangeStart", "commentRangeEnd", "commentReference"), comments),
            "footnoteReference": footnotes,
        }
        self._stack: list[tuple[str, int, bool]] = []
        self._runs: list[list[int]] = []  # of each run that is open: children, and how many of them go
        self._parser = parser_for(body.package, body.name)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        run(self._parser, body.package, body.name, body.content)

    def _start(self, tag: str, values: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        name = name if space == self._space else ""
        if self._stack and self._stack[-1][0] == "r" and name != "rPr":
            self._runs[-1][0] += 1
        if name == "r":
            self._runs.append([0, 0])
        number = values.get(f"{space} id", "")
        ours = name in self._wanted and number.isdecimal() and int(number[:12]) in self._wanted[name]
        self._stack.append((name, self._parser.CurrentByteIndex, ours))

    def _end(self, _: str) -> None:
        name, start, ours = self._stack.pop()
        if not ours and name != "r":
            return
        end = self._parser.CurrentByteIndex
        tag = _opening(self._content, start)[0]
        if not (tag.endswith(b"/>") and end == start + len(tag)):
            end = self._content.index(b">", end) + 1
        if name == "r":
            children, gone = self._runs.pop()
            if children and children == gone:
                while self.spans and self.spans[-1][0] >= start:
                    self.spans.pop()
                self.spans.append((start, end, b""))
        else:
            self.spans.append((start, end, b""))
            if self._stack and self._stack[-1][0] == "r":
                self._runs[-1][1] += 1


def described(source: bytes) -> tuple[str, str, list[tuple[str, ...]]]:
    """Return the seal of our notes in a document, their style, and the lines of each note, once each."""
    package = Package(source)
    main = package.main()
    line = style = ""
    entries: list[tuple[str, ...]] = []
    for kind in _KINDS:
        notes = _Notes(package, main, kind)
        for low, high, _ in notes.spans:
            shown: list[str] = []
            content = notes.content[low:high].decode(notes.codec, "replace")
            for each in re.findall(r"<w:p[ >].*?</w:p>", content, re.DOTALL):
                words = unescape("".join(re.findall(r"<w:t(?: [^<>]*)?>([^<]*)", each)))
                if OPENING in words:
                    line, style = words, "" if kind == "comments" else kind
                elif not words and kind == "comments":  # between two notes
                    if tuple(shown) not in entries:
                        entries.append(tuple(shown))
                    shown = []
                elif words != _SIGNATURE and not wording.NO_NOTE.match(words.strip()):
                    shown.append(words.strip())
            if tuple(shown) not in entries:
                entries.append(tuple(shown))
    return line, style, entries
