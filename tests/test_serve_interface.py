"""The interface over HTTP against its own description: whatever it allows, and whatever it does not, is answered so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from annotator import Annotator
from annotator.config import NO_LISTS, Settings
from annotator.serving import Policy, Pool, create_app

schemathesis = pytest.importorskip("schemathesis")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOKEN = "correct-horse-battery"


@pytest.fixture(scope="module")
def application(desk: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that makes an application with a policy, all with the same worker."""
    wanted = Settings(rules=(str(desk),), default_rules=False, lists=(NO_LISTS,))
    annotator = Annotator.of(wanted)
    pool = Pool(wanted, workers=1)
    pool.start(annotator)
    yield lambda **policy: create_app(annotator, pool, Policy(hosts=("testserver",), **policy))
    pool.stop()


def faults(application: Any, *, token: str | None = None, examples: int) -> tuple[set[str], int]:
    """Try an application by its own description; return what is wrong with it, and how many answers were looked at."""
    from schemathesis.engine import from_schema

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    config = schemathesis.Config(seed=7)
    found = schemathesis.openapi.from_asgi("/api/openapi.json", application, config=config, headers=headers)
    found.config.headers = headers or None
    found.config.request_timeout = 120  # that of a busy machine
    found.config.generation.max_examples = examples
    found.config.generation.deterministic = True
    found.config.generation.database = "none"
    # What no schema can say of a body that fits it: whether its text is what its format says it is, whether an output
    # has the style, or takes the format, that is asked for, and whether words have a letter or a digit.
    found.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "409", "415", "422"]
    wrong: set[str] = set()
    count = 0
    for event in from_schema(found).execute():
        info = getattr(event, "info", None) or getattr(event, "exception", None)
        if info is not None:
            wrong.add(f"{getattr(event, 'label', '')}: {info}: {getattr(event, 'value', '')}")
        recorder = getattr(event, "recorder", None)
        for checks in recorder.checks.values() if recorder is not None else ():
            count += len(checks)
            for one in checks:
                if one.failure_info is not None:
                    failure = one.failure_info.failure
                    sent = one.failure_info.code_sample
                    wrong.add(f"{recorder.label}: {one.name}: {failure.title}: {failure.message[:600]}\n{sent[:600]}")
    return wrong, count


def test_answers_are_as_described(application: Callable[..., Any]) -> None:
    wrong, count = faults(application(), examples=6)
    assert wrong == set()
    assert count > 500


def test_answers_are_as_described_where_a_token_is_asked_for(application: Callable[..., Any]) -> None:
    wrong, count = faults(application(token=TOKEN), token=TOKEN, examples=1)
    assert wrong == set()
    assert count > 100


@pytest.mark.slow
def test_answers_are_as_described_whatever_is_sent(application: Callable[..., Any]) -> None:
    wrong, count = faults(application(), examples=100)
    assert wrong == set()
    assert count > 10_000
