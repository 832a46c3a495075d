"""Reading: bytes, encodings, and how pages are built."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from annotator.errors import InputError, UsageError
from annotator.reading import FORMATS, format_of, read

if TYPE_CHECKING:
    from annotator.model import Document

LONG = "The committee said on Monday that the port had taken in several ships, and that it would report on them soon. "
OTHER = "Farmers in the valley expect a poor harvest after a dry spring, and the prices of bread have gone up again. "


def blocks(text: str, kind: str | None = None, fmt: str = "text") -> list[str]:
    """Return the texts of the blocks, of one kind or of all."""
    document = read(text, format=fmt)
    return [text[block.start : block.end] for block in document.layout.blocks if kind in (None, block.kind)]


def articles(text: str, fmt: str = "text") -> int:
    """Return how many articles the file is taken to hold."""
    return len({block.article for block in read(text, format=fmt).layout.blocks if block.kind != "furniture"})


def kind_of(text: str, line: str, fmt: str = "text") -> str:
    """Return the kind of the block that begins with a line."""
    document = read(text, format=fmt)
    start = text.index(line)
    (found,) = [block for block in document.layout.blocks if block.start <= start < block.end]
    return found.kind


def spans(document: Document, which: str) -> list[str]:
    """Return the texts of the protected or the atomic spans."""
    return [document.text[span.start : span.end] for span in getattr(document.layout, which)]


# -- bytes and encodings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        (b"plain", "plain", "utf-8"),
        ("café — “x”".encode(), "café — “x”", "utf-8"),
        (b"\xef\xbb\xbfone", "one", "utf-8"),
        ("é".encode("utf-16"), "é", "utf-16-le"),
        (b"\xfe\xff" + "é".encode("utf-16-be"), "é", "utf-16-be"),
        (b"\xff\xfe\x00\x00" + "é".encode("utf-32-le"), "é", "utf-32-le"),
        ("Oil and coal.".encode("utf-16-le"), "Oil and coal.", "utf-16-le"),
        ("Oil and coal.".encode("utf-16-be"), "Oil and coal.", "utf-16-be"),
        ("The café’s owner said “no” — twice.".encode("cp1252"), "The café’s owner said “no” — twice.", "cp1252"),
        (b"one \xff two", "one \udcff two", "utf-8"),
        ("caf\u00e9 ".encode() * 9 + b"\xe9 end", "café " * 9 + "\udce9 end", "utf-8"),
        (b"a\0b", "a\0b", "utf-8"),
    ],
)
def test_decoding(source: bytes, text: str, encoding: str) -> None:
    """The text comes out, and goes back to the same bytes."""
    document = read(source)
    assert (document.text, document.encoding) == (text, encoding)
    assert document.bom + document.encode(document.text) == source == document.source


def test_cyrillic_is_detected() -> None:
    """A page in an old Cyrillic encoding is read as what it says."""
    text = "Совет Безопасности принял резолюцию о мерах против поставок нефти и угля. " * 8
    document = read(text.encode("cp1251"))
    assert document.text == text
    assert document.encoding == "cp1251"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"%PDF-1.7\n%abc", "a.bin is damaged and cannot be read as a PDF"),
        (b"PK\x03\x04rest", "ZIP archive or an Office document"),
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"\xff\xd8\xff\xe0", "JPEG image"),
        (b"{\\rtf1 text}", "RTF"),
        (bytes(range(256)) * 4, "binary data"),
        (b"\0" * 100, "binary data"),
        (b"text " + b"\0" * 60, "binary data"),
    ],
)
def test_binary_is_refused(source: bytes, words: str) -> None:
    """What is not text is refused in one line that names the file."""
    with pytest.raises(InputError, match=words) as caught:
        read(source, path="a.bin")
    assert "\n" not in str(caught.value)
    assert "a.bin" in str(caught.value)


def test_unknown_bytes_are_refused() -> None:
    """Bytes that are mostly in no known encoding are not guessed at."""
    with pytest.raises(InputError, match="name its encoding"):
        read(bytes([0xFF, 0x81, 0xFE, 0x8D, 0x9D] * 30))


def test_asked_encoding() -> None:
    """An encoding that is asked for is used; a byte-order mark wins; nonsense is refused."""
    assert read("Совет".encode("koi8-r"), encoding="koi8-r").text == "Совет"
    assert read(b"\xef\xbb\xbfx", encoding="cp1252").encoding == "utf-8"
    assert read("漢字".encode("shift_jis"), encoding="shift_jis").text == "漢字"
    assert read(b"\x81x", encoding="cp1252").text == "\udc81x"
    for wrong in ("no-such", "rot13", "utf-7", "cp500", "iso2022_jp", "idna", "hz"):
        with pytest.raises(UsageError, match="encoding"):
            read(b"x", encoding=wrong)
    with pytest.raises(InputError, match="byte 0"):
        read(b"\x81", encoding="shift_jis", path="x.txt")


def test_strings_with_lone_surrogates() -> None:
    """A string may hold anything that Python lets it hold."""
    for text in ("a\ud800b", "\udcff", "\udcc3\udca9", "\ufeffx"):
        document = read(text)
        assert document.text == text
        assert document.encode(text) == document.source


def test_formats_and_newlines() -> None:
    """The name tells the format, unless one is given; the line end in use is told."""
    assert FORMATS == ("text", "markdown", "html", "docx", "odt", "pdf", "mail")
    assert [format_of(name) for name in ("a.md", "b.MARKDOWN", "c.txt", "d", None)] == [
        "markdown", "markdown", "text", "text", "text",
    ]  # fmt: skip
    assert read(b"x", path="a.md").format == "markdown"
    assert read(b"x", path="a.md", format="text").format == "text"
    with pytest.raises(InputError, match="text, markdown"):
        read(b"x", format="word")
    for text, newline in (("", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\rb", "\r"), ("a\nb\r\n\n", "\n")):
        assert read(text).newline == newline


# -- the layout of text -----------------------------------------------------------------------------


def test_blocks_tile_the_text() -> None:
    """Blocks are in order, do not overlap, and leave out only white space."""
    text = f"\ufeff\n\n  Title\n\n{LONG}\n  - one\n  - two\n\x0c{OTHER}\r\n\r\n\u2028***\n \n{LONG}"
    document = read(text)
    last = 0
    for block in document.layout.blocks:
        assert block.start >= last
        assert not text[last : block.start].strip("\ufeff \n\r\t\f\u2028")
        assert text[block.start : block.end].strip() == text[block.start : block.end] != ""
        last = block.end
    assert not text[last:].strip()
    assert document.layout.tail == len(text)


def test_wrapped_lines_are_joined() -> None:
    """Lines wrapped by a machine make one paragraph; a new paragraph without a blank line does not."""
    lines = [
        "The committee said on Monday that the port had taken in several ships,",
        "and that it would report on them soon. Three of them had sailed under",
        "a flag that they had no right to, and one had turned off its signals for",
        "more than two weeks before it was seen again.",
    ]
    assert blocks("\n".join(lines) + "\n\n" + "\n".join(lines)) == ["\n".join(lines)] * 2


def test_long_lines_are_paragraphs() -> None:
    """Where each paragraph is one long line, a line end is a paragraph's end."""
    first, second = (LONG * 3).strip(), (OTHER * 2).strip()
    assert blocks(f"{first}\n{second}\n{first}") == [first, second, first]
    assert blocks(f"Ships and flags\n{first}") == ["Ships and flags", first]
    broken = f"{LONG * 2}and then\nit went on for a while."
    assert blocks(broken) == [broken]


