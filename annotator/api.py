"""The public face: ``Annotator`` turns an article into a ``Result`` with notes.

Importing this module imports neither spaCy nor YAML nor NumPy; what a run needs is imported when it
needs it.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeVar, overload

from . import matching, noting, reading, rulebook, writing
from ._files import read_file
from .config import NAMES, NO_LISTS, Options
from .errors import UsageError
from .model import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from .config import Settings
    from .decisions import Decision, Decisions, Ruling
    from .lists.opened import Lists
    from .lookup import Lookup
    from .model import Annotation, Mention
    from .rulebook import Rulebook

    # Stores of lists, true or false for those that ship with the program or none at all.
    Given = str | Path | Iterable[str | Path] | bool | None
    Article = str | bytes | Document
    _Id = TypeVar("_Id")

__all__ = ["Annotator", "Result", "strip"]

_KEPT = 16
_PLAIN = {str, type(None)}


def day_of(as_of: str | datetime.date | None, document: Document | None = None) -> tuple[str, str]:
    """Return the as-of date in ISO form and where it came from.

    Given as a date or ``YYYY-MM-DD``, or ``today``; left out, the date in the article, else today. Raises
    ``UsageError`` for what is no date.
    """
    if as_of is None and document is not None and document.dated.date is not None:
        return document.dated.date, document.dated.origin
    if as_of is None or as_of == "today":
        today = datetime.date.today().isoformat()
        reason = document.dated.origin if as_of is None and document is not None else ""
        return today, f"today; {reason}" if reason else "today"
    if isinstance(as_of, datetime.date):
        return as_of.isoformat()[:10], "given"
    if not isinstance(as_of, str):
        raise TypeError(f"as_of is a date, a text such as 2024-06-20, or today, not {_kind(as_of)}")
    try:
        return datetime.date.fromisoformat(as_of.strip()).isoformat(), "given"
    except ValueError:
        raise UsageError(f"{as_of!r} is not a date; write it as YYYY-MM-DD") from None


class _Later:
    """Holds what a quiet result is made of when someone looks at it; nothing of other results."""

    __slots__ = ("_quiet",)
    # The annotator, the text, its format and its path, or the document in place of these three; policy and day.
    _quiet: tuple[Annotator, str | Document, str, str | None, str, tuple[str, str] | None]


_set_quiet = _Later.__dict__["_quiet"].__set__


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Result(_Later):
    """An annotated document.

    ``annotations`` are in order of place, with offsets in code points of ``document.text``; ``as_of`` is
    the ISO date that the notes were chosen for, ``as_of_from`` says where it came from (``given``, a place
    in the article, or ``today``). ``unplaced`` are the annotations for which the last rendering found no safe place
    in the article, and which it left out. ``warnings`` say in one line each what should be known of how the article
    was read. ``decisions`` are those of the annotator, ``decided`` those that took effect in this article.
    ``str(result)`` is the text with its notes. One that differs in something is made by
    ``dataclasses.replace``.
    """

    document: Document
    annotations: tuple[Annotation, ...]
    as_of: str
    as_of_from: str
    rulebook: Rulebook
    lists: Lists | None = None
    policy: str = ""
    decisions: Decisions | None = None
    decided: tuple[Decision, ...] = ()
    _unplaced: list[Annotation] = field(init=False, default_factory=list)

    @staticmethod
    def quiet(*made_of: Any) -> Result:
        """Return the result for an article without a mention, of what `_Later` holds; it is made when looked at."""
        made: Result = object.__new__(Result)
        _set_quiet(made, made_of)
        return made

    def __getattr__(self, name: str) -> Any:
        """Return what of a quiet result nobody has asked for yet: its date, or all the rest."""
        if name == "_quiet" or name not in self.__dataclass_fields__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        annotator, source, format, path, policy, day = self._quiet
        made: dict[str, Any] = {}
        if name in {"as_of", "as_of_from"}:
            made["as_of"], made["as_of_from"] = day or day_of(None, self.document)
        elif name == "document":
            made["document"] = reading.read(source, format=format, path=path) if isinstance(source, str) else source
        else:
            made = {part: getattr(annotator, part) for part in ("rulebook", "lists", "decisions")}
            made |= {"annotations": (), "decided": (), "policy": policy, "_unplaced": []}
        for key, value in made.items():
            object.__setattr__(self, key, value)
        return made[name]

    @property
    def checks(self) -> tuple[Annotation, ...]:
        """The annotations that check what the article claims: each says in ``grade`` how far it is wrong."""
        return tuple(one for one in self.annotations if one.kind == "claim")

    def rows(self) -> list[dict[str, Any]]:
        """Return a dictionary for each note of each annotation, as a table takes them (``pandas.DataFrame``).

        The keys are ``sentence`` (the one around), ``text`` (the words in question), ``kind``, ``grade``, ``rule``,
        ``entries``, ``lists``, ``references`` and ``programmes`` (lists, of the entries of sanctions lists),
        ``note`` (its id), ``note_text`` (what it says), ``score`` (of a name, else ``None``), ``why`` (a list),
        ``link``, ``start``, ``end`` (code points of ``document.text``), ``jurisdiction``, ``status``, ``checked``,
        ``from`` and ``until`` (ISO dates or ``None``), ``sources`` and ``links`` (lists of one length), ``full``.
        ``annotator batch --rows hits`` has the same columns.
        """
        from .tabulating import rows

        return rows(self.document, self.annotations, self.rulebook, self.lists)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the text with its mentions marked, and the notes under it."""
        from .tabulating import html

        return html(self.document.text, self.annotations, self.as_of)

    @property
    def unplaced(self) -> tuple[Annotation, ...]:
        """The annotations for which the last rendering found no safe place."""
        return tuple(self._unplaced)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What should be known of how the article was read, and of lists that are old, one line each."""
        from .reading.language import warnings_of

        # Where nothing was found that may be a mention, nothing can have been passed over.
        read = self.document.warnings if self.document.laid_out else ()
        old = self._old_lists()
        return (*warnings_of(self.document.text), *read, *((old,) if old else ()))

    def _old_lists(self) -> str:
        """Say which of the lists that notes rest on are much older than the article."""
        if self.lists is None:
            return ""
        used: dict[str, None] = {}
        for one in self.annotations:
            ids = (one.rule, *one.fields.get(noting.ALSO, "").split("|"))
            used |= {name.partition(":")[0].removeprefix(noting.LISTED): None for name in ids if noting.LISTED in name}
        dates = self.lists.older(used, self.as_of)
        if not dates:
            return ""
        shown = ", ".join(f"{self.lists.title(list_)} of {date}" for list_, date in dates.items())
        return f"copies of lists are more than 90 days older than the article: {shown}; see: annotator lists sources"

    def render(self, format: str | None = None, *, style: str = "", detail: str = "brief") -> str:
        """Return the document with notes, or what goes beside it (``json``), as a string.

        ``format`` is one of ``annotator.writing.FORMATS``, the document's own when left out; ``style`` is a way
        to place notes that the format knows. ``detail`` is ``brief`` (the notes' sentences, sources once at the end) or
        ``full`` (with verification, dates checked and all sources), for outputs that people read. Raises
        ``UsageError`` for a format or style that does not exist, does not fit the document or is no text.
        """
        if (text := self._as_given(format, style, detail)) is not None:
            return text
        document = self.document
        if not self.annotations and writing.gives_back(document, format or document.format, style, detail):
            self._unplaced.clear()
            return document.markup  # without a way through bytes and back
        output = writing.OUTPUTS.get(format or document.format)
        if output is not None and not output.codec and (not output.keeps or not document.encoding):
            raise UsageError(f"{format or document.format} output is not text; use render_bytes")
        data = self.render_bytes(format, style=style, detail=detail)
        if output is not None and output.codec:
            return data.decode(output.codec)
        return data[len(document.bom) :].decode(document.encoding, document.errors)

    def render_bytes(self, format: str | None = None, *, style: str = "", detail: str = "brief") -> bytes:
        """Return what ``render`` returns, in the document's own encoding and with its byte-order mark."""
        if (text := self._as_given(format, style, detail)) is not None:
            return _bytes(text)
        self._unplaced.clear()
        if not self.annotations and writing.gives_back(self.document, format or self.document.format, style, detail):
            return self.document.source
        output = writing.OUTPUTS.get(format or self.document.format)
        timed = output is not None and output.timed
        return writing.render(
            self.document,
            self.annotations,
            format=format or self.document.format,
            as_of=self.as_of,
            as_of_from=self.as_of_from,
            digest=self.rulebook.digest,
            sources=self._sources(),
            decisions=self.decisions.digest if self.decisions is not None else "",
            style=style,
            policy=self.policy,
            detail=detail,
            unplaced=self._unplaced,
            timelines=noting.timelines(self.annotations, self.rulebook, self.lists) if timed else None,
        )

    def _as_given(self, format: str | None, style: str, detail: str) -> str | None:
        """Return the text of a quiet result, for which no document is made, where it is its own output."""
        quiet = getattr(self, "_quiet", None)
        if quiet is None or style or detail != "brief" or (format is not None and format != quiet[2]):
            return None
        return quiet[1] if isinstance(quiet[1], str) else None

    def _sources(self) -> tuple[str, ...]:
        """Return what the notes are made of: the files of rules, the stores of lists, the file of decisions."""
        lists = self.lists.sources() if self.lists else ()
        return (*self.rulebook.sources, *lists, *((self.decisions.source,) if self.decisions is not None else ()))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object (version 1) as Python data."""
        import json

        result: dict[str, Any] = json.loads(self.render_bytes("json"))
        return result

    def __str__(self) -> str:
        """Return the text with its notes."""
        return self.render()

    def __repr__(self) -> str:
        """Return a short form for debugging."""
        return f"Result({len(self.annotations)} annotations, as of {self.as_of})"


class Annotator:
    """Annotates articles with the shipped rule pack, a user's own rules, or both.

    ``rules`` are files or folders of YAML rules, or rules of an installed package by name (``package:NAME``), added to
    the shipped pack unless ``default_rules`` is false. ``only`` and ``skip`` are globs of rule ids. ``model`` is a
    spaCy pipeline, or the name of an installed one, for token rules. ``cache`` keeps compiled rules between runs.
    ``lists`` are stores of official sanctions lists (made by ``annotator lists import``) whose names are looked for
    too, beside the lists that ship with the program; the word ``none`` among them, or ``False`` instead of them,
    leaves those out. ``names`` says in which articles the names on lists are noted: ``auto`` in those that speak of
    sanctions, ``always`` or ``never``. ``name_threshold`` is the least score, between 0 and 1, at which a name is
    taken for an entry (``docs/names.md``). ``decisions`` is a file of an analyst's decisions (``docs/decisions.md``),
    or what `annotator.decisions.read` made of one.

    One annotator can be used by many threads at once. Raises ``RuleErrors`` for wrong rule files and decisions.

    >>> from annotator import Annotator
    >>> result = Annotator().annotate("The UN bans luxury goods for North Korea.", as_of="2024-06-20")
    >>> [annotation.text for annotation in result.annotations]
    ['bans luxury goods']
    """

    def __init__(
        self,
        rules: str | Path | Iterable[str | Path] = (),
        *,
        default_rules: bool = True,
        only: Iterable[str] = (),
        skip: Iterable[str] = (),
        model: Any = None,
        cache: bool = True,
        lists: Given = None,
        names: str = "auto",
        name_threshold: float | None = None,
        decisions: str | PathLike[str] | Decisions | None = None,
    ) -> None:
        paths = _paths_of("rules", rules)
        stores, shipped = stores_of(lists)
        self.rulebook = rulebook.load(paths, default_rules=default_rules, cache=cache)
        self._only = tuple(only)
        self._skip = tuple(skip)
        self._model = model
        if names not in NAMES:
            raise UsageError(f"names is one of {', '.join(NAMES)}, not {names!r}")
        self.names = names
        self.lists: Lists | None = None
        if (stores or shipped) and names != "never":
            from .lists.opened import Lists

            self.lists = Lists(stores, shipped=shipped)
        if name_threshold is not None and not 0 <= name_threshold <= 1:
            raise UsageError(f"the threshold of names is between 0 and 1, not {name_threshold:g}")
        self._threshold = name_threshold
        self.decisions: Decisions | None = None
        if decisions is not None:
            from .decisions import read_or_take  # brings in YAML

            self.decisions = read_or_take(decisions)
        self._notes: dict[tuple[str, frozenset[str]], noting.Notes] = {}
        self._asked: dict[tuple[Any, ...], tuple[Options, tuple[str, str] | None]] = {}

    @classmethod
    def of(cls, settings: Settings) -> Annotator:
        """Return an annotator with the settings of a run: ``rules`` to ``decisions`` count."""
        return cls(
            settings.rules,
            default_rules=settings.default_rules,
            only=settings.only,
            skip=settings.skip,
            model=settings.model,
            cache=settings.cache,
            lists=settings.lists,
            names=settings.names,
            name_threshold=settings.name_threshold,
            decisions=settings.decisions,
        )

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels to another process: all but the notes that can be chosen again."""
        return {**self.__dict__, "_notes": {}, "_asked": {}}

    @property
    def jurisdictions(self) -> frozenset[str]:
        """Whose law the notes are of: the jurisdictions of the rules and of the lists."""
        return self.rulebook.jurisdictions | (self.lists.jurisdictions() if self.lists else frozenset())

    def check_jurisdictions(self, names: Iterable[str]) -> None:
        """Raise ``UsageError``, naming those that there are, where one of the names is of no law that is known here.

        Rules of somebody's own need not have notes of every law: that of an actor whom sentences name may be asked for
        all the same.
        """
        actors = {actor.jurisdiction for actor in self.rulebook.lexicon.actors.values()}
        for name in names:
            if name not in actors and name not in self.jurisdictions:
                listed = "and lists " if self.lists and self.lists.jurisdictions() else ""
                known = ", ".join(sorted(self.jurisdictions)) or "none"
                raise UsageError(f"no note is of {name!r}; the rules {listed}know {known}")

    @property
    def digest(self) -> str:
        """What names rules, lists and decisions by content: the rulebook's digest, then those of the others."""
        lists = (digest[:16] for digest in (self.lists.digests if self.lists else ()))
        decided = (f"decisions:{self.decisions.digest[:16]}",) if self.decisions is not None else ()
        return "-".join((self.rulebook.digest, *lists, *decided))

    def _notes_of(self, date: str, jurisdictions: frozenset[str]) -> noting.Notes:
        """Return the notes as of a date; those of the last few dates are kept."""
        key = (date, jurisdictions)
        found = self._notes.get(key)
        if found is None:
            if len(self._notes) >= _KEPT:
                self._notes.clear()
            found = self._notes[key] = noting.Notes(self.rulebook, date, jurisdictions, self.lists)
        return found

    def idle_decisions(self) -> list[tuple[Decision, str]]:
        """Return the decisions that can take no effect, each with its entry that neither rules nor lists have.

        What is on lists is not looked for where there are none.
        """
        if self.decisions is None:
            return []
        wanted = self.decisions.entries
        listed = [name for name in wanted if name.startswith(noting.LISTED)]
        absent = {name for name in wanted if name not in listed and name not in self.rulebook.rule_ids}
        if self.lists is not None:
            absent.update(self.lists.absent(listed))
        return [(one, name) for name, one in wanted.items() if name in absent]

    def ruling(self, document: Document, id: str | None = None) -> Ruling | None:
        """Return what is decided for a document, ``None`` where nothing is; ``id`` is what its collection calls it."""
        return self.decisions.of(document, id) or None if self.decisions is not None else None

    @property
    def _filter(self) -> Callable[[str], bool] | None:
        """What tells of a rule or an entry, by its id, whether it takes part; ``None`` where all do."""
        return self._selected if self._only or self._skip else None

    def _selected(self, rule: str) -> bool:
        if self._only and not any(fnmatchcase(rule, glob) for glob in self._only):
            return False
        return not any(fnmatchcase(rule, glob) for glob in self._skip)

    def read(
        self,
        source: Article,
        *,
        format: str | None = None,
        path: str | PathLike[str] | None = None,
        encoding: str | None = None,
    ) -> Document:
        """Return the document for an article, without the notes that an earlier run of ours put in.

        Raises ``InputError`` when the bytes are no text or in no known encoding, and ``EditedError`` when the
        article holds notes of an earlier run but was changed since: it would get a second set of them. Raises
        ``TypeError`` for what is no article, a path among them.
        """
        if isinstance(source, Document):
            return source
        _check_article(source, "annotate_file")
        return writing.read_bare(
            source, format=format, path=None if path is None else _path_of(path), encoding=encoding
        )

    def mentions(
        self,
        document: Document,
        *,
        everything: bool = False,
        as_of: str | None = None,
        ranks: bool = False,
        voice: str | None = None,
        ruling: Ruling | None = None,
    ) -> list[Mention]:
        """Return the mentions in a document; with ``everything`` also what was ruled out, and why.

        ``as_of`` (an ISO date) is the day of which the law is, and from which the ages of listed persons are told.
        ``ranks`` works out how outright each mention speaks of the law. ``voice`` is the id of the actor of the rules
        who says "we" and "our" in the document; left out, nobody does. ``ruling`` is what is decided for
        the document, that of its path when left out. Raises ``UsageError`` for no such actor.
        """
        self._check_voice(voice)
        return matching.match(
            document,
            self.rulebook,
            everything=everything,
            selected=self._filter,
            model=self._model,
            lists=self.lists,
            names=self.names,
            name_threshold=self._threshold,
            as_of=as_of,
            ranks=ranks,
            voice=voice or "",
            ruling=self.ruling(document) if ruling is None else ruling,
        )

    def _is_quiet(self, text: str, without: str = "", *, parted: bool = False) -> bool:
        """Tell, at the speed of reading, that a text has no mention; false where that is not plain at once.

        ``without`` is what it may not have either, ``parted`` says how it is built: see `matching.quiet`.
        """
        names = self.names if self.lists else "never"
        if names == "always" and self.decisions is not None:
            return False
        return matching.quiet(
            text,
            self.rulebook,
            names=names,
            without=without,
            lists=self.lists,
            name_threshold=self._threshold,
            selected=self._filter,
            parted=parted,
        )

    def _check_voice(self, voice: str | None) -> None:
        if voice and voice not in self.rulebook.lexicon.actors:
            known = ", ".join(sorted(self.rulebook.lexicon.actors))
            raise UsageError(f"no actor {voice!r} in the rules; they have: {known}")

    def annotate(
        self,
        source: Article,
        *,
        as_of: str | datetime.date | None = None,
        notes: str = "best",
        jurisdictions: Iterable[str] = (),
        format: str | None = None,
        path: str | PathLike[str] | None = None,
        encoding: str | None = None,
        voice: str | None = None,
        id: str | None = None,
        options: Options | None = None,
    ) -> Result:
        """Annotate one article.

        ``source`` is its text, its bytes, or a ``Document`` already read. ``as_of`` (a date, ``YYYY-MM-DD`` or
        ``today``) chooses the notes in force on that day; left out, the date that the article itself gives
        (metadata, else a dateline that cannot be mistaken), else today. ``notes`` is
        ``best`` (each note where the article speaks of the law most outright), ``first`` (each note at its first
        mention), ``paragraph`` (once in each) or ``every``. ``jurisdictions`` (``un``, ``eu``, ``us``,
        ``uk`` …) keeps notes of these only; one of which there are none is refused. ``format`` is one of
        ``annotator.reading.FORMATS``, told by the content and by ``path`` when left out. ``voice`` is the actor of
        the rules who says "we" in the article. ``id`` is what decisions call the article, beside its path.
        ``options`` hold all of these but ``path`` and ``id`` at once, and then go before them. Raises ``UsageError``
        and ``InputError``, and ``TypeError`` for what is no article: a file is annotated by `annotate_file`.
        """
        # Wrong options are refused before anything is read.
        if options is None:
            options, day = self._options(as_of, notes, jurisdictions, format, encoding, voice)
        else:
            day = self._check_options(options)
        name = None if path is None else _path_of(path)
        format = options.format
        if isinstance(source, str):
            format = format or reading.format_of(name, source)
        text = reading.text_of(format, source) if isinstance(source, str) and format is not None else None
        if isinstance(source, str) and format is not None and text is not None:
            # What is quiet, all of it, holds no notes of ours, so that reading it takes nothing more.
            all_read = text is source or writing.OPENING not in source
            if all_read and self._is_quiet(text, writing.WORDS, parted=format == "text"):
                return Result.quiet(self, source, format, name, options.notes, day)
            document = writing.read_bare(source, format=format, path=name)
        else:
            document = self.read(source, format=format, path=name, encoding=options.encoding)
            if self._is_quiet(document.text, parted=document.parted):
                return Result.quiet(self, document, document.format, name, options.notes, day)
        del source  # bytes of a long text, which the document does without
        date, date_from = day_of(options.as_of, document)
        ruling = self.ruling(document, id)
        best = options.notes == "best"
        mentions = self.mentions(document, as_of=date, ranks=best, voice=options.voice, ruling=ruling)
        chosen = self._notes_of(date, frozenset(options.jurisdictions))
        annotations = tuple(noting.note(document, mentions, chosen, policy=options.notes))
        decided = ruling.used if ruling is not None else ()
        return Result(
            document, annotations, date, date_from, self.rulebook, self.lists, options.notes, self.decisions, decided
        )

    def lookup(
        self, words: str, *, as_of: str | datetime.date | None = None, jurisdictions: Iterable[str] = ()
    ) -> Lookup:
        """Look up a name, a measure, a citation, a programme's tag or a ship's IMO number.

        ``as_of`` (a date, ``YYYY-MM-DD`` or ``today``) is the day as of which it is answered, today when left out.
        ``jurisdictions`` keeps what is of these only. The lists that this annotator has are looked in whatever
        ``names`` says, since that is about articles; with ``names="never"`` it has none. Raises ``UsageError`` for no
        date, for no words and for too many.

        >>> from annotator import Annotator
        >>> Annotator(lists=False).lookup("luxury goods to North Korea", as_of="2024-06-20").provisions[0].id
        'un.dprk.luxury-goods'
        """
        from .lookup import Engine, look_up

        date, date_from = day_of(as_of)
        notes = self._notes_of(date, frozenset(_jurisdictions(jurisdictions)))

        def read(text: str, names: bool, day: str | None = date) -> list[Mention]:  # noqa: FBT001 - by place
            return matching.match(
                self.read(text, format="text"),
                self.rulebook,
                selected=self._filter,
                model=self._model,
                lists=self.lists if names else None,
                name_threshold=self._threshold,
                as_of=day,
            )

        def undated(text: str) -> list[Mention]:
            return read(text, False, None)

        engine = Engine(self.rulebook, self.lists, notes, read, undated, self._selected)
        return look_up(words, engine, date, date_from)

    def _options(
        self,
        as_of: str | datetime.date | None,
        notes: str,
        jurisdictions: Iterable[str],
        format: str | None,
        encoding: str | None,
        voice: str | None,
    ) -> tuple[Options, tuple[str, str] | None]:
        """Return options as given for one article, checked, and the day that they give; the last few are kept."""
        key = as_of, notes, format, encoding, voice
        if jurisdictions or as_of == "today" or not set(map(type, key)) <= _PLAIN:
            options = options_of(as_of, notes, jurisdictions, format, encoding, voice)
            return options, self._check_options(options)
        found = self._asked.get(key)
        if found is None:
            options = options_of(as_of, notes, (), format, encoding, voice)
            if len(self._asked) >= _KEPT:
                self._asked.clear()
            found = self._asked[key] = options, self._check_options(options)
        return found

    def _check_options(self, options: Options) -> tuple[str, str] | None:
        """Return the day that options give, if they do. Raises ``UsageError`` for options that cannot be met."""
        if options.notes not in noting.POLICIES:
            raise UsageError(f"notes is one of {', '.join(noting.POLICIES)}, not {options.notes!r}")
        self._check_voice(options.voice)
        if options.jurisdictions:
            self.check_jurisdictions(options.jurisdictions)
        return None if options.as_of is None else day_of(options.as_of)

    def annotate_file(
        self,
        path: str | PathLike[str],
        *,
        as_of: str | datetime.date | None = None,
        notes: str = "best",
        jurisdictions: Iterable[str] = (),
        format: str | None = None,
        encoding: str | None = None,
        voice: str | None = None,
        options: Options | None = None,
    ) -> Result:
        """Annotate the article in a file; the file itself stays as it is.

        ``path`` names it, and its name helps to tell the format; all else is as with `annotate`. Raises
        ``InputError`` for a file that cannot be read, ``TypeError`` for what is no path.
        """
        if options is None:
            options = options_of(as_of, notes, jurisdictions, format, encoding, voice)
        self._check_options(options)
        name = _path_of(path)
        return self.annotate(read_file(name), path=name, options=options)

    @overload
    def batch(self, articles: Iterable[Article], *, options: Options | None = None) -> Iterator[Result]: ...

    @overload
    def batch(
        self, articles: Iterable[tuple[_Id, Article]], *, options: Options | None = None
    ) -> Iterator[tuple[_Id, Result]]: ...

    def batch(self, articles: Iterable[Any], *, options: Options | None = None) -> Iterator[Any]:
        """Annotate many articles one after the other: yield the results in order, each as soon as it is made.

        ``articles`` are what `annotate` takes, and then the results come by themselves; or pairs of an id of any kind
        (one that is text is what decisions may call the article) and such an article, and then pairs of the id and the
        result come. They are taken one at a time, so there may be more of them than memory holds. ``options`` are how
        each is annotated, refused at once where they are wrong. An article that cannot be read raises ``InputError``,
        with a note that says which it was, and ends the batch; ``annotator batch`` goes on instead, and uses several
        processes.
        """
        if isinstance(articles, (str, bytes, PathLike, Document)):
            raise TypeError(f"batch takes several articles, not {_kind(articles)}; for one use annotate")
        options = options or Options()
        self._check_options(options)
        return self._batch(iter(articles), options)

    def _batch(self, articles: Iterator[Any], options: Options) -> Iterator[Any]:
        for number, article in enumerate(articles, 1):
            paired = isinstance(article, tuple)
            if paired and len(article) != 2:
                raise TypeError(f"item {number} of the batch is a tuple of {len(article)}; a pair is (id, article)")
            try:
                known = article[0] if paired and isinstance(article[0], str) else None
                result = self.annotate(article[1] if paired else article, id=known, options=options)
            except Exception as error:
                error.add_note(f"in item {number} of the batch{f', {article[0]!r}' if paired else ''}")
                raise
            yield (article[0], result) if paired else result


def _kind(value: object) -> str:
    return type(value).__name__


def _path_of(path: object) -> str:
    """Return a path as text. Raises ``TypeError`` for what is none."""
    if not isinstance(path, (str, PathLike)):
        raise TypeError(f"a path is text or os.PathLike, not {_kind(path)}")
    name = os.fspath(path)
    return os.fsdecode(name)


def _paths_of(what: str, given: object) -> list[str | Path]:
    """Return one path, or several, as a list. Raises ``TypeError`` for what is none."""
    try:
        paths: list[Any] = [given] if isinstance(given, (str, PathLike)) else list(given)  # type: ignore[call-overload]
    except TypeError:
        raise TypeError(f"{what} is a path or several, not {_kind(given)}") from None
    for path in paths:
        if not isinstance(path, (str, PathLike)):
            raise TypeError(f"{what} are paths, text or os.PathLike, not {_kind(path)}")
    return paths


def _check_article(source: object, instead: str) -> None:
    """Raise ``TypeError`` for what is neither text nor bytes; ``instead`` is what takes the path of a file."""
    if isinstance(source, PathLike):
        raise TypeError(f"an article is text or bytes, not a path ({_kind(source)}); for a file use {instead}")
    if not isinstance(source, (str, bytes)):
        raise TypeError(f"an article is text or bytes, not {_kind(source)}")


def stores_of(lists: Given) -> tuple[list[str | Path], bool]:
    """Return the user's own stores, and whether the lists that ship with the program count beside them.

    ``ANNOTATOR_LISTS=none`` in the environment leaves these out too, unless ``lists`` is true.
    """
    if lists is None or isinstance(lists, bool):
        return [], lists is True or (lists is None and os.environ.get("ANNOTATOR_LISTS") != NO_LISTS)
    stores = _paths_of("lists", lists)
    own = [store for store in stores if store != NO_LISTS]
    return own, len(own) == len(stores) and os.environ.get("ANNOTATOR_LISTS") != NO_LISTS


def unplaced_words(result: Result) -> str:
    """Return the words for the annotations that the last rendering found no safe place for."""
    shown = ", ".join(f"“{' '.join(one.text.split())[:60]}”" for one in result.unplaced[:3])
    more = f" and {len(result.unplaced) - 3} more" if len(result.unplaced) > 3 else ""
    return f"no safe place for the notes on {shown}{more}; the markup around them is broken or not shown"


def options_of(
    as_of: str | datetime.date | None,
    notes: str,
    jurisdictions: Iterable[str],
    format: str | None,
    encoding: str | None,
    voice: str | None = None,
) -> Options:
    """Return the options of one article, of what ``annotate`` may be given."""
    day = as_of.isoformat()[:10] if isinstance(as_of, datetime.date) else as_of
    named = _jurisdictions(jurisdictions)
    return Options(as_of=day, notes=notes, jurisdictions=named, format=format, encoding=encoding, voice=voice)


def _jurisdictions(given: Iterable[str]) -> tuple[str, ...]:
    names = given.split(",") if isinstance(given, str) else list(given)
    return tuple(dict.fromkeys(name.strip().lower() for name in names if name.strip()))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def strip(source: str | bytes, *, edited: bool = False) -> Any:
    """Return an annotated text without its notes: the original, byte for byte.

    Text without notes of ours comes back as it is; ``str`` gives ``str``, ``bytes`` gives ``bytes``.
    Raises ``EditedError`` when the text was changed since it was annotated, unless ``edited`` is true:
    then markers and notes are taken out all the same. Raises ``TypeError`` for what is neither.
    """
    _check_article(source, "Path.read_bytes")
    if isinstance(source, str):
        return writing.strip(_bytes(source), edited=edited).decode("utf-8", "surrogatepass")
    return writing.strip(source, edited=edited)
