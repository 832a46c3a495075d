"""E-mail in: subject, what is written, the day it was sent; what is not read, and mails that are broken or hostile."""

from __future__ import annotations

import subprocess
import sys
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import Annotator, strip
from annotator.errors import AnnotatorError, InputError, MisfitError
from annotator.reading import format_of, read
from annotator.updating import update

if TYPE_CHECKING:
    from pathlib import Path

SENTENCE = "The UN bans luxury goods for North Korea."
HEAD = (
    "From: Jane Roe <jane@example.org>\nTo: desk@example.org\nSubject: On the ban\n"
    "Date: Thu, 20 Jun 2024 23:30:00 -0500\n"
)
PLAIN = f"{HEAD}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{SENTENCE}\n"


def mail(plain: str | None = None, page: str | None = None, **attached: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Jane Roe <jane@example.org>", "desk@example.org"
    message["Subject"] = "On the ban – again"
    message["Date"] = "Thu, 20 Jun 2024 23:30:00 -0500"
    message["Message-ID"] = "<1@example.org>"
    if plain is not None:
        message.set_content(plain)
    if page is not None and plain is not None:
        message.add_alternative(page, subtype="html")
    elif page is not None:
        message.set_content(page, subtype="html")
    for name, data in attached.items():
        message.add_attachment(data, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return message.as_bytes()


def test_a_mail_is_its_subject_and_what_is_written() -> None:
    document = read(mail(SENTENCE), path="a.eml")
    assert document.format == "mail"
    assert document.text.rstrip() == f"On the ban – again\n\n{SENTENCE}"
    assert [(one.kind, document.text[one.start : one.end]) for one in document.layout.blocks] == [
        ("heading", "On the ban – again"),
        ("paragraph", SENTENCE),
    ]


def test_the_page_goes_before_the_plain_part_unless_it_says_next_to_nothing() -> None:
    page = "<html><body><p>The <b>page</b> speaks of luxury&nbsp;goods.</p><script>x()</script></body></html>"
    assert read(mail("plain", page), path="a.eml").text.endswith("\n\nThe page speaks of luxury\xa0goods.")
    assert SENTENCE in read(mail(SENTENCE * 9, "<html><body><p>View online</p></body></html>"), path="a.eml").text
    assert read(mail(None, page), path="a.eml").text.endswith("luxury\xa0goods.")


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
def test_transfer_encodings_and_charsets_are_undone(encoding: str, charset: str) -> None:
    message = EmailMessage()
    message["Subject"] = "Zürich"
    message.set_content(
        "Die Güter – nein, the goods of Zürich – café.".replace("–", "-"), charset=charset, cte=encoding
    )
    assert (
        read(message.as_bytes(), path="a.eml").text.rstrip()
        == "Zürich\n\nDie Güter - nein, the goods of Zürich - café."
    )


@pytest.mark.parametrize(
    ("sent", "date"),
    [
        ("Thu, 20 Jun 2024 23:30:00 -0500", "2024-06-20"),
        ("Fri, 21 Jun 2024 00:30:00 +0900", "2024-06-21"),
        ("20 Jun 2024 10:00 GMT", "2024-06-20"),
        ("Thu, 20 Jun 9999 10:00:00 +0000", None),
        ("some day", None),
        ("Thu, 99 Jun 2024 25:61:61 +9999999", None),
    ],
)
def test_the_date_is_that_of_the_mail_in_its_own_time_zone(sent: str, date: str | None) -> None:
    dated = read(PLAIN.replace("Thu, 20 Jun 2024 23:30:00 -0500", sent), path="a.eml").dated
    assert dated.date == date
    assert dated.origin == ("the mail's date" if date else "")


def test_a_mail_without_a_date_has_that_of_its_text() -> None:
    text = "Subject: x\nMIME-Version: 1.0\n\nSEOUL, June 12, 2024 - The ban on luxury goods holds.\n"
    assert read(text, path="a.eml").dated.date == "2024-06-12"


def test_a_page_saved_as_a_mail_has_not_the_date_of_saving() -> None:
    text = PLAIN.replace("MIME-Version", "Snapshot-Content-Location: https://example.org/\nMIME-Version")
    assert read(text, path="a.eml").dated.date is None


def test_attachments_are_not_read_and_named() -> None:
    source = mail(SENTENCE, report=b"x", other=b"y")
    result = Annotator(lists=False).annotate(source, path="a.eml")
    assert result.warnings == ("2 attachments are not read: report.pdf, other.pdf",)
    assert result.as_of == "2024-06-20"
    assert read(mail(SENTENCE, **{f"n{at}": b"" for at in range(9)}), path="a").warnings[0].endswith("and 4 more")


def test_a_mail_that_only_passes_another_on_is_read_for_that() -> None:
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content(SENTENCE)
    outer = EmailMessage()
    outer["Subject"], outer["From"], outer["Message-ID"] = "Fwd: inner", "a@example.org", "<2@x>"
    outer.make_mixed()
    outer.attach(inner_part := EmailMessage())
    inner_part["Content-Type"] = "message/rfc822"
    inner_part.set_payload([inner])
    assert SENTENCE in read(outer.as_bytes(), path="a.eml").text


def test_soft_line_ends_are_taken_out() -> None:
    text = PLAIN.replace("charset=utf-8", "charset=utf-8; format=flowed").replace("bans luxury", "bans \nluxury")
    assert SENTENCE in read(text, path="a.eml").text


def test_a_mail_is_known_by_its_name_or_by_fields_that_only_mails_have() -> None:
    assert format_of("a.eml", "anything") == "mail"
    assert format_of(None, PLAIN) == format_of(None, PLAIN.encode()) == format_of("mail", PLAIN.encode()) == "mail"
    assert format_of("a.txt", PLAIN) == "text"
    assert format_of("a.md", PLAIN) == "markdown"
    for text in (HEAD, f"{HEAD}\nText.", "From: the editor\nDate: today\n\nText.", "MIME-Version: 1.0\n\nText.", ""):
        assert format_of(None, text) == "text"


def test_each_output_beside_the_article_is_made_and_none_into_it() -> None:
    result = Annotator(lists=False).annotate(PLAIN, path="a.eml")
    assert [one.text for one in result.annotations] == ["bans luxury goods"]
    for format in ("report", "json", "csv", "sarif", "webannotation", "brat", "plain"):
        assert result.render(format)
    with pytest.raises(MisfitError, match="is an e-mail, which is read but not written"):
        result.render_bytes()
    with pytest.raises(MisfitError, match="read but not written"):
        strip(PLAIN)
    with pytest.raises(MisfitError, match="read but not written"):
        update(Annotator(lists=False), PLAIN.encode())


def test_the_command_reads_mails(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_text(PLAIN, encoding="utf-8")
    command = [sys.executable, "-m", "annotator", "check", "--no-lists", "--fail-on", "none", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stdout.startswith(f"{file}:3:8: note [")
    assert done.returncode == 0


# -- broken and hostile -------------------------------------------------------------------------------------


def test_broken_mails_lose_nothing() -> None:
    # A boundary that never comes, one that is never closed, a charset that does not exist, base64 that is none.
    head = f"{HEAD}MIME-Version: 1.0\n"
    assert SENTENCE in read(f'{head}Content-Type: multipart/mixed; boundary="B"\n\n{SENTENCE}\n', path="a.eml").text
    body = f'Content-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: text/plain\n\n{SENTENCE}\n'
    assert SENTENCE in read(head + body, path="a.eml").text
    assert SENTENCE in read(f"{head}Content-Type: text/plain; charset=no-such\n\n{SENTENCE}", path="a.eml").text
    assert SENTENCE in read(f"{head}Content-Transfer-Encoding: base64\n\n{SENTENCE}", path="a.eml").text
    assert SENTENCE in read(f"{head}Content-Transfer-Encoding: no-such\n\n{SENTENCE}", path="a.eml").text
    latin = f"{HEAD}MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n\nCafé: {SENTENCE}".encode("latin-1")
    assert read(latin, path="a.eml").text.endswith(SENTENCE)


def test_subjects_that_are_broken_are_read_as_they_stand() -> None:
    for subject in ("=?utf-8?Q?=E2", "=?no-such?Q?a?=", "=?utf-8?B?!!!!?=", "a\x01b"):
        assert read(PLAIN.replace("On the ban", subject), path="a.eml").text.rstrip().endswith(SENTENCE)
    raw = PLAIN.encode().replace(b"On the ban", "Über".encode("latin-1"))
    assert read(raw, path="a.eml").text.startswith("\ufffdber")


def test_what_is_no_mail_or_has_no_text_is_refused_in_a_line() -> None:
    for source in (b"\x89PNG\r\n\0\0\0", b"\0\1\2", b"no header at all", b""):
        with pytest.raises(InputError, match=r"^a\.eml [^\n]*$"):
            read(source, path="a.eml")
    with pytest.raises(InputError, match="mail without text; 1 attachment is not read: image/png"):
        read("From: a\nMIME-Version: 1.0\nContent-Type: image/png\n\nx", path="a.eml")


@pytest.mark.parametrize("kind", ["application/pkcs7-mime", 'multipart/encrypted; boundary="B"'])
def test_encrypted_mails_are_refused(kind: str) -> None:
    with pytest.raises(InputError, match="is encrypted"):
        read(f"{HEAD}MIME-Version: 1.0\nContent-Type: {kind}\n\nxxxx", path="a.eml")


@pytest.mark.parametrize("kind", ["multipart/mixed", "message/rfc822"])
def test_hostile_mails_that_nest_without_end_are_refused(kind: str) -> None:
    parts = "".join(
        f'Content-Type: {kind}; boundary="{at}"\n\n' + (f"--{at}\n" if kind.startswith("multipart") else "")
        for at in range(3000)
    )
    with pytest.raises(InputError, match="built to do harm"):
        read(f"{HEAD}MIME-Version: 1.0\n{parts}", path="a.eml")


def test_hostile_mails_of_very_many_parts_are_refused() -> None:
    parts = "--B\n\nx\n" * 5000
    with pytest.raises(InputError, match="built to do harm"):
        read(f"{HEAD}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n{parts}--B--", path="a.eml")


def test_hostile_headers_of_a_megabyte_are_cut() -> None:
    for subject in ("=?utf-8?Q?" + "=41" * 300_000 + "?=", "=?utf-8?Q?a?= " * 60_000, "(" * 500_000, '"' * 500_000):
        source = PLAIN.replace("On the ban", subject).replace("23:30:00 -0500", "23:30 " + "(" * 100_000)
        assert len(read(source, path="a.eml").text) < 4000
    names = PLAIN.replace("charset=utf-8", "".join(f"name*{at}*=x; " for at in range(200)) + "charset=utf-8")
    assert SENTENCE in read(names, path="a.eml").text
    for field in ("Content-Type: text/plain", "Content-Disposition: inline", "content-transfer-encoding: 8bit"):
        with pytest.raises(InputError, match="built to do harm"):
            read(f"{HEAD}MIME-Version: 1.0\n{field}{';a=b' * 60_000}\n\n{SENTENCE}", path="a.eml")


@pytest.mark.parametrize(
    "field",
    [
        *(f"Content-Type: text/plain; charset={name}" for name in ("undefined", "idna", "punycode")),
        *(f"Content-Type: text/plain; {name}*=idna''%ff" for name in ("charset", "boundary", "format")),
        "Content-Disposition: " + "(" * 4000,
        "Content-Transfer-Encoding: " + "(" * 4000,
    ],
    ids=lambda field: field[:45],
)
def test_hostile_fields_are_read_or_refused_in_a_line(field: str) -> None:
    source = f"{HEAD}MIME-Version: 1.0\n{field}\n\n{SENTENCE} \xe9".encode("latin-1")
    try:
        assert SENTENCE in read(source, path="a.eml").text
    except AnnotatorError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either will do


def test_hostile_soft_lines_without_end_are_joined_in_time() -> None:
    source = PLAIN.replace("charset=utf-8", "charset=utf-8; format=flowed").rstrip() + "\n" + "a \n" * 200_000
    assert len(read(source, path="a.eml").text) > 400_000


def test_hostile_pages_in_mails_give_no_script_and_load_nothing() -> None:
    page = (
        '<html><head><base href="http://127.0.0.1:9/"><script>alert("luxury goods")</script></head><body>'
        f'<img src="http://127.0.0.1:9/x"><iframe srcdoc="x"></iframe><p onclick="x()">{SENTENCE}</p></body></html>'
    )
    result = Annotator(lists=False).annotate(mail(None, page), path="a.eml")
    assert result.document.text.endswith(SENTENCE)
    assert "127.0.0.1" not in result.render("report")


@given(st.binary(max_size=400), st.sampled_from([b"", HEAD.encode(), PLAIN.encode()]))
def test_whatever_comes_is_read_or_refused_in_a_line(data: bytes, head: bytes) -> None:
    try:
        document = read(head + data, path="a.eml", format="mail")
    except AnnotatorError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either will do
        return
    for block in document.layout.blocks:
        assert 0 <= block.start < block.end <= len(document.text)
    document.dated