def test_headings() -> None:
    """A short line before prose is a heading, and opens a section."""
    text = f"Port takes in ships\n\n{LONG}\n\nWhat comes next?\n{LONG}\n\n- 'No answer' -\n\n{LONG}"
    assert blocks(text, "heading") == ["Port takes in ships", "What comes next?", "- 'No answer' -"]
    assert [block.section for block in read(text).layout.blocks] == [0, 0, 1, 1, 2, 2]


def test_not_headings() -> None:
    """Short sentences and quotations are prose."""
    text = f'{LONG}\n\nHe said no.\n\n{LONG}\n\n"We are here."\n\n{LONG}\n\nAs follows:\n\n{LONG}'
    assert blocks(text, "heading") == []


def test_title_repeated_as_sentence() -> None:
    """A title that ends like a sentence is known by being said twice."""
    text = f"Ships were seen at the port.\n\nShips were seen at the port\n\n{LONG}"
    assert len(blocks(text, "heading")) == 2


def test_items() -> None:
    """Bullets and numbers make items, in one block each."""
    text = f"{LONG}\n\n- a ban on coal\n- a cap on oil\n\n1. first\n2. second\n\n• third point"
    assert blocks(text, "item") == ["- a ban on coal", "- a cap on oil", "1. first", "2. second", "• third point"]


