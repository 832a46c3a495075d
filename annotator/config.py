"""Settings of a run: their defaults, and the configuration file that changes them.

``annotator.toml`` or the table ``[tool.annotator]`` of a ``pyproject.toml``, whichever is nearest upwards
from the working folder; in one folder ``annotator.toml`` goes first. A ``pyproject.toml`` without the
table is passed over. The keys are the command's long options without the dashes in front.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["KEYS", "NAMES", "NO_LISTS", "Options", "Settings", "date_of", "find", "load", "names_of", "threshold_of"]

# When names on sanctions lists are noted.
NAMES = ("auto", "always", "never")
# Among stores of lists: without those that ship with the program.
NO_LISTS = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How one article is annotated, each as `Annotator.annotate` takes it.

    ``as_of`` is a date in ISO form or ``today``; ``jurisdictions`` are in small letters; ``voice`` is the actor who
    says "we". One that differs in something is made by ``dataclasses.replace``.
    """

    as_of: str | None = None
    notes: str = "best"
    jurisdictions: tuple[str, ...] = ()
    format: str | None = None
    encoding: str | None = None
    voice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What decides the outcome of a run beside its input; made from defaults, file and command line.

    ``rules`` to ``decisions`` make an `Annotator`, ``detail`` is how much the notes say in outputs that people
    read, the others are `Options` of every article.
    """

    rules: tuple[str, ...] = ()
    default_rules: bool = True
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    model: str | None = None
    cache: bool = True
    lists: tuple[str, ...] = ()
    names: str = "auto"
    name_threshold: float | None = None
    decisions: str | None = None
    as_of: str | None = None
    notes: str = "best"
    jurisdiction: tuple[str, ...] = ()
    encoding: str | None = None
    voice: str | None = None
    detail: str = "brief"

    def options(self, format: str | None = None) -> Options:
        """Return how an article is annotated that is of a format, or of whatever its content says."""
        return Options(
            as_of=self.as_of,
            notes=self.notes,
            jurisdictions=self.jurisdiction,
            format=format,
            encoding=self.encoding,
            voice=self.voice,
        )


# How people write dates when they do not write YYYY-MM-DD, as far as only one day can be meant.
_OTHER_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y")


def date_of(text: str) -> str:
    """Return a date as ``YYYY-MM-DD``, or ``today`` for that word. Raises ``UsageError`` with a suggestion.

    >>> date_of("2024-06-20")
    '2024-06-20'
    """
    import datetime  # most runs have no date given

    given = text.strip()
    if given.lower() == "today":
        return "today"
    if len(given) == len("YYYY-MM-DD") and given[4] == given[7] == "-" and given.replace("-", "").isdecimal():
        try:
            return datetime.date.fromisoformat(given).isoformat()
        except ValueError:
            raise UsageError(f"there is no day {given}; write the date as YYYY-MM-DD") from None
    for form in _OTHER_DATES:
        try:
            day = datetime.datetime.strptime(given, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
        raise UsageError(f"{given!r} is not written as YYYY-MM-DD; did you mean {day.isoformat()}?")
    raise UsageError(f"{given!r} is not a date; write it as YYYY-MM-DD, or today")


def names_of(text: str) -> tuple[str, ...]:
    """Return the names in a comma-separated list, in lower case, each once.

    >>> names_of("UN, eu,un")
    ('un', 'eu')
    """
    return tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))


def find(start: str | None = None) -> str | None:
    """Return the configuration file that holds in the folder ``start`` (the working folder), if any."""
    try:
        folder = os.path.abspath(start or os.getcwd())
    except OSError:  # the working folder is gone
        return None
    while True:
        path = os.path.join(folder, "annotator.toml")
        if os.path.isfile(path):
            return path
        path = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(path) and _has_table(path):
            return path
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _has_table(path: str) -> bool:
    """Tell whether a ``pyproject.toml`` has our table; what cannot be read or parsed has none."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    flat = data.translate(None, b" \t\"'")
    if b"tool.annotator" not in flat and b"[tool]" not in flat:
        return False
    import tomllib

    try:
        return "annotator" in tomllib.loads(data.decode("utf-8")).get("tool", {})
    except (ValueError, AttributeError):
        # Broken, but it names us in a heading: loading it will say what is wrong.
        return b"[tool.annotator" in flat


