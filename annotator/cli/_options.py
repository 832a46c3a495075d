"""The options that several commands share, and what they are turned into.

Values are checked when the command line is read, so that a wrong one ends the run before any file is
touched; sets of allowed values are asked from the layer that knows them, and only when needed.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from .. import config
from ..errors import UsageError
from ._screen import COLOURS, Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..api import Annotator

    _TextType = click.ParamType[str]
else:
    _TextType = click.ParamType  # generic only in newer versions

_MOST_IDLE = 5  # decisions that take no effect, which a run names

_Function = TypeVar("_Function", bound="Callable[..., Any]")

HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"]}


def screen() -> Screen:
    """Return the screen of the run."""
    found: Screen = click.get_current_context().obj
    return found


class OneOf(_TextType):
    """One of a few names, with a suggestion for a misspelt one."""

    name = "name"

    def __init__(self, what: str, names: Callable[[], Sequence[str]], remark: str = "") -> None:
        self.what = what
        self.names = names
        self.remark = remark

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return the names as they stand in the help."""
        return "|".join(self.names())

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name if it is one."""
        names = self.names()
        if value not in names:
            self.refuse(value, names, param, ctx)
        return str(value)

    def refuse(
        self, value: Any, names: Sequence[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> NoReturn:
        """Say what is wrong with a name, and what may be meant."""
        from difflib import get_close_matches

        close = get_close_matches(str(value).lower(), names, 1)
        hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(names)}"
        self.fail(f"unknown {self.what} {value!r}; {hint}{self.remark}", param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """Offer the names to the shell."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in self.names() if name.startswith(incomplete)]


