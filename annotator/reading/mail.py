"""E-mail (.eml): the subject and what is written, by the standard library's parser; attachments are not read.

Of a mail that says the same as a page and as plain text the page is read, as mail programs show it. The text is the
subject, a blank line, and that; offsets count in it, since what stands in a mail is packed for its way.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from .._lazy import regex
from ..errors import AnnotatorError, InputError, UsageError
from ..model import Block, Dated, Document, Layout, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

APART = "\n\n"
_LARGEST = 1 << 28
_MOST_PARTS = 1000
_LONGEST_HEADER = 2000
# The library takes time that grows with the square of these fields.
_CONTENT = regex(
    rb"(?im)^(?:snapshot-)?content-(?:type|disposition|transfer-encoding|id|description|location):[^\n]*"
    rb"(?:\n[ \t][^\n]*)*"
)
_LONGEST_FIELD = 4096
# What the library raises where a field is none, or names an encoding that is none.
_FAULTS = (RecursionError, ValueError, LookupError, AttributeError, TypeError)
_HEAD = 1 << 14
_FIELD = regex(
    rb"(?:From |>From )[^\r\n]{0,300}\r?\n|([!-9;-~]{1,80}):[^\r\n]*(?:\r\n?|\n)(?:[ \t][^\r\n]*(?:\r\n?|\n))*"
)
_SURE = frozenset((b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to", b"dkim-signature"))
_MULTIPART = regex(rb"(?i)^content-type:\s*(?:multipart/|message/rfc822)", re.MULTILINE)
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_THIN = 0.3  # a page with so much less text than the plain part is none of it


class Body(NamedTuple):
    """What is written in a mail: a document of its own, or none; and what is not read."""

    document: Document | None
    unread: tuple[str, ...]


def looks_like(source: bytes | str) -> bool:
    """Tell whether a source cannot be anything but a mail: it begins with fields that mails have and texts do not."""
    head = source[:_HEAD].encode("utf-8", "replace") if isinstance(source, str) else source[:_HEAD]
    head = head.removeprefix(b"\xef\xbb\xbf")
    names: set[bytes] = set()
    at = 0
    while True:
        found = _FIELD.match(head, at)
        if found is None:
            break
        if found[1]:
            names.add(found[1].lower())
        at = found.end()
    return b"from" in names and bool(names & {b"date", b"subject", b"to"}) and bool(names & _SURE)


def open_mail(source: bytes | str, path: str | None, encoding: str | None) -> Document:
    """Read a mail; ``encoding`` goes before what its parts say of themselves.

    Raises `InputError` for what is no mail, one that is encrypted or built to do harm, and one without text.
    """
    name = path or "input"
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    message = _parsed(data, name)
    subject = _subject(message)
    body = _body(message, name, encoding)
    inner = body.document
    if inner is not None:
        inner.settle()
    words = inner.text if inner is not None else ""
    if not subject and not words.strip():
        raise InputError(f"{name} is a mail without text{_besides(body.unread)}")
    lead = subject + APART if subject and words else subject
    # A page that a browser saved as a mail has the day on which that was done for its date.
    saved = "Snapshot-Content-Location" in message
    document = Document(
        source=data,
        text=lead + words,
        format="mail",
        encoding="",
        bom=b"",
        newline="\n",
        path=path,
        layout_of=lambda text: _layout(text, subject, inner, body.unread),
        dated_of=lambda: _date(message, inner, saved=saved),
        inner=inner,
    )
    if body.unread:
        document.layout  # noqa: B018 - which says so, whether anything is found in the rest or not
    return document


def _parsed(data: bytes, name: str) -> EmailMessage:
    """Return the mail. Raises `InputError` for what is none, or built to do harm."""
    from email import message_from_bytes, policy

    if len(data) > _LARGEST:
        raise InputError(f"{name} has {len(data) >> 20} MB, more than is read of a mail ({_LARGEST >> 20} MB)")
    if b"\0" in data[:_HEAD]:
        from .decoding import what_is

        raise InputError(f"{name} is {what_is(data) or 'binary data'}, not a mail: name it for what it is")
    if sum(1 for _ in _MULTIPART.finditer(data)) > _MOST_PARTS // 10:
        raise InputError(f"{name} nests more parts than any mail: it is built to do harm")
    if any(len(field.group()) > _LONGEST_FIELD for field in _CONTENT.finditer(data)):
        raise InputError(f"{name} says what it holds in more than {_LONGEST_FIELD} bytes: it is built to do harm")
    try:
        message: EmailMessage = message_from_bytes(
            data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"), policy=policy.default
        )
        parts = sum(1 for _ in _walked(message))
    except _FAULTS:  # what the library makes of fields that are none, or of parts in parts without end
        raise InputError(f"{name} cannot be read: its fields are damaged, or it nests parts without end") from None
    if parts > _MOST_PARTS:
        raise InputError(f"{name} has more than {_MOST_PARTS} parts: it is built to do harm")
    if not message.keys():
        raise InputError(f"{name} has no header, as a mail has: name it for what it is")
    return message


def _walked(message: EmailMessage) -> Iterator[Any]:
    """Give the parts of a mail, one more than there may be at most."""
    yield from islice(message.walk(), _MOST_PARTS + 1)


def _raw(message: EmailMessage, name: str) -> str:
    """Return a field as it stands in the mail, cut where it is overlong; empty where there is none."""
    found = next((value for key, value in message.raw_items() if key.lower() == name), "")
    return str(found)[:_LONGEST_HEADER]


def _subject(message: EmailMessage) -> str:
    """Return the subject on one line, its encoded words taken apart."""
    from email.errors import HeaderParseError
    from email.header import decode_header

    raw = _raw(message, "subject").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    parts: list[str] = []
    try:
        for words, charset in decode_header(raw.replace("\r", "").replace("\n", "")):
            if isinstance(words, str):
                parts.append(words)
            else:
                parts.append(_decoded(words, charset or "utf-8"))
    except (HeaderParseError, ValueError):
        parts = [raw]
    return " ".join("".join(char if char.isprintable() else " " for char in "".join(parts)).split())


def _decoded(words: bytes, charset: str) -> str:
    try:
        return words.decode(charset, "replace")
    except LookupError:
        return words.decode("utf-8", "replace")


def _date(message: EmailMessage, inner: Document | None, *, saved: bool) -> Dated:
    """Return the day on which the mail was sent, in the time zone it says; where it says none, that of its text."""
    from email.utils import parsedate_to_datetime

    from .dates import parsed

    raw = _raw(message, "date")
    if raw and not saved:
        try:
            date = parsed(parsedate_to_datetime(raw).date().isoformat())
        except (ValueError, TypeError, IndexError, OverflowError):
            date = None
        if date:
            return Dated(date, "the mail's date")
    return inner.dated if inner is not None else Dated()


def _body(message: EmailMessage, name: str, encoding: str | None) -> Body:
    """Return what is written in a mail, as a document. Raises `InputError` where it is encrypted."""
    pages: list[Any] = []
    plain: list[Any] = []
    forwarded: list[Any] = []
    unread: list[str] = []
    _sort(message, pages, plain, forwarded, unread)
    if not pages and not plain and forwarded:  # nothing but a mail that is passed on
        first = forwarded.pop(0)
        unread = [each for each in unread if each != _named(first)]
        _sort(first.get_payload(0), pages, plain, forwarded, unread)
    if not pages and not plain and message.get_content_type() in _ENCRYPTED:
        raise InputError(f"{name} is encrypted: save it decrypted, or paste its text")
    page = _page(pages[0], encoding) if pages else None
    texts = _texts(plain, encoding) if plain else None
    if page is not None:
        page.settle()
        if texts is not None and len(page.text.strip()) < _THIN * len(texts.text.strip()):
            page = None
    return Body(page if page is not None else texts, tuple(unread))


def _sort(message: Any, pages: list[Any], plain: list[Any], forwarded: list[Any], unread: list[str]) -> None:
    """Sort the parts of a mail: pages, plain texts, mails within, and the names of what is not read."""
    stack = [message]
    while stack:
        part = stack.pop()
        kind = part.get_content_type()
        if kind == "message/rfc822":
            forwarded.append(part)
            unread.append(_named(part))
        elif part.is_multipart():
            stack += reversed(part.get_payload())
        elif kind.startswith("multipart/") and kind not in _ENCRYPTED:  # it says so, and has no parts
            plain.append(part)
        elif _is_attached(part) or kind not in ("text/html", "text/plain"):
            if not (kind.startswith("image/") and "Content-ID" in part) and "signature" not in kind:
                unread.append(_named(part))
        elif kind == "text/html":
            pages.append(part)
        else:
            plain.append(part)


def _is_attached(part: Any) -> bool:
    try:
        return str(part.get_content_disposition()) == "attachment"
    except _FAULTS:
        return False


def _named(part: Any) -> str:
    """Return the name of an attachment, else what it is."""
    try:
        found = part.get_filename() or part.get_content_type()
    except _FAULTS:
        found = part.get_content_type()
    line = " ".join(str(found).split())[:80]
    return line if line.isprintable() else ascii(line)


def _content(part: Any) -> tuple[bytes, str | None]:
    """Return the bytes of a part and the encoding that it says they are in, as far as that exists."""
    from .decoding import usable

    try:
        raw = part.get_payload()
    except _FAULTS:  # it asks for an encoding that is none; what stands there is not to be lost
        raw = part._payload  # noqa: SLF001
    try:
        # What has blanks in its lines is no Base64, whatever the mail says.
        plain = isinstance(raw, str) and str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64"
        data = None if plain and " " in raw.strip() else part.get_payload(decode=True)
    except _FAULTS:
        data = None
    if not isinstance(data, bytes):
        data = str(raw).encode("utf-8", "surrogateescape")
    try:
        charset = part.get_content_charset()
        return data, usable(charset) if charset else None
    except (UsageError, *_FAULTS):
        return data, None


def _page(part: Any, encoding: str | None) -> Document | None:
    """Return the page in a part, ``None`` for one that is none."""
    from .html.reader import open_html

    data, charset = _content(part)
    for each in (encoding or charset, None):
        try:
            return open_html(data, None, each)
        except AnnotatorError:
            continue
    return None


def _texts(parts: list[Any], encoding: str | None) -> Document | None:
    """Return one text of all plain parts, ``None`` where there is none."""
    from .dates import of_text
    from .text import layout_of

    text = "\n\n".join(_plain(part, encoding) for part in parts).replace("\r\n", "\n")
    return Document(
        source=None, text=text, format="text", encoding="utf-8", errors="surrogatepass", bom=b"", newline="\n",
        path=None, layout_of=layout_of, dated_of=lambda: of_text(text),
    )  # fmt: skip


def _plain(part: Any, encoding: str | None) -> str:
    """Return the text of a plain part, its soft line ends taken out where it says that it has such (RFC 3676)."""
    from .decoding import decode

    data, charset = _content(part)
    text = ""
    for each in (encoding or charset, None):
        try:
            text = decode(data, encoding=each)[0]
            break
        except AnnotatorError:
            continue
    else:
        text = data.decode("latin-1")
    try:
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        joined = str(part.get_param("delsp", "")).lower() == "yes"
    except _FAULTS:
        return text
    return _unflowed(text, joined=joined) if flowed else text


def _unflowed(text: str, *, joined: bool) -> str:
    r"""Take soft line ends out: those behind a blank, within what is quoted as deep.

    >>> _unflowed("one \r\ntwo\r\n-- \r\nJane\r\n> three \r\n> four\r\n", joined=False)
    'one two\n-- \nJane\n> three four\n'
    """
    lines: list[list[str]] = []
    depth = -1  # of the line before, where that goes on
    for line in text.replace("\r\n", "\n").split("\n"):
        quotes = len(line) - len(line.lstrip(">"))
        words = line[quotes:].removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        if depth == quotes and words != "-- ":
            lines[-1].append(words)
        else:
            lines.append([f"{'>' * quotes} {words}" if quotes else words])
        if soft and joined:
            lines[-1][-1] = lines[-1][-1][:-1]
        depth = quotes if soft else -1
    return "\n".join(map("".join, lines))


def _besides(unread: tuple[str, ...]) -> str:
    return f"; {_said(unread)}" if unread else ""


def _said(unread: tuple[str, ...]) -> str:
    shown = ", ".join(unread[:5]) + (f" and {len(unread) - 5} more" if len(unread) > 5 else "")
    one = len(unread) == 1
    return f"{len(unread)} attachment{'' if one else 's'} {'is' if one else 'are'} not read: {shown}"


def _layout(text: str, subject: str, inner: Document | None, unread: tuple[str, ...]) -> Layout:
    """Return the layout: the subject is the headline, and what is written has its own."""
    from .text import links_in

    warnings = (_said(unread),) if unread else ()
    head = len(subject)
    blocks = [Block(0, head, "heading", 0, 0)] if subject else []
    protected = list(links_in(text, 0, head))
    if inner is None or len(text) == head:
        return Layout(tuple(blocks), tuple(protected), (), len(text), warnings)
    by = head + len(APART) if subject else 0
    own = inner.layout
    section = 1 if subject else 0
    blocks += [Block(one.start + by, one.end + by, one.kind, one.article, one.section + section) for one in own.blocks]
    protected += [Span(one.start + by, one.end + by) for one in own.protected]
    atomic = tuple(Span(one.start + by, one.end + by) for one in own.atomic)
    return Layout(tuple(blocks), tuple(protected), atomic, len(text), (*warnings, *own.warnings))