FURNITURE = """
Tags: ships, coal
Previous Post Next Post
Popular posts from this blog
Related Articles
Read More
Read also: Ships leave the port
Read in French
Must Read
Most Read
Latest Articles
More articles
Comments
12 Comments
Leave a Comment
Please enter your comment!
Please enter your name here
Share this:
Download The App:
Skip to main content
- Advertisement -
ADVERTISEMENT
Picture Courtesy: Some Agency
Image credit: A. Person
Photo: Agency
Subscribe
Sign up for our newsletter
All rights reserved.
© 2024 The Paper
from The Paper https://example.org/abc
https://example.org/abc
(Except for the headline, this story has not been edited by our staff.)
21.5 C
18°C
Tuesday, March 5, 2019
5 March 2019
March 5, 2019 10:30 am
3 min read
Follow us on Telegram
Like this:
You may also like
Trending Now
Advertisement 3
Your email address will not be published.
Click here to subscribe
Published on 5 March 2019
Last updated: 5 March 2019
Filed under: Shipping
Back to top
"""


@pytest.mark.parametrize("line", FURNITURE.strip().splitlines())
def test_furniture(line: str) -> None:
    """Lines that belong to the page are furniture, wherever they stand."""
    for text in (f"{LONG}\n\n{line}\n\n{LONG}\n\n{LONG}", f"{LONG}\n{line}", f"{line}\n\n{LONG}"):
        assert kind_of(text, line) == "furniture"
    assert "paragraph" in {block.kind for block in read(f"{line}\n\n{LONG}\n\n{LONG}").layout.blocks}


@pytest.mark.parametrize(
    "line",
    [
        "More than two decades later, the ships are still there.",
        "Share prices fell on Monday after the report.",
        "Comments from the minister were not available on Monday, his office said, and none were expected soon.",
        "Photographs of the port show three ships.",
        "Read in full, the report says little about the ships that were seen at the port in the spring of that year.",
        "Copyright law does not help the owners of the ships, the court said.",
        "Related sanctions were lifted in May.",
        "Home Office officials said no.",
        "May 3 was the deadline that the committee had set.",
        "Search teams found the ship on Sunday.",
        "Unlock the frozen funds, says the bank",
        "(c) 12 vessels were listed;",
        "Top officials met on Monday.",
    ],
)
def test_prose_is_no_furniture(line: str) -> None:
    """Prose that begins like furniture is prose."""
    assert kind_of(f"{LONG}\n\n{line}\n\n{LONG}", line) != "furniture"


def test_everything_after_comments() -> None:
    """Behind the comments, and behind links to other stories, there is only furniture."""
    for line in ("Comments", "Popular posts from this blog", "Related articles", "Latest Articles"):
        links = f"{line}\n\nBread gets dearer\n\n{OTHER}\n\nRain at last\n\n{OTHER}"
        text = f"Ships at the port\n\n{LONG}\n\n{LONG}\n\n{links}"
        kinds = [block.kind for block in read(text).layout.blocks]
        assert kinds == ["heading", "paragraph", "paragraph", *["furniture"] * 5]