class FileName(_TextType):
    """A path as it was given: what is wrong with it shows when it is opened."""

    name = "path"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """Let the shell offer its files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


FILE_NAME = FileName()


class _Day(_TextType):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return config.date_of(str(value))
        except UsageError as error:
            self.fail(str(error), param, ctx)


DAY = _Day()


class _Threshold(_TextType):
    name = "0-1"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return config.threshold_of(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)


def _input_formats() -> Sequence[str]:
    from ..reading import FORMATS

    return FORMATS


def _output_formats() -> Sequence[str]:
    from ..writing import FORMATS

    return FORMATS


def _policies() -> Sequence[str]:
    from ..noting import POLICIES

    return POLICIES


def _details() -> Sequence[str]:
    from ..writing import DETAILS

    return DETAILS


OUTPUT_FORMAT = OneOf("output format", _output_formats, " (-o names the file to write to)")


def _stacked(*options: Callable[[_Function], _Function]) -> Callable[[_Function], _Function]:
    def put_on(function: _Function) -> _Function:
        for option in reversed(options):
            function = option(function)
        return function

    return put_on


def _on_screen(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value and param.name:
        setattr(ctx.obj, param.name, value)


talking = _stacked(
    click.option(
        "-q", "--quiet", is_flag=True, expose_value=False, callback=_on_screen, help="Say nothing but errors."
    ),
    click.option(
        "-v",
        "--verbose",
        is_flag=True,
        is_eager=True,  # --version says more with it
        expose_value=False,
        callback=_on_screen,
        help="Say what was done with each file.",
    ),
    click.option(
        "--color",
        type=OneOf("choice", lambda: COLOURS),
        expose_value=False,
        callback=_on_screen,
        help="Colour messages: on a terminal (auto), always or never. Articles are never coloured.",
    ),
    # Seen before anything is parsed (see _app.App.main), so that it serves for faults in parsing too.
    click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error."),
)

_CONFIG = _stacked(
    click.option("--config", "config_file", metavar="FILE", type=FILE_NAME, help="Take settings from FILE."),
    click.option("--no-config", is_flag=True, help="Take settings from no file."),
)

_RULES = _stacked(
    click.option(
        "--rules",
        multiple=True,
        metavar="PATH",
        type=FILE_NAME,
        help="Add a rule file or folder, or the rules of an installed package (package:NAME); repeatable.",
    ),
    click.option("--default-rules/--no-default-rules", default=None, help="Use the shipped rules, or do without."),
    click.option("--only", multiple=True, metavar="GLOB", help="Use only rules with such ids; repeatable."),
    click.option("--skip", multiple=True, metavar="GLOB", help="Leave out rules with such ids; repeatable."),
)

_STORES = _stacked(
    click.option(
        "--lists",
        multiple=True,
        metavar="STORE",
        type=FILE_NAME,
        help="Look for the names of the sanctions lists in STORE beside those that ship; repeatable.",
    ),
    click.option("--no-lists", is_flag=True, help="Do without the sanctions lists that ship with the program."),
)

_LISTS = _stacked(
    _STORES,
    click.option(
        "--names",
        type=OneOf("choice", lambda: config.NAMES),
        help="Note names on lists in articles that speak of sanctions (auto), always or never.",
    ),
    click.option(
        "--name-threshold",
        type=_Threshold(),
        help="Take a name for an entry of a list from this score on; 0.5 when left out.",
    ),
)

_DECISIONS = click.option(
    "--decisions",
    metavar="FILE",
    type=FILE_NAME,
    help="Honour the decisions in FILE: who is not meant, who always is, what is ignored (docs/decisions.md).",
)

_JURISDICTION = click.option(
    "--jurisdiction",
    multiple=True,
    metavar="un,eu,…",
    help="Keep the notes of these jurisdictions only; repeatable.",
)
_MODEL = click.option("--model", metavar="NAME", help="Use this spaCy pipeline for rules on tokens.")
_CACHE = click.option("--cache/--no-cache", default=None, help="Keep compiled rules between runs, or do without.")

_LOOKUP = _stacked(
    click.option("--as-of", type=DAY, help="Answer as of this day; today when left out."),
    _JURISDICTION,
    _CACHE,
)

_RUN = _stacked(
    click.option(
        "--as-of",
        type=_Day(),
        help="Choose the notes in force on this day; the article's own date when left out, else today.",
    ),
    click.option(
        "--notes",
        type=OneOf("choice", _policies),
        help="Give each note at its best place, at its first mention, once in a paragraph, or every time.",
    ),
    click.option(
        "--detail",
        type=OneOf("choice", _details),
        help="Let notes that people read be brief, or full: with all sources, what is verified, and when.",
    ),
    click.option(
        "--voice",
        metavar="ACTOR",
        help='Whose "we" and "our" it is: us, eu, uk … (an actor of the rules); nobody\'s when left out.',
    ),
    _JURISDICTION,
    _MODEL,
    click.option("--encoding", metavar="NAME", help="Read files in this encoding; told from the bytes when left out."),
    _CACHE,
)

input_format = click.option(
    "--format",
    "input_format",
    type=OneOf("format", _input_formats),
    help="Take files for this format; told by content and names when left out.",
)

with_targets = _stacked(
    click.option(
        "-o",
        "--output-file",
        metavar="FILE",
        type=FILE_NAME,
        help="Write to FILE; with several articles, to files of the same names in the folder FILE.",
    ),
    click.option("--in-place", is_flag=True, help="Write each article over its own file, in one step."),
)


FAIL_ON = ("claims", "imprecise", "any", "none")


def fails_on(default: str | None, remark: str) -> Callable[[_Function], _Function]:
    """Return the option ``--fail-on`` with what it is when left out, and a remark for its help."""
    return click.option(
        "--fail-on",
        type=OneOf("choice", lambda: FAIL_ON),
        default=default,
        help=f"Exit with code 1 when a claim is contradicted (claims), or imprecise too, or on any annotation{remark}.",
    )


with_fail_on = fails_on(None, "; never when left out, or for none")
with_style = click.option("--style", metavar="NAME", help="Place notes in this way, where the output knows several.")
with_strict = click.option(
    "--strict", is_flag=True, help="Fail where a note has no safe place in the article; else warn."
)


def _settings(options: dict[str, Any], names: tuple[str, ...]) -> config.Settings:
    """Make settings of the configuration file and, over it, of what the command line gives."""
    path, without = options.pop("config_file"), options.pop("no_config")
    if path and without:
        raise UsageError("--config and --no-config exclude each other")
    if path is None and not without:
        path = config.find()
    merged: dict[str, Any] = {}
    if options.pop("no_lists", False):
        options["lists"] = (config.NO_LISTS, *options["lists"])
    if path is not None:
        merged = config.load(path)
        screen().inform(f"settings from {path}")
    for name in names:
        value = options.pop(name)
        if name == "jurisdiction" and value:
            value = config.names_of(",".join(value))
            if not value:
                raise UsageError("--jurisdiction: names no jurisdiction; write for example un,eu")
        if value not in (None, ()):
            merged[name] = value
    return config.Settings(**merged)


_RULE_NAMES = ("rules", "default_rules", "only", "skip")
_RUN_NAMES = (
    "as_of",
    "notes",
    "detail",
    "voice",
    "jurisdiction",
    "model",
    "encoding",
    "cache",
    "lists",
    "names",
    "name_threshold",
    "decisions",
)
_ENGINE_NAMES = ("model", "cache", "lists", "names", "name_threshold", *_RULE_NAMES)


def with_rules(function: _Function) -> _Function:
    """Give a command the options that choose rules; it is called with ``settings``."""
    return _with_settings(function, _RULE_NAMES, _stacked(_RULES, _CONFIG))


def with_settings(function: _Function) -> _Function:
    """Give a command all options of the configuration; it is called with ``settings``."""
    return _with_settings(function, (*_RUN_NAMES, *_RULE_NAMES), _stacked(_RUN, _LISTS, _DECISIONS, _RULES, _CONFIG))


def with_lookup(function: _Function) -> _Function:
    """Give a command the options of a lookup: the day, the authorities, the lists and the rules."""
    options = _stacked(_LOOKUP, _STORES, _RULES, _CONFIG)
    return _with_settings(function, ("as_of", "jurisdiction", "cache", "lists", *_RULE_NAMES), options)


def with_engine(function: _Function) -> _Function:
    """Give a command the options that an annotator is made of; it is called with ``settings``."""
    return _with_settings(function, _ENGINE_NAMES, _stacked(_MODEL, _CACHE, _LISTS, _RULES, _CONFIG))


def _with_settings(function: _Function, names: tuple[str, ...], options: Callable[[_Function], _Function]) -> _Function:
    @wraps(function)
    def called(**given: Any) -> Any:
        settings = _settings(given, names)
        return function(settings=settings, **given)

    return options(cast("_Function", called))


def engine(settings: config.Settings) -> Annotator:
    """Return the annotator for the settings. Raises ``RuleErrors``, ``UsageError``."""
    from ..api import Annotator

    made = Annotator.of(settings)
    if made.lists is not None:
        made.lists.say = screen().hint
    book = made.rulebook
    if settings.only or settings.skip:
        check_globs(settings, book.rule_ids, lists=bool(made.lists))
    if settings.jurisdiction:
        try:
            made.check_jurisdictions(settings.jurisdiction)
        except UsageError as error:
            raise UsageError(f"--jurisdiction: {error}") from None
    if made.decisions is not None:
        _report_decisions(made)
    screen().inform(f"rules {book.digest}: {len(book.rule_ids)} rules, {len(book.note_ids)} notes")
    return made


def _report_decisions(made: Annotator) -> None:
    """Warn of decisions that can take no effect."""
    assert made.decisions is not None
    screen().inform(f"decisions {made.decisions.digest[:16]}: {len(made.decisions)} from {made.decisions.path}")
    idle = made.idle_decisions()
    for one, name in idle[:_MOST_IDLE]:
        what = "no list has such an entry" if name.startswith("lists.") else "no rule has such an id"
        screen().warn(f"{one.place}: {name}: {what}, so this takes no effect")
    if len(idle) > _MOST_IDLE:
        screen().warn(f"{made.decisions.path}: and {len(idle) - _MOST_IDLE} more such; see: annotator explain --all")


def check_globs(settings: config.Settings, identifiers: Sequence[str], *, lists: bool = False) -> None:
    """Raise ``UsageError`` where ``only`` chooses no rule; warn where a glob fits none.

    With ``lists`` a glob on their ids is let pass: they may be a million.
    """
    from fnmatch import fnmatchcase

    for option, globs in (("--only", settings.only), ("--skip", settings.skip)):
        for glob in globs:
            if (lists and glob.startswith("lists.")) or any(fnmatchcase(name, glob) for name in identifiers):
                continue
            from difflib import get_close_matches

            close = get_close_matches(glob, identifiers, 1, 0.7)
            hint = f"did you mean {close[0]}?" if close else "see: annotator rules list"
            message = f"{option} {glob}: no rule has such an id; {hint}"
            if option == "--only":
                raise UsageError(message)
            screen().warn(message)
