"""The cache of compiled rules: mapped, checked, shared, and made anew where it is damaged."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from pathlib import Path

import pytest

from annotator import Annotator, core
from annotator.rulebook import Rulebook, _store, load


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that the cache is in."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("ANNOTATOR_CACHE_DIR", str(folder))
    monkeypatch.delenv("ANNOTATOR_NO_CACHE", raising=False)
    return folder


def packed() -> bytes:
    return _store.pack({"one": b"first", "two": bytes(range(256)) * 9, "none": b""})


def test_a_mapped_file_gives_what_its_bytes_give(tmp_path: Path) -> None:
    path = tmp_path / "rules.bin"
    path.write_bytes(packed())
    mapped, plain = _store.Sections.mapped(str(path)), _store.Sections(packed())
    for name in ("one", "two", "none"):
        assert mapped[name] == plain[name] == bytes(mapped.view(name)) == bytes(plain.view(name))
    assert mapped.slice("two", 3, 300) == plain["two"][3:300]
    assert mapped.content == plain.content == packed()
    assert mapped.sum == plain.sum
    assert "two" in mapped
    assert "three" not in mapped


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:7],
        lambda data: data[:-1],
        lambda data: data + b"0",
        lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
        lambda data: b"another file altogether, but long enough to be one of ours",
    ],
    ids=["empty", "short", "cut", "longer", "one bit", "foreign"],
)
def test_a_damaged_file_is_refused_and_can_be_replaced(damage, cached: Path) -> None:  # type: ignore[no-untyped-def]
    _store.cache_write("rules-key", packed())
    path = cached / "rules-key.bin"
    path.write_bytes(damage(packed()))
    assert _store.cache_read("rules-key") is None
    _store.cache_write("rules-key", packed())
    again = _store.cache_read("rules-key")
    assert again is not None
    assert again.content == packed()


def test_what_is_mapped_outlives_its_file(cached: Path) -> None:
    _store.cache_write("rules-key", packed())
    sections = _store.cache_read("rules-key")
    assert sections is not None
    if os.name == "posix":
        (cached / "rules-key.bin").unlink()
        assert sections.content == packed()
    else:
        _store.cache_write("rules-key", packed())  # no error, whether or not it could be replaced
        assert sections.content == packed()


def test_one_old_file_that_cannot_go_does_not_keep_the_others(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        _store.cache_write(f"rules-{number}", packed())
        os.utime(cached / f"rules-{number}.bin", (number, number))
    remove = os.unlink

    def unlink(path: str) -> None:
        if path.endswith("rules-1.bin"):
            raise PermissionError(13, "in use")
        remove(path)

    monkeypatch.setattr(os, "unlink", unlink)
    _store.cache_write("rules-new", packed(), keep=3)
    assert sorted(entry.name for entry in cached.iterdir()) == [
        "rules-1.bin", "rules-3.bin", "rules-4.bin", "rules-new.bin"
    ]  # fmt: skip


def small() -> Rulebook:
    load((), default_rules=False)  # into the cache
    return load((), default_rules=False)


def test_what_killed_writers_left_goes_what_others_write_stays(cached: Path) -> None:
    _store.cache_write("rules-1", packed())
    (cached / ".new-old").write_bytes(b"half")
    (cached / ".new-now").write_bytes(b"half")
    (cached / "lists-1.db").write_bytes(b"of somebody else")
    for name in (".new-old", "lists-1.db"):
        os.utime(cached / name, (1000, 1000))
    _store.cache_write("files-1", packed())
    assert sorted(entry.name for entry in cached.iterdir()) == [".new-now", "files-1.bin", "lists-1.db", "rules-1.bin"]


def test_rules_travel_to_a_machine_without_the_core(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = load()
    text = "Resolution 2397 (2017) bans the sale of luxury goods to North Korea, Kim Jong Un's spokesman said."
    made = Annotator()
    made.rulebook = rulebook
    told = made.annotate(text, as_of="2024-06-20").annotations
    sent = pickle.dumps(rulebook)
    monkeypatch.setattr(core, "scan", None)
    made.rulebook = pickle.loads(sent)
    assert made.rulebook.core is None
    assert made.annotate(text, as_of="2024-06-20").annotations == told
    assert told


def test_rules_travel_as_their_content(cached: Path) -> None:
    book = small()
    data = pickle.dumps(book)
    for path in cached.iterdir():
        path.unlink()
    there = pickle.loads(data)
    assert there.digest == book.digest
    assert there.head == book.head


def tell(book: Rulebook, results) -> None:  # type: ignore[no-untyped-def]
    results.send((book.digest, book._sections.path, len(book._sections.content)))


def test_a_process_that_is_started_here_maps_the_same_file(cached: Path) -> None:
    book = small()
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=tell, args=(book, there))
    process.start()
    assert here.poll(60)
    digest, path, size = here.recv()
    process.join(60)
    assert digest == book.digest
    assert path is not None
    assert Path(path).parent == cached
    assert size == len(book._sections.content)