def test_menu_before_the_article() -> None:
    """The same words in a menu above the article take nothing away from it."""
    text = f"Home\n\nLatest Articles\n\nComments\n\nShips at the port\n\n{LONG}\n\n{OTHER}"
    assert blocks(text, "paragraph") == [LONG.strip(), OTHER.strip()]
    assert blocks(text, "heading") == ["Ships at the port"]


def test_links_inside_an_article() -> None:
    """A box of links in the middle of an article hides its headlines and nothing else."""
    text = f"{LONG}\n\nRead more\n\nBread gets dearer in the valley\n\n{OTHER}\n\n{LONG}"
    document = read(text)
    assert kind_of(text, "Bread gets") == "furniture"
    assert [block.kind for block in document.layout.blocks][-2:] == ["paragraph", "paragraph"]
    assert articles(text) == 1


def test_lists_of_headlines() -> None:
    """Headlines in a row with no prose of their own are links."""
    heads = ["Port Takes In Three More Ships", "Bread Gets Dearer In The Valley", "Rain At Last For The Farmers"]
    text = f"{LONG}\n\n" + "\n\n".join(heads)
    assert blocks(text, "furniture") == heads
    bullets = f"{LONG}\n\n" + "\n".join(f"• {head}" for head in heads) + f"\n\n{LONG}"
    assert blocks(bullets, "furniture") == [f"• {head}" for head in heads]
    plain = f"{LONG}\n\n- an asset freeze on the owners\n- a ban on travel for them\n\n{LONG}"
    assert blocks(plain, "furniture") == []


STORY = f"Ships at the port\n\n{LONG}\n\n{OTHER}\n\n{LONG}"
HEADLINES = [
    "Minister opens a new school in the northern valley",
    "Rain at last for the farmers of the coast",
    "Court hears the case of the missing ferry",
    "Bread gets dearer for the third month running",
    "Council argues again about the old bridge",
    "Fishermen find a crate of letters at sea",
]


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Roe",
        "BY JANE ROE AND JOHN DOE",
        "By Jane Roe, United Nations correspondent",
        "By Jane Roe in Geneva and John Doe in New York",
        "Reporting by Jane Roe",
        "14:32",
        "2h ago",
        "35m ago",
        "10.15am GMT",
        "2:05 PM ET",
        "Updated 12 minutes ago",
        "Just now",
        "Share on X",
        "Share full article",
        "Copy link",
        "Gift this article",
        "Most viewed",
        "Most read in World",
        "Key events",
        "Top headlines",
        "Related: Ship leaves the port of the capital",
        "3 mai 2019 à 15:20",
        "3. Mai 2019",
    ],
)
def test_lines_of_pages(line):
    """By-lines, times of posts, buttons and heads of boxes are furniture, and take no prose with them."""
    for text in (f"{STORY}\n\n{line}\n\n{LONG}\n\n{OTHER}", f"Ships at the port\n{line}\n\n{LONG}\n\n{OTHER}"):
        assert kind_of(text, line) == "furniture"
        assert LONG.strip() in blocks(text, "paragraph")
        assert blocks(text, "heading") == ["Ships at the port"]


@pytest.mark.parametrize(
    "line",
    [
        "By 2020, exports had fallen to nothing.",
        "By midnight the ships had left the port",
        "By Monday evening all was over.",
        "Middle East",
        "Health",
        "Following the money",
        "Terms of the deal",
        "Sponsored by Russia and China, the draft was vetoed.",
        "Produced by the state company, the oil was sold abroad.",
        "Go slow, says the bank",
        "In 2019 the port was closed",
    ],
)
def test_lines_of_articles(line):
    assert kind_of(f"{STORY}\n\n{line}\n\n{LONG}\n\n{OTHER}", line) != "furniture"


