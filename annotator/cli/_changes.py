"""Which lines of files have changed: since a revision, as git tells, or in a unified diff.

Git is called without a shell, and so that it neither goes on the network nor runs programs that a repository names.
Lines are counted as git counts them: they end at a line feed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .._lazy import regex
from ..errors import InputError, MissingExtraError, UsageError
from ._files import STDIN, label, read

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence

    from ._screen import Screen

# First and last line of each stretch that changed; `WHOLE` of a file of which all counts as changed.
Stretches = list[tuple[int, int]]
WHOLE: Stretches = [(1, 2**63)]

_HUNK = regex(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_QUOTED = regex(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = regex(rb"\\([0-7]{3}|.)")
_LETTERS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
_PREFIXED = regex(r"[abciow]/")  # what git puts before a path, as it is set up
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_KEPT = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES")  # of what the environment tells git
_GIT = ("git", "--no-pager", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false")
_DIFF = (
    "diff --no-color --no-ext-diff --no-textconv --no-relative --ignore-submodules=all --find-renames --unified=0 "
    "--inter-hunk-context=0 --src-prefix=a/ --dst-prefix=b/"
).split()


def changes(names: Sequence[str], since: str | None, diff: str | None, screen: Screen) -> dict[str, Stretches] | None:
    """Return the changed lines of each file that was named, ``None`` where all lines of all files count.

    ``since`` names a revision; ``diff`` a file that holds a unified diff, ``-`` for standard input. Raises `UsageError`
    for options that cannot be, `InputError` for what is no diff, `MissingExtraError` where there is no git.
    """
    if since is None and diff is None:
        return None
    if since is not None and diff is not None:
        raise UsageError("--since and --diff exclude each other")
    option = "--since" if since is not None else "--diff"
    if STDIN in names:
        raise UsageError(f"{option}: standard input has no lines that changed; name the articles")
    if since is not None:
        return _since(names, since)
    return _in_diff(names, diff or "", screen)


def touched(stretches: Stretches, first: int, last: int) -> bool:
    """Tell whether any line from the first to the last has changed."""
    return any(start <= last and first <= end for start, end in stretches)


def _since(names: Sequence[str], revision: str) -> dict[str, Stretches]:
    """Ask git; a file that it does not know has changed as a whole."""
    found: dict[str, Stretches] = {}
    tops: dict[str, str] = {}
    inside: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        real = os.path.realpath(name)
        folder = os.path.dirname(real)
        if not os.path.isfile(real):
            found[name] = WHOLE  # reading says what is wrong with it
            continue
        if folder not in tops:
            tops[folder] = _top(folder, revision)
        path = os.path.relpath(real, os.path.realpath(tops[folder])).replace(os.sep, "/")
        inside.setdefault(tops[folder], []).append((name, path))
    for top, files in inside.items():
        changed = parsed(_git(top, revision, *_DIFF, _base(top, revision), "--"), f"--since {revision}")
        known = {os.fsdecode(path) for path in _git(top, revision, "ls-files", "-z").split(b"\0")}
        for name, path in files:
            found[name] = changed.get(path, []) if path in known else WHOLE
    return found


def _top(folder: str, revision: str) -> str:
    return os.fsdecode(_git(folder, revision, "rev-parse", "--show-toplevel").removesuffix(b"\n"))


def _base(top: str, revision: str) -> str:
    """Return the commit to compare with: where the history parted from the revision, or that itself."""
    unknown = f"--since {revision}: no such revision in {top}"
    if not revision.strip() or revision.startswith("-") or "\0" in revision:
        raise UsageError(unknown)
    try:
        commit = _git(top, revision, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except UsageError:
        hint = "; name one revision, not a range" if ".." in revision else ""
        raise UsageError(unknown + hint) from None
    try:
        return _git(top, revision, "merge-base", commit, "HEAD").decode().strip()
    except UsageError:  # a history without a common beginning, or a shallow one
        return commit


def _git(folder: str, revision: str, *arguments: str) -> bytes:
    """Return what a git command prints. Raises `UsageError` with its reason where it fails."""
    import subprocess

    environ = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key.startswith(_KEPT)}
    environ |= {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
    environ |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command without a shell
            [*_GIT, *arguments], cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as error:
        reason = "it is not installed" if isinstance(error, FileNotFoundError) else error.strerror or error
        raise MissingExtraError(f"--since {revision}: git cannot be run: {reason}; --diff reads a diff") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().split("\n")
        said = next((line for line in lines if line.startswith("fatal: ")), lines[-1]).removeprefix("fatal: ")
        if said.startswith("not a git repository"):
            raise UsageError(f"--since {revision}: {folder} is in no git repository")
        raise UsageError(f"--since {revision}: git says of {folder}: {said or done.returncode}")
    return done.stdout


def _in_diff(names: Sequence[str], diff: str, screen: Screen) -> dict[str, Stretches]:
    """Read a diff.

    Its paths count from the root of the repository, or from the working folder where there is no such file.
    """
    data = read(diff, screen)
    for mark, codec in _BOMS:  # as PowerShell writes what a command prints
        if data.startswith(mark):
            data = data.decode(codec, "replace").encode("utf-8", "replace")
            break
    places: dict[str, Stretches] = {}
    here = os.getcwd()
    roots = dict.fromkeys((_root(here), here))
    for path, stretches in parsed(data, f"--diff {label(diff)}").items():
        ways = (path[2:], path) if _PREFIXED.match(path) else (path,)
        there = (os.path.join(root, one) for root in roots for one in ways)
        found = next(filter(os.path.exists, there), None)
        if found is not None:
            places.setdefault(_place(found), []).extend(stretches)
    return {name: places.get(_place(name), []) for name in names}


def _root(folder: str) -> str:
    """Return the root of the repository that a folder is in, or the folder."""
    above = folder
    while not os.path.exists(os.path.join(above, ".git")):
        if above == os.path.dirname(above):
            return folder
        above = os.path.dirname(above)
    return above


def _place(path: str) -> str:
    return os.path.normcase(os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path)))


def parsed(data: bytes, what: str) -> dict[str, Stretches]:
    """Return the lines that a unified diff adds or changes in each file, by its path as the diff has it.

    Of git's own diffs the path is without the ``b/`` before it. A file that is not text there has changed as a whole.
    ``what`` is what messages call the diff. Raises `InputError` for what is no unified diff.
    """
    lines = data.split(b"\n")
    found: dict[str, Stretches] = {}
    git = seen = False
    path: str | None = None
    at = 0
    while at < len(lines):
        line = lines[at].removesuffix(b"\r")
        at += 1
        if line.startswith(b"diff --git "):
            git = seen = True
            path = _twice(line[11:])
        elif line.startswith(b"rename to "):
            path = _named(line[10:])
        elif line.startswith(b"--- ") and lines[at : at + 1] and lines[at].startswith(b"+++ "):
            seen = True
            path = _named(lines[at].removesuffix(b"\r")[4:])
            path = None if path == "/dev/null" else path[2:] if git and path.startswith("b/") else path
            at += 1
        elif line.startswith((b"Binary files ", b"GIT binary patch")) and git:
            if path is not None:
                found[path] = WHOLE
        elif line.startswith(b"@@@ "):
            raise InputError(f"{what}: line {at:,}: a diff of a merge; give one against one revision")
        elif line.startswith(b"@@ "):
            at = _hunk(lines, at, found.setdefault(path, []) if path is not None else [], what)
            seen = True
    if not seen and data.strip():
        raise InputError(f"{what}: no unified diff; make one with: git diff")
    return found


def _hunk(lines: list[bytes], at: int, stretches: Stretches, what: str) -> int:
    """Read the hunk whose head is before a line, add what it changes, and return the line behind it."""
    head = _HUNK.match(lines[at - 1])
    if head is None:
        raise InputError(f"{what}: line {at:,}: a hunk without its numbers")
    old, line, new = int(head[1] or b"1"), int(head[2]), int(head[3] or b"1")
    begun = at
    while old > 0 or new > 0:
        mark = lines[at][:1] if at < len(lines) - 1 or any(lines[at:]) else b"?"  # behind the last there is nothing
        if mark == b"+":
            if stretches and stretches[-1][1] == line - 1:
                stretches[-1] = (stretches[-1][0], line)
            else:
                stretches.append((line, line))
        elif mark not in (b"-", b" ", b"", b"\r", b"\\"):
            raise InputError(f"{what}: line {begun:,}: a hunk that ends early")
        if mark not in (b"-", b"\\"):
            line += 1
            new -= 1
        if mark not in (b"+", b"\\"):
            old -= 1
        at += 1
    return at


def _named(name: bytes) -> str:
    """Return the path that a line of a diff names, without quotation marks, and without the date behind it."""
    quoted = _QUOTED.match(name)
    return os.fsdecode(_unescaped(quoted[1]) if quoted else name.partition(b"\t")[0])


def _twice(names: bytes) -> str | None:
    """Return the path in the first line of git's, which has it twice; ``None`` where the two differ."""
    parts: Iterable[bytes] = (_unescaped(one) for one in _QUOTED.findall(names))
    old, new = (*parts, b"", b"")[:2]
    if not new:
        old, new = names[: len(names) // 2], names[len(names) // 2 + 1 :]
    if old == new:  # without prefixes
        return os.fsdecode(new)
    return os.fsdecode(new[2:]) if new[1:2] == b"/" and old[2:] == new[2:] else None


def _unescaped(name: bytes) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8) & 255]) if len(code) == 3 else _LETTERS.get(code, code)

    return _ESCAPE.sub(one, name)
