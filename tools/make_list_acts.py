"""Make the table that leads from the programmes of official lists to the acts under which they list.

    python tools/make_list_acts.py

What each programme's act is stands below; citations, addresses and how far they were checked come from the pack's
own tables, so that no act is written down twice. Writes ``rules/data/list-acts.csv``; says on standard error which
programmes of the shipped lists have no act, and exits with 1 when an act is in no table.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from annotator.lists import shipped

DATA = ROOT / "rules" / "data"
# UN: the resolution under which names are listed now.
UN = {
    "DPRK": "1718", "DRC": "1533", "GB": "2048", "Haiti": "2653", "Iran": "1737", "Iraq": "1483", "Libya": "1970",
    "Mali": "2374", "Somalia": "1844", "SouthSudan": "2206", "Sudan": "1591", "Taliban": "1988", "Yemen": "2140",
    "CAR": "2127", "Al-Qaida": "2253",
}  # fmt: skip
# EU: the basic act by programme. IRN stands for three, and UNLI for what no act has taken over yet: neither is told.
EU = {
    "AFG": "753/2011", "BLR": "765/2006", "CAF": "224/2014", "CHEM": "2018/1542", "COD": "1183/2005", "CYB": "2019/796",
    "EUAQ": "2016/1686", "GIN": "1284/2009", "GTM": "2024/287", "HAM": "2024/386", "HR": "2020/1998",
    "HTI": "2022/2309", "IRQ": "1210/2003", "LBY": "2016/44", "MDA": "2023/888", "MLI": "2017/1770",
    "MMR": "401/2013", "NIC": "2019/1716", "PRK": "2017/1509", "RUS": "2024/1485", "RUSDA": "2024/2642",
    "SDN": "747/2014", "SDNZ": "2023/2147", "SOM": "356/2010", "SSD": "2015/735", "SYR": "36/2012", "TAQA": "881/2002",
    "TERR": "2580/2001", "TUN": "101/2011", "UKR": "269/2014", "VEN": "2017/2063", "YEM": "1352/2014",
}  # fmt: skip
CA = {
    "Belarus": "2020-214", "China": "2021-49", "Extremist Settler Violence": "2024-91", "Guatemala": "2024-23",
    "Haiti": "2022-226", "Hamas Terrorist Attacks": "2024-17", "Iran": "2010-165",
    "Justice for Victims of Corrupt Foreign Officials Regulations (JVCFOR)": "2017-233", "Moldova": "2023-109",
    "Myanmar (Burma)": "2007-285", "Nicaragua": "2019-232", "Russia": "2014-58", "Sri Lanka": "2023-2",
    "Sudan": "2024-61", "Syria": "2011-114", "Ukraine": "2014-60", "Venezuela": "2017-204", "Zimbabwe": "2008-248",
}  # fmt: skip
# UK: titles that lists write in another way.
UK = {
    "yemen sanctions eu exit regulations 2020": "2020/1278", "russia": "2019/855", "syria": "2019/792",
    "isil da esh and al qaeda united nations sanctions eu exit regulations 2019": "2019/466",
    "isil da esh and al qaida": "2019/466", "zimbabwe": "2019/604", "iraq": "2020/707",
    "democratic republic of the congo": "2019/433", "global anti corruption": "2021/488",
}  # fmt: skip
# US: tags that name no order, by acts and parts of the CFR.
_EU_EXIT = "2020-12-31"
US_ACTS = {
    "CAATSA - RUSSIA": "CAATSA", "CAATSA - IRAN": "CAATSA", "FTO": "Immigration and Nationality Act, section 219",
    "IFCA": "Iran Freedom and Counter-Proliferation Act of 2012", "ISA": "Iran Sanctions Act of 1996",
    "IRAN-TRA": "Iran Threat Reduction and Syria Human Rights Act of 2012",
    "NICARAGUA-NHRAA": "Nicaragua Human Rights and Anticorruption Act of 2018",
    "SDNTK": "Foreign Narcotics Kingpin Designation Act",
    "SYRIA-CAESAR": "Caesar Syria Civilian Protection Act of 2019",
    "SSIDES": "Support for the Sovereignty, Integrity, Democracy, and Economic Stability of Ukraine Act of 2014",
}  # fmt: skip
US_PARTS = {"CUBA": "31/515", "IFSR": "31/561", "IRGC": "31/561", "561-Related": "31/561", "MAGNIT": "31/584"}
# What blocks nothing, and what stands for several orders.
US_UNTOLD = {"NS-PLC", "SYRIA"}
COLUMNS = ("key", "short", "instrument", "url", "from", "status")
_ORDER = re.compile(r"(?:E\.O\. |EO)(\d{5})")


def main() -> int:
    """Write the table."""
    rows: list[dict[str, str]] = []
    missing: list[str] = []
    without: list[str] = []
    for list_, programme in programmes():
        try:
            row = _act(list_, programme)
        except KeyError as error:
            missing.append(f"{list_}/{programme}: {error}")
            continue
        if row is None:
            without.append(f"{list_}/{programme}")
        else:
            rows.append({"key": f"{list_}/{programme}", **row})
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (DATA / "list-acts.csv").write_text(out.getvalue(), encoding="utf-8", newline="\n")
    sys.stderr.write(f"{len(rows)} programmes; without an act: {', '.join(without) or 'none'}\n")
    sys.stderr.writelines(f"no such act: {one}\n" for one in missing)
    return 1 if missing else 0


def programmes() -> list[tuple[str, str]]:
    """Return the programmes of the shipped lists, in order."""
    store = shipped.make_store(shipped.manifest())
    found = {(entry.list, one) for _, entry in store.entries() for one in entry.programmes}
    return sorted(found)


def _table(name: str, key: str) -> dict[str, dict[str, str]]:
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def _act(list_: str, programme: str) -> dict[str, str] | None:
    maker = {"un": _un, "eu": _eu, "uk": _uk, "ca": _ca}.get(list_.partition("-")[0])
    return _us(programme) if maker is None else maker(programme)


def _row(short: str, instrument: str, url: str, status: str, since: str = "") -> dict[str, str]:
    return {"short": short, "instrument": instrument, "url": url, "from": since, "status": status}


def _year(number: str) -> str:
    """Return the year in the number of an act, the day after which it cannot have been made before."""
    hit = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", number)
    return hit.group() if hit else ""


def _un(programme: str) -> dict[str, str]:
    row = _table("unsc-resolutions.csv", "number")[UN[programme]]
    short = f"S/RES/{row['number']} ({row['year']})"
    title = f"Security Council resolution {row['number']} ({row['year']})"
    return _row(short, title, row["url"], row["status"], row["adopted"] or row["year"])


def _eu(programme: str) -> dict[str, str] | None:
    if programme not in EU:
        return None
    row = _table("eu-acts.csv", "number")[EU[programme]]
    url = f"https://eur-lex.europa.eu/eli/{row['path']}"
    return _row(row["short"], row["citation"], url, row["status"], row["adopted"] or _year(row["number"]))


def _plain(title: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", title.lower())).removeprefix("the ")


def _uk(programme: str) -> dict[str, str] | None:
    table = _table("uk-instruments.csv", "number")
    by_title = {_plain(row["title"]): number for number, row in table.items()}
    name = _plain(programme)
    row = table[UK.get(name) or by_title[name]]
    url = f"https://www.legislation.gov.uk/{row['path']}"
    # What carries on EU law applies from the day on which that no longer did.
    since = _EU_EXIT if "(EU Exit)" in row["title"] else _year(row["number"])
    return _row(f"SI {row['number']}", row["title"], url, row["status"], since)


def _ca(programme: str) -> dict[str, str] | None:
    if programme not in CA:
        return None
    row = _table("ca-regulations.csv", "number")[CA[programme]]
    return _row(f"SOR/{row['number']}", row["title"], row["url"], row["status"], _year(row["number"]))


def _us(tag: str) -> dict[str, str] | None:
    if tag in US_UNTOLD:
        return None
    known = _table("us-programme-tags.csv", "tag").get(tag, {})
    if tag in US_ACTS:
        row = _table("us-acts.csv", "name").get(US_ACTS[tag])
        if row is None:
            return None
        return _row(row["brief"] or row["name"], row["name"], row["url"], row["status"])
    if tag in US_PARTS:
        row = _table("us-cfr.csv", "cite")[US_PARTS[tag]]
        return _row(row["citation"], row["title"], row["url"], row["status"])
    hit = _ORDER.search(tag) or _ORDER.search(known.get("means", ""))
    if hit is None:
        return None
    row = _table("us-executive-orders.csv", "number")[hit.group(1)]
    title = f"Executive Order {row['number']}" + (f", {row['title']}" if row["title"] else "")
    url = f"https://www.federalregister.gov/{row['path']}" if row["path"] else ""
    return _row(f"E.O. {row['number']}", title, url, row["status"], known.get("from", "") or row["from"])


if __name__ == "__main__":
    sys.exit(main())