def test_menus() -> None:
    """Several parts of a site in a run of short lines make it a menu, before the article or behind it."""
    menu = "The Daily Example\nWorld\nPolitics\nBusiness\nValley Life\nSport\nHarbour\nCulture\nU.S.\nWeather"
    text = f"{menu}\n\nShips take in coal at the port of the capital\nBy Jane Roe\n\n{LONG}\n\n{OTHER}\n\n{menu}\n"
    furniture = blocks(text, "furniture")
    assert [line for line in menu.splitlines() if line not in furniture] == []
    assert blocks(text, "heading") == ["Ships take in coal at the port of the capital"]
    assert blocks(text, "paragraph") == [LONG.strip(), OTHER.strip()]
    regimes = "Iran\n\nSomalia\n\nAsia\n\nSudan\n\nMali\n\nLibya\n\nYemen"
    assert blocks(f"{LONG}\n\nThese are under measures:\n\n{regimes}", "furniture") == []


def test_headlines_before_the_article() -> None:
    """Headlines of other stories may stand over the article's own."""
    heads = "\n\n".join(HEADLINES)
    text = f"{heads}\n\nShips take in coal at the port of the capital\n\nBy Jane Roe\n\n{LONG}\n\n{OTHER}"
    assert set(HEADLINES[:4]) <= set(blocks(text, "furniture"))
    assert "Ships take in coal at the port of the capital" in blocks(text, "heading")
    few = f"Ships take in coal\n\nA captain speaks about it for the first time\n\nBy Jane Roe\n\n{LONG}"
    assert blocks(few, "furniture") == ["By Jane Roe"]


def test_headlines_with_their_times() -> None:
    """What stands between headlines, over and over, makes them a list all the more."""
    for between in ("14:05", "2 hours ago", "3 min read", "12 May 2024"):
        lines = "\n\n".join(f"{head}\n\n{between}" for head in HEADLINES[:4])
        assert set(HEADLINES[:3]) <= set(blocks(f"{STORY}\n\n{lines}", "furniture")), between


def test_teasers_after_the_article() -> None:
    """A headline and a sentence each, in a box that says what it is."""
    teasers = "\n\n".join(f"{head}\n\nIt was the talk of the valley all week." for head in HEADLINES)
    for head in ("Most viewed", "Most read", "More from Example News", "Latest", "Top stories"):
        text = f"{STORY}\n\n{head}\n\n{teasers}"
        assert blocks(text, "paragraph") == [LONG.strip(), OTHER.strip(), LONG.strip()]


def test_live_blogs() -> None:
    """The posts of a live blog are prose; the time over each is not."""
    posts = "".join(
        f"1{at}.05am GMT\n\nPost {at} of the day at the port\n\n{LONG}\n\n{OTHER}\n\nShare\n\n" for at in range(3)
    )
    text = f"Ships at the port: live\n\nKey events\n\n{posts}"
    assert len(blocks(text, "paragraph")) == 6
    assert {"10.05am GMT", "11.05am GMT", "Share"} <= set(blocks(text, "furniture"))
    assert "Post 1 of the day at the port" in blocks(text, "heading")


def test_a_box_over_the_first_paragraph() -> None:
    """One long paragraph is enough to begin the article behind a box of links."""
    first = (LONG + OTHER).strip()
    text = f"Most viewed\n\n{HEADLINES[0]}\n\n{HEADLINES[1]}\n\n{first}\n\nA ship in the harbour\n\n{LONG}\n\n{OTHER}"
    assert first in blocks(text, "paragraph")


def test_lists_of_names_are_kept() -> None:
    """Persons or bodies in a list are what the article is about."""
    names = [
        "Anna Example (his wife Berta and two sons)",
        "Carl Sample (his wife Dora, and his daughter)",
        "Emil Instance (his brother Felix)",
    ]
    for text in (
        f"{LONG}\n\n" + "\n\n".join(names),
        f"{LONG}\n\nAmong them are:\n\n" + "\n\n".join(f"• {name}" for name in names),
        f"{LONG}\n\nAsset freeze\n\nTravel ban\n\nArms embargo\n\n{LONG}",
    ):
        assert blocks(text, "furniture") == []


