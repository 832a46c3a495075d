"""Make the copy of the official lists that ships with the program, from files of the lists alone.

    python tools/make_snapshot.py FOLDER

The folder holds the files that are named below, in folders of their own. Writes ``lists.txt.xz`` and
``manifest.json`` into ``annotator/lists/snapshot``; the same files give the same bytes. The format is described
in the README there. Exits with 1 when the packed text is larger than it may be.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from annotator.lists import Store, import_files
from annotator.lists.shipped import HEAD, LISTS_FILE, MANIFEST
from annotator.lists.store import dump

TARGET = ROOT / "annotator" / "lists" / "snapshot"
MOST = 6_000_000
# Copies of each list, with the date of those that do not say theirs.
COPIES: tuple[tuple[tuple[str, ...], str | None], ...] = (
    (("un/un_consolidated_2021-01-18.xml",), None),
    (("un/un_consolidated_2024-03-16.xml",), None),
    (("un/un_consolidated_2025-11-18.xml",), None),
    (("un/un_consolidated_2026-02-27.xml",), None),
    (("ofac/2022-01_sdn.csv", "ofac/2022-01_alt.csv", "ofac/2022-01_add.csv"), "2022-01"),
    (("ofac/sdn_advanced_excerpt_2024-02-23.xml",), None),
    (("ofac/ofac_enhanced_IRGC_2024-08-28.xml",), None),
    (("ofac/2026-08-20_sdn.csv", "ofac/2026-08-20_alt.csv"), "2026-08-20"),
    (("ofac/cons_advanced_2020-03-17.xml",), None),
    (("ofac/ofac_consolidated_nonsdn_2020-12-14.xml",), None),
    (("ofac/ofac_consolidated_nonsdn_2026-01-08.xml",), None),
    (("eu/eu_fsf_2026-02-20.xml.gz",), None),
    (("uk/ConList_2025-04-10.csv.gz",), None),
    (("uk/UK_Sanctions_List_2026-02-24.csv.gz",), None),
    (("canada/canada_sema_2025.xml",), None),
    (("seco/seco_2026-02-18.xml.gz",), None),
)
_YEAR = re.compile(r"(?:18|19|20)\d\d")
# What is kept of an entry's numbers; passports and the like are nobody's business here.
_NUMBERS = ("imo", "crypto")


def main() -> int:
    """Read the copies, and write the snapshot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "lists.db"
        for names, day in COPIES:
            files = [folder / name for name in names]
            for report in import_files(files, path, date=day):
                sys.stdout.write(f"{report.list} of {report.date}: {report.entries:,} entries\n")
        with Store.open(path) as store:
            text, manifest = made(store)
    packed = lzma.compress(text, format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, preset=9 | lzma.PRESET_EXTREME)
    if len(packed) > MOST:
        sys.stderr.write(f"{len(packed):,} bytes, more than {MOST:,}\n")
        return 1
    (TARGET / LISTS_FILE).write_bytes(packed)
    (TARGET / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(packed):,} bytes of {len(text):,}\n")
    return 0


def made(store: Store) -> tuple[bytes, dict[str, Any]]:
    """Return the text of a snapshot of a store, and what its manifest says."""
    lines = [HEAD]
    lists = []
    for status in store.lists():
        copies = store.connection.execute(
            "SELECT id, date, date_from, format, digest, files, entries, partial FROM snapshot"
            " WHERE list = ? ORDER BY date, id",
            (status.id,),
        ).fetchall()
        lines.append(f"list\t{status.id}\t{status.title}\t{status.jurisdiction}")
        for _, day, day_from, format_, digest, files, entries, partial in copies:
            names = json.dumps([file["name"] for file in json.loads(files)])
            lines.append(f"copy\t{day}\t{day_from}\t{format_}\t{digest}\t{entries}\t{partial}\t{names}")
        rows = store.connection.execute(
            "SELECT key, reference, other, body FROM entry WHERE list = ? ORDER BY key", (status.id,)
        ).fetchall()
        for key, reference, other, body in rows:
            lines.append(f"{reference}\t{other}\t{_held(store, key, copies)}\t{_kept(status.id, body)}")
        lists.append(
            {
                "id": status.id, "title": status.title, "jurisdiction": status.jurisdiction, "date": status.date,
                "date_from": status.date_from, "entries": status.entries, "removed": status.removed,
                "digest": status.digest, "files": list(status.files), "format": status.format,
                "oldest": status.oldest, "snapshots": status.snapshots, "revision": status.revision,
            }
        )  # fmt: skip
    text = ("\n".join(lines) + "\n").encode()
    return text, {"version": 1, "digest": sha256(text).hexdigest(), "lists": lists}


def _held(store: Store, key: int, copies: list[tuple[Any, ...]]) -> str:
    """Return for each copy whether it holds an entry: 1, 0, or a dot where a part of a list tells nothing."""
    versions = store.connection.execute(
        "SELECT snapshot, body IS NOT NULL FROM version WHERE entry = ? ORDER BY date, snapshot", (key,)
    ).fetchall()
    at = dict(versions)
    now = 0
    held = []
    for number, *_, partial in copies:
        now = at.get(number, now)
        held.append("." if partial and number not in at else str(now))
    return "".join(held)


def _kept(list_: str, body: str) -> str:
    """Return what ships of an entry's body."""
    data = json.loads(body)
    data.pop("amended_on", None)
    if list_ == "eu":
        data.pop("url", None)  # that of the act that changed the entry last
    if births := sorted({year for birth in data.get("births", ()) for year in _YEAR.findall(birth)}):
        data["births"] = births
    else:
        data.pop("births", None)
    if numbers := [pair for pair in data.pop("identifiers", ()) if pair[0].partition(":")[0] in _NUMBERS]:
        data["identifiers"] = numbers
    return dump(data)


if __name__ == "__main__":
    sys.exit(main())
