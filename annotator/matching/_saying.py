"""What a condition asks of a statement, and what the own sentence of a place rules out before others are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..statements.chunks import PREP
from ..statements.naming import ON

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..statements.roles import Reader
    from ..statements.statement import Statement

CARRIED = frozenset({"by", "target", "named"})  # roles that other sentences may fill
REFERRING = frozenset({"the measures", "its", "it"})  # words that lead to a target that was named before
_COUNTRIES = frozenset({"country", "regime", "nation", "state", "government", "republic"})


def has_roles(wanted: dict[str, Any], statement: Statement | None) -> bool:
    """Tell whether a statement has the roles that a condition asks for; a role that is unknown never fits."""
    return statement is not None and all(has_role(role, values, statement) for role, values in wanted.items())


def has_role(role: str, values: Any, statement: Statement) -> bool:
    """Tell whether a statement has a role that a condition asks for."""
    if role in {"by", "target"}:
        actors = statement.authority.actors if role == "by" else statement.target.actors
        if values == "any":
            return bool(actors)
        if values == "nobody":
            return not actors and statement.authority.how != "another"
        return not set(actors).isdisjoint(values)
    if role == "exists":
        return bool((statement.existing and statement.presupposed) == values)
    if isinstance(values, bool):
        return bool(getattr(statement, role) == values)
    return getattr(statement, role) in values


def cannot_say(wanted: dict[str, Any], own: Statement | None, carries_target: Callable[[Statement], bool]) -> bool:
    """Tell whether a statement, as its ``own`` sentence has it, lacks a role that no other sentence fills.

    ``carries_target`` tells whether a target may be carried over to it.
    """
    if own is None or not all(has_role(role, values, own) for role, values in wanted.items() if role not in CARRIED):
        return True
    if "by" in wanted and own.authority.how == "another" and not has_role("by", wanted["by"], own):
        return True
    return (
        "target" in wanted
        and not own.target.actors
        and not has_role("target", wanted["target"], own)
        and not carries_target(own)
    )


def may_carry(statement: Statement, reader: Reader) -> bool:
    """Tell whether a target may be carried over to a statement that names none."""
    return (
        statement.refers in REFERRING
        or means_country(statement, reader)
        or names_author_alone(statement, reader)
        or bool(only_one_meant(statement, reader))
    )


def only_one_meant(statement: Statement, reader: Reader) -> str:
    """Return the one country of a sentence that something is "on" or "against", for a measure without a target.

    "Welcomes the steps against the Lukashenka regime, and the measures announced by the EU".
    """
    if not statement.authority.actors or statement.target.actors or statement.named or not statement.existing:
        return ""
    s = reader.s
    others = {a for n, chunk in enumerate(s.chunks) if chunk.actors for a in reader.actors_in(n) if not reader.makes(a)}
    struck = {
        a
        for n, chunk in enumerate(s.chunks)
        if chunk.kind == PREP and chunk.word in ON and n + 1 < len(s.chunks) and s.chunks[n + 1].actors
        for a in reader.actors_in(n + 1)
    }
    return next(iter(others)) if len(others) == 1 and others <= struck else ""


def names_author_alone(statement: Statement, reader: Reader) -> bool:
    """Tell whether a sentence names the author of a measure and no country besides, nor a person by name.

    "The EU lifted its restrictions in May", behind a sentence on Syria.
    """
    if not statement.authority.actors or statement.target.actors or not statement.existing:
        return False
    if statement.status != "asserted" or not all(map(reader.makes, statement.authority.actors)):
        return False
    chunks, t = reader.s.chunks, reader.t
    if any(chunk.actors and not all(reader.makes(a) for a in reader.actors_in(n)) for n, chunk in enumerate(chunks)):
        return False
    return not statement.named or not any(
        chunk.names and any(low <= t.starts[chunk.first] < high for low, high in statement.spots) for chunk in chunks
    )


def means_country(statement: Statement, reader: Reader) -> bool:
    """Tell whether a target is "the country" and the like, named before."""
    if not statement.named or statement.group < 0:
        return False
    chunks, words = reader.s.chunks, reader.t.words
    return any(
        prep in {"on", "against"} and words[chunks[other].head] in _COUNTRIES
        for prep, other in reader.s.phrases(statement.group)
    )