def test_transcripts_are_prose() -> None:
    """The turns of a conversation are neither headings nor links."""
    text = (
        "QUESTION: So you do not know that —\n\nMR SAMPLE: Well, as I said —\n\nQUESTION: And what about the ships?\n\n"
        * 3
    )
    assert {block.kind for block in read(f"{LONG}\n\n{text}{LONG}").layout.blocks} == {"paragraph"}


def test_weather_is_furniture() -> None:
    """The place that the weather in the corner is of goes with it."""
    text = f"12.3 C\nValletta\nTuesday, March 5, 2019\n\nShips at the port\n\n{LONG}"
    assert blocks(text, "furniture") == ["12.3 C", "Valletta", "Tuesday, March 5, 2019"]
    assert blocks(text, "heading") == ["Ships at the port"]


def test_kicker_parts_articles() -> None:
    """A line that stands before each story parts them."""
    end = "Picture courtesy: X/images are subject to copyright"
    text = f"World Desk\n\n{LONG}\n\n{LONG}\n\n{end}\n\nWorld Desk\n\n{OTHER}\n\n{OTHER}"
    assert articles(text) == 2
    assert blocks(text, "furniture").count("World Desk") == 2
    bare = f"World Desk\n\nShips at port\n\n{LONG}\n\n{LONG}\n\nWorld Desk\n\nBread dearer\n\n{OTHER}\n\n{OTHER}"
    assert articles(bare) == 2


def test_end_lines_part_articles() -> None:
    """A copyright line, or the links to other posts, ends an article."""
    for line in ("All rights reserved.", "© 2024 The Paper", "Previous Post Next Post"):
        text = f"Ships\n\n{LONG}\n\n{LONG}\n\n{line}\n\nBread\n\n{OTHER}\n\n{OTHER}"
        assert articles(text) == 2, line
    assert articles(f"Ships\n\n{LONG}\n\nAll rights reserved.\n\nContact the paper") == 1


def test_glued_copyright_line() -> None:
    """A story that runs into the copyright line of the one before is cut off from it."""
    text = f"Ships\n\n{LONG}\n\n{LONG}\n\nPicture Courtesy: X/images are subject to copyright{OTHER}\n\n{OTHER}"
    assert articles(text) == 2
    assert OTHER.strip() in blocks(text, "paragraph")
    same_line = f"{LONG}Picture Courtesy: X/images are subject to copyright{OTHER}"
    assert blocks(same_line) == [LONG.strip(), "Picture Courtesy: X/images are subject to copyright", OTHER.strip()]
    assert articles(same_line) == 2


def test_credits_do_not_part() -> None:
    """A picture credit in the middle of an article does not part it."""
    text = f"Ships\n\n{LONG}\n\nPhoto: Agency\n\n{LONG}\n\nWhy it matters\n\n{LONG}"
    assert articles(text) == 1


def test_form_feeds() -> None:
    """A page break parts articles, but not the pages of one paper."""
    assert articles(f"Ships\n\n{LONG}\n\f\nBread\n\n{OTHER}") == 2
    assert articles(f"Ships\n\n{LONG}\n\f{LONG}and the\n\fports of the north. {LONG}") == 1
    assert articles(f"Ships\n\n{LONG}\n\n1\n\f\n{LONG}\n\n2\n\f\n{LONG}") == 1


def test_rules_part_articles() -> None:
    """A dividing line parts two stretches of several paragraphs, and nothing shorter."""
    story, other = f"{LONG}\n\n" * 3, f"{OTHER}\n\n" * 3
    for rule in ("***", "* * *", "-----", "=====", "________", "———"):
        assert articles(f"Ships\n\n{story}{rule}\n\nBread\n\n{other}") == 2, rule
        assert articles(f"Ships\n\n{LONG}\n\n{rule}\n\n{OTHER}") == 1, rule
    assert articles(f"Ships at port\n=============\n\n{story}Next\n----\n\n{story}") == 1
    assert blocks(f"Ships at port\n=============\n\n{LONG}", "heading") == ["Ships at port"]