def load(path: str) -> dict[str, Any]:
    """Return the settings of a configuration file as keywords for `Settings`.

    Paths in it are relative to the file. Raises ``ConfigError`` that names file, key and what to do.
    """
    import tomllib

    try:
        with open(path, "rb") as file:
            data = tomllib.loads(file.read().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; check --config") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8 text; save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    table: Any = data
    if os.path.basename(path) == "pyproject.toml":
        tool = data.get("tool", {})
        table = tool.get("annotator") if isinstance(tool, dict) else None
        if table is None:
            raise ConfigError(f"{path}: has no table [tool.annotator]; add it or name another file")
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: 'tool.annotator' must be a table; write [tool.annotator]")
    elif set(data) == {"tool"}:
        raise ConfigError(f"{path}: in annotator.toml the keys stand by themselves; remove the [tool.annotator] line")
    return _settings(table, path)


def _settings(table: Mapping[str, Any], path: str) -> dict[str, Any]:
    folder = os.path.dirname(os.path.abspath(path))
    result: dict[str, Any] = {}
    for key, value in table.items():
        read = KEYS.get(key)
        if read is None:
            from difflib import get_close_matches

            close = get_close_matches(key.replace("_", "-").lower(), KEYS, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(sorted(KEYS))}"
            raise ConfigError(f"{path}: unknown key {key!r}; {hint}")
        try:
            result[key.replace("-", "_")] = read(value, folder)
        except UsageError as error:
            raise ConfigError(f"{path}: {key!r}: {error}") from None
    return result


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."  # keeps the message on one line


def _text(value: object, _folder: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"must be text in quotes, not {_shown(value)}")
    return value


def _flag(value: object, _folder: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"must be true or false, not {_shown(value)}")
    return value


def _list(value: object, _folder: str = "") -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
        raise UsageError(f"must be text or a list of texts, not {_shown(value)}")
    return tuple(items)


def _paths(value: object, folder: str) -> tuple[str, ...]:
    return tuple(os.path.normpath(os.path.join(folder, os.path.expanduser(item))) for item in _list(value))


def _rules(value: object, folder: str) -> tuple[str, ...]:
    """Return paths of rules; those of an installed package go by its name."""
    return tuple(one if one.startswith("package:") else _paths([one], folder)[0] for one in _list(value))


def _names(value: object, _folder: str) -> tuple[str, ...]:
    return names_of(",".join(_list(value)))


def _model(value: object, folder: str) -> str:
    name = _text(value, folder)
    # A name of an installed model has no slash; a folder that holds one does.
    return os.path.normpath(os.path.join(folder, os.path.expanduser(name))) if "/" in name else name


def _date(value: object, folder: str) -> str:
    if not isinstance(value, str) and hasattr(value, "isoformat"):  # TOML has dates of its own
        return date_of(str(value.isoformat())[:10])
    return date_of(_text(value, folder))


def threshold_of(text: object) -> float:
    """Return a number between 0 and 1. Raises ``UsageError``.

    >>> threshold_of("0.8")
    0.8
    """
    try:
        number = float(text) if isinstance(text, (str, int, float)) and not isinstance(text, bool) else -1.0
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise UsageError(f"must be a number between 0 and 1, not {_shown(text)}")
    return number


def _path(value: object, folder: str) -> str:
    return _paths([_text(value, folder)], folder)[0]


def _threshold(value: object, _folder: str) -> float:
    return threshold_of(value)


def _stores(value: object, folder: str) -> tuple[str, ...]:
    return tuple(one if one == NO_LISTS else _paths([one], folder)[0] for one in _list(value))


def _when(value: object, folder: str) -> str:
    name = _text(value, folder)
    if name not in NAMES:
        raise UsageError(f"must be one of {', '.join(NAMES)}, not {_shown(value)}")
    return name


def _policy(value: object, folder: str) -> str:
    from .noting import POLICIES  # a layer that the run needs anyway, but later

    name = _text(value, folder)
    if name not in POLICIES:
        raise UsageError(f"must be one of {', '.join(POLICIES)}, not {_shown(value)}")
    return name


def _detail(value: object, folder: str) -> str:
    from .writing import DETAILS

    name = _text(value, folder)
    if name not in DETAILS:
        raise UsageError(f"must be one of {', '.join(DETAILS)}, not {_shown(value)}")
    return name


KEYS: dict[str, Callable[[object, str], Any]] = {
    "rules": _rules,
    "default-rules": _flag,
    "only": _list,
    "skip": _list,
    "as-of": _date,
    "notes": _policy,
    "detail": _detail,
    "voice": _text,
    "jurisdiction": _names,
    "model": _model,
    "encoding": _text,
    "cache": _flag,
    "lists": _stores,
    "names": _when,
    "name-threshold": _threshold,
    "decisions": _path,
}
