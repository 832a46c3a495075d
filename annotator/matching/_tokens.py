"""Run token rules with spaCy's ``Matcher``, on the paragraphs where they could fire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._lazy import regex
from ..errors import MissingExtraError, RuleError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_KEPT = 16  # paragraphs as a pipeline has read them: several rules may ask for one
_SURROGATES = regex("[\ud800-\udfff]")


class TokenMatcher:
    """Matches token patterns with the user's pipeline, or a blank English one."""

    def __init__(self, model: Any = None) -> None:
        """Take a loaded pipeline, the name of an installed one, or ``None``. Raises ``MissingExtraError``."""
        try:
            import spacy
        except ImportError:
            raise MissingExtraError("a token rule needs spaCy, which is not installed: pip install spacy") from None
        if isinstance(model, str):
            try:
                model = spacy.load(model)
            except OSError:
                raise MissingExtraError(
                    f"the spaCy model {model!r} is not installed; install it or leave out the model option"
                ) from None
        self.pipeline = model if model is not None else spacy.blank("en")
        self._matchers: dict[int, Any] = {}
        self._docs: dict[str, list[tuple[int, Any]]] = {}

    def find(self, rule: int, patterns: list[Any], text: str) -> list[tuple[int, int]]:
        """Return (start, end) in code points of ``text`` for each longest match of a rule's patterns."""
        from spacy.matcher import Matcher
        from spacy.util import filter_spans

        matcher = self._matchers.get(rule)
        if matcher is None:
            matcher = Matcher(self.pipeline.vocab)
            try:
                matcher.add("rule", patterns)
            except Exception as error:  # noqa: BLE001 - spaCy raises several kinds of its own
                raise RuleError(f"token pattern: {str(error).splitlines()[0]}") from None
            self._matchers[rule] = matcher
        docs = self._docs.get(text)
        if docs is None:
            if len(self._docs) >= _MOST_KEPT:
                self._docs.clear()
            docs = self._docs[text] = [(at, self.pipeline(part)) for at, part in _parts(text, self.pipeline.max_length)]
        return sorted(
            (at + span.start_char, at + span.end_char)
            for at, doc in docs
            for span in filter_spans(matcher(doc, as_spans=True))
        )


def _parts(text: str, most: int) -> Iterator[tuple[int, str]]:
    """Cut a text at blanks into parts that a pipeline takes; it takes no lone surrogates either."""
    text = _SURROGATES.sub("\ufffd", text)
    start = 0
    while len(text) - start > most:
        end = text.rfind(" ", start + 1, start + most) + 1 or start + most
        yield start, text[start:end]
        start = end
    yield start, text[start:]