def test_one_article_stays_whole() -> None:
    """Sub-headings, questions and answers, and quotations do not cut an article."""
    parts = "".join(f"{title}\n\n{LONG}\n\n{LONG}\n\n" for title in ("Ships", "Analysis", "Coal", "Analysis", "Oil"))
    assert articles(parts) == 1
    talk = "Talk with a captain\n\n" + f"Reporter\n\n{LONG}\n\nCaptain\n\n{LONG}\n\n" * 4
    assert articles(talk) == 1


def test_addresses_are_protected() -> None:
    """Web and mail addresses are protected, without the punctuation behind them."""
    text = "See https://un.org/a_(b), (http://x.yz/c). Mail a.b@c.org, or www.x.org! HTTP://UP.ORG/q?r=1&s @ not a@b"
    assert spans(read(text), "protected") == [
        "https://un.org/a_(b)", "http://x.yz/c", "a.b@c.org", "www.x.org", "HTTP://UP.ORG/q?r=1&s",
    ]  # fmt: skip


# -- the layout of Markdown -------------------------------------------------------------------------

MARKDOWN = f"""---
title: ships
---
# Ships at *port*

{LONG} See [the list](http://x.yz/coal "coal") and `coal ban`, <b>now</b> &amp; http://a.bc/coal.
> quoted [a
> link][Ref] here

Next part
---------

- item one
  goes on
1. item `two`

| a | b |
|---|---|
| c `x\\|y` | [t](u) |

    indented code

<div>
raw
</div>

```
fenced
```

[ref]: http://foo.bar "title"
[^1]: a note
    goes on

The end[^1], ![alt](x.png) and [[wiki page]], {{{{ template }}}}, <http://auto.link>, <a href="x">whole link</a>.
"""


def test_markdown_blocks() -> None:
    """Headings, paragraphs, items and rows are blocks; sections follow headings."""
    document = read(MARKDOWN, format="markdown")
    shown = [
        (block.kind, block.section, document.text[block.start : block.end][:12]) for block in document.layout.blocks
    ]
    assert shown == [
        ("heading", 0, "Ships at por"),
        ("paragraph", 0, LONG[:12]),
        ("paragraph", 0, "quoted [a\nli"),
        ("heading", 1, "Next part"),
        ("item", 1, "item one\n  g"),
        ("item", 1, "item `two`"),
        ("paragraph", 1, "| a | b |"),
        ("paragraph", 1, "| c `x|y` | "),
        ("paragraph", 1, "The end[^1],"),
    ]


def test_markdown_protected() -> None:
    """Code, link targets, tags, definitions and front matter are protected; link texts are not."""
    document = read(MARKDOWN, format="markdown")
    protected = "\0".join(spans(document, "protected"))
    for part in (
        "title: ships", "`coal ban`", "http://a.bc/coal", "][Ref]",
        "---------", "`two`", "`x|y`", "indented code", "raw", "fenced", "[ref]: http://foo.bar",
        "a note\n    goes on", "[^1]", "](x.png)", "{{ template }}", "<http://auto.link>", '<a href="x">',
    ):  # fmt: skip
        assert part in protected, part
    for part in ("the list", "quoted", "item one", "whole link", "wiki page", "The end", "Next part"):
        assert part not in protected, part
    assert spans(document, "atomic") == [
        "the list", "[a\nlink][Ref]", "t", "![alt](x.png)", "[[wiki page]]",
        '<a href="x">whole link</a>',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("para", ""),
        ("- item\n", ""),
        ("a\n\n```\nclosed\n```\n", ""),
        ("a\n\n```\nopen\n", "```\nopen\n"),
        ("a\n\n~~~~\nopen\n~~~\n", "~~~~\nopen\n~~~\n"),
        ("a\n\n<!-- open\n\nb", "<!-- open\n\nb"),
        ("a\n\n<!-- closed -->\n", ""),
        ("a\n\n<script>\nopen\n", "<script>\nopen\n"),
        ("a\n\n<div>\nb\n", ""),
        ("a\n\n> ```\n> open in a quote\n", ""),
        ("a\n\n- ```\n  open in a list\n", ""),
        ("a\n\n    code\n", ""),
        ("[x]: y", ""),
        ("", ""),
        ("---\na: b\n---\n", ""),
        ("---\na: b\n---\n```\nx", "```\nx"),
        ("```\nx", "```\nx"),
    ],
)
def test_markdown_tail(text: str, rest: str) -> None:
    """Notes go at the end, or before what was left open there."""
    document = read(text, format="markdown")
    assert document.text[document.layout.tail :] == rest


