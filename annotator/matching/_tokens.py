"""Run token rules with spaCy's ``Matcher``, on the paragraphs where they could fire."""

from __future__ import annotations

from typing import Any

from ..errors import MissingExtraError, RuleError


class TokenMatcher:
    """Matches token patterns with the user's pipeline, or a blank English one."""

    def __init__(self, model: Any = None) -> None:
        """Take a loaded pipeline, the name of an installed one, or ``None``. Raises ``MissingExtraError``."""
        try:
            import spacy  # noqa: PLC0415
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
        self._docs: dict[str, Any] = {}

    def find(self, rule: int, patterns: list[Any], text: str) -> list[tuple[int, int]]:
        """Return (start, end) in code points of ``text`` for each longest match of a rule's patterns."""
        from spacy.matcher import Matcher  # noqa: PLC0415
        from spacy.util import filter_spans  # noqa: PLC0415

        matcher = self._matchers.get(rule)
        if matcher is None:
            matcher = Matcher(self.pipeline.vocab)
            try:
                matcher.add("rule", patterns)
            except Exception as error:  # noqa: BLE001 - spaCy raises several kinds of its own
                raise RuleError(f"token pattern: {str(error).splitlines()[0]}") from None
            self._matchers[rule] = matcher
        doc = self._docs.get(text)
        if doc is None:
            doc = self._docs[text] = self.pipeline(text)
        spans = filter_spans(matcher(doc, as_spans=True))
        return sorted((span.start_char, span.end_char) for span in spans)