def test_markdown_articles() -> None:
    """A rule with a heading under it parts articles; a rule alone does not."""
    story, other = f"{LONG}\n\n" * 3, f"{OTHER}\n\n" * 3
    assert articles(f"# Ships\n\n{story}---\n\n# Bread\n\n{other}", "markdown") == 2
    assert articles(f"# Ships\n\n{story}---\n\n{other}", "markdown") == 1
    assert articles(f"# Ships\n\n{story}## Coal\n\n{story}", "markdown") == 1


def test_markdown_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long text is read in parts, and looks the same."""
    from annotator.reading.markdown import layout as module

    text = MARKDOWN.replace("[a\nlink][Ref]", "nothing") * 3 + "\n- x\n\n  ```\n  y\n\n  ```\n" * 5 + "```\nopen\n\n# x"
    whole = read(text, format="markdown").layout
    for size in (1, 7, 50, 400):
        monkeypatch.setattr(module, "_PART", size)
        parts = read(text, format="markdown").layout
        assert [block.start for block in parts.blocks] == [block.start for block in whole.blocks]
        assert (parts.protected, parts.tail) == (whole.protected, whole.tail)


# -- size and speed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", ["html", "markdown", "text"])
@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "a" * 1_000_000,
        "a@" * 300_000,
        "http://" * 100_000,
        "<!--" * 50_000,
        "`" * 200_000,
        "` `` " * 60_000,
        "[" * 100_000,
        "[a](" * 50_000,
        "[a](<b" * 50_000,
        "<a b='" * 50_000,
        "<a " * 50_000,
        "{{" * 50_000,
        "![" * 50_000 + "]" * 50_000,
        "[a]" * 50_000,
        "- x\n" * 20_000,
        "x\n" * 50_000,
        "A B\n\n" * 20_000,
        "***\n\n" * 20_000,
        "\n" * 300_000,
        " \n" * 200_000,
        "\f" * 100_000,
        "comments\n\n" * 20_000,
        "\r" * 100_000,
        "> " * 5_000 + "x",
        "copyright " * 50_000,
        "| a " * 30_000 + "\n" + "|---" * 30_000 + "\n" + "| a " * 30_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_linear_time(text: str, fmt: str) -> None:
    """No text takes more than linear time."""
    started = time.perf_counter()
    layout = read(text, format=fmt).layout
    assert layout.tail <= len(text)
    assert time.perf_counter() - started < 12


def test_reading_is_cheap_to_import() -> None:
    """Importing the layer brings in nothing heavy."""
    code = (
        "import sys, annotator.reading; annotator.reading.read(b'x').layout; "
        "heavy = ('markdown_it', 'charset_normalizer', 'unicodedata', 'yaml', 'hashlib', 'json'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_vocabulary_says_nothing_twice() -> None:
    """Each line of the vocabulary stands there once for each meaning, in its plain form."""
    from pathlib import Path

    from annotator.reading import furniture

    text = Path(furniture.__file__).with_name("furniture.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and line[0] not in ";["]
    doubles = {line for line in lines if lines.count(line) > 1}
    assert doubles <= {"related articles", "related posts", "related stories", "more articles", "skip to main content",
                       "skip to content", "jump to content"}  # fmt: skip
    assert all(line == line.lower().strip() and line.count("…") <= 1 for line in lines)
    assert len(max((line for line in lines if "…" not in line), key=len)) <= 70
