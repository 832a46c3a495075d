"""Make rules/data/un-paragraphs.csv, the table of what single paragraphs of sanctions resolutions do.

Takes one source file and writes the table::

    python tools/make_paragraph_table.py MEASURES.yaml -o OUT.csv

MEASURES.yaml
    A list of ``id``, ``instrument``, ``para``, ``verb``, ``from``, ``until``, ``url`` and ``status`` (V, P or K).

The source gives paragraph, verb, dates and status; the clauses are ours and stand below, each after its
entry's id. ``verb | clause`` overrides the verb where the source gives two. An entry without a clause, or of
status K, or whose number is only remembered, is left out. A range of paragraphs gives one row, which
says that the block as a whole does it, found under each of its numbers (``aliases``); a paragraph with an entry of
its own keeps its own.
"""

from __future__ import annotations

import argparse
import csv
import re
from pathlib import Path

import yaml

MOST_WORDS = 30
COLUMNS = ("pinpoint", "aliases", "number", "year", "para", "verb", "does", "from", "until", "status", "url")

CLAUSES = """
DPRK.1695.2: that the DPRK halt its ballistic missile work and return to its moratorium on launches
DPRK.1695.3: States to watch over missile goods and technology and keep them from the DPRK's missile and weapons programmes
DPRK.1695.4: States not to let missile goods be bought from the DPRK, nor money reach its missile or weapons programmes
DPRK.1718.2: that the DPRK hold no more nuclear tests and launch no ballistic missile
DPRK.1718.5: that the DPRK shall halt its ballistic missile programme and keep to its launch moratorium
DPRK.1718.6: that the DPRK shall abandon its nuclear weapons and nuclear programmes in a complete, verifiable and irreversible way
DPRK.1718.7: that the DPRK shall also abandon its other weapons of mass destruction and its ballistic missile programme
DPRK.1718.8ai: that States must keep heavy weapons of the UN Register's categories, and related materiel, from being supplied to the DPRK
DPRK.1718.8aii: that States must keep listed nuclear, missile and other weapons-related items from being supplied to the DPRK
DPRK.1718.8aiii: that States must prevent the supply, sale or transfer of luxury goods to the DPRK
DPRK.1718.8b: that the DPRK must not export the arms and listed items of 8(a)(i) and (ii), and that States must bar buying them
DPRK.1718.8c: that States must prevent training, advice and services on those arms and items from going to the DPRK or coming from it
DPRK.1718.8d: that States must freeze the assets of persons and entities designated over the DPRK's weapons programmes
DPRK.1718.8e: that States must not let in designated persons behind the DPRK's weapons policies, nor their families
DPRK.1718.8f: calls upon | States to cooperate, among other things by inspecting cargo that goes to the DPRK or comes from it
DPRK.1718.9: that the asset freeze has exemptions for basic and extraordinary expenses and for earlier judgments
DPRK.1718.10: that the travel ban does not hold where the Committee finds a humanitarian need or a gain for the resolution's aims
DPRK.1718.12: to set up the 1718 Committee, on which all members of the Council sit
DPRK.1874.2: that the DPRK hold no more nuclear tests and no launch with ballistic missile technology
DPRK.1874.3: that the DPRK shall halt its ballistic missile programme and keep to its launch moratorium
DPRK.1874.9: that the ban on arms from the DPRK covers all arms, with related finance, training and services
DPRK.1874.10: decides | that the ban on arms for the DPRK covers all arms but small arms and light weapons, on which States must give notice
DPRK.1874.11: States to inspect cargo to and from the DPRK on their territory where there are reasonable grounds
DPRK.1874.12: States to inspect vessels on the high seas, with the consent of the flag State
DPRK.1874.13: decides | that a flag State that refuses an inspection at sea shall direct the vessel to a port for it
DPRK.1874.14: to authorize all States, and to oblige them, to seize and dispose of prohibited items that are found
DPRK.1874.17: that States must bar bunkering and other services for DPRK vessels believed to carry prohibited items
DPRK.1874.18: States to stop financial services and assets that could help the weapons programmes
DPRK.1874.21: that the rules on luxury goods and assets must not hinder diplomatic missions in the DPRK
DPRK.1874.26: the Secretary-General to set up, for one year, a Panel of up to seven experts
DPRK.1874.28: States to guard against teaching or training DPRK nationals in fields that would serve its weapons programmes
DPRK.1928.1: to keep the Panel of Experts on the DPRK at work until 12 June 2011
DPRK.1985.1: to keep the Panel of Experts on the DPRK at work until 12 June 2012
DPRK.2050.1: to keep the Panel of Experts on the DPRK at work until 12 July 2013
DPRK.2141.1: to keep the Panel of Experts on the DPRK at work until 5 April 2015
DPRK.2207.1: to keep the Panel of Experts on the DPRK at work until 5 April 2016
DPRK.2276.1: to keep the Panel of Experts on the DPRK at work until 24 April 2017
DPRK.2345.1: to keep the Panel of Experts on the DPRK at work until 24 April 2018
DPRK.2407.1: to keep the Panel of Experts on the DPRK at work until 24 April 2019
DPRK.2464.1: to keep the Panel of Experts on the DPRK at work until 24 April 2020
DPRK.2515.1: to keep the Panel of Experts on the DPRK at work until 30 April 2021
DPRK.2569.1: to keep the Panel of Experts on the DPRK at work until 30 April 2022
DPRK.2627.1: to keep the Panel of Experts on the DPRK at work until 30 April 2023
DPRK.2680.1: to keep the Panel of Experts on the DPRK at work until 30 April 2024
DPRK.2087.2: that the DPRK make no more launches with ballistic missile technology and comply with resolutions 1718 and 1874
DPRK.2087.5a: recalls earlier measures and determines | that their asset freeze and travel ban apply to the names in its annexes
DPRK.2087.9: that a transfer is barred also where a designated person sends it, receives it or helps it along
DPRK.2094.2: that the DPRK shall make no further launch with ballistic missile technology, nuclear test or other provocation
DPRK.2094.7: reaffirms and decides | that the ban on training and services holds for all arms and takes in brokering
DPRK.2094.8: that the asset freeze reaches the names in its annexes, their agents, and entities that they own or control
DPRK.2094.10: that the travel ban reaches those who act for designated persons or evade sanctions, and that such DPRK nationals be expelled
DPRK.2094.11: that States must prevent financial services and bulk cash that could serve the programmes or the evasion of sanctions
DPRK.2094.14: clarifies | that the rule on money in paragraph 11 holds for cash transfers and couriers to and from the DPRK
DPRK.2094.15: that States must give no public financial support to trade with the DPRK that could serve the programmes
DPRK.2094.16: that States must inspect cargo to or from the DPRK where credible information says that it holds prohibited items
DPRK.2094.17: that States must refuse their ports to a vessel that has refused an inspection
DPRK.2094.20: that the items of its Annex III fall under the bans on supply and procurement
DPRK.2094.22: calls upon and allows | States to stop any item that could contribute to the programmes
DPRK.2094.23: reaffirms the luxury-goods ban and clarifies | that luxury goods include, but are not limited to, the items of its Annex IV
DPRK.2094.29: decides | to keep the Panel of Experts at work until 7 April 2014, with up to eight experts
DPRK.2270.6: that the ban on arms for the DPRK covers all arms, small arms and light weapons included
DPRK.2270.8: that States must prevent supply of any item, food and medicine apart, that could directly build up the DPRK's armed forces
DPRK.2270.9: that States must not host DPRK trainers or officials for military, paramilitary or police training
DPRK.2270.13: that States must expel DPRK diplomats and officials who act for designated persons or evade sanctions
DPRK.2270.17: that States must prevent teaching DPRK nationals in listed fields such as advanced physics and nuclear and aerospace engineering
DPRK.2270.18: decides | that States must inspect all cargo to and from the DPRK on their territory
DPRK.2270.19: that States must bar leasing or chartering ships or aircraft to the DPRK and providing it with crews
DPRK.2270.21: that States must refuse take-off, landing and overflight to aircraft suspected of carrying prohibited items
DPRK.2270.22: that States must refuse their ports to ships linked with designated persons or prohibited activity
DPRK.2270.27: that the bans on supply and procurement reach any item that could serve prohibited programmes or the evasion of sanctions
DPRK.2270.29: that the DPRK must not export coal, iron or iron ore, with exceptions for livelihood and for the port of Rajin
DPRK.2270.30: that the DPRK must not export gold, titanium, vanadium or rare earth minerals, and that States must not buy them
DPRK.2270.31: that States must prevent supply of aviation fuel and rocket fuel to the DPRK; refuelling abroad for the flight home is allowed
DPRK.2270.32: that the asset freeze reaches Government and Workers' Party entities that a State finds linked with prohibited programmes
DPRK.2270.33-36: that DPRK bank branches abroad must close, that banks must not open offices in the DPRK, and that private support for trade is limited
DPRK.2270.37: that the rules on bulk cash cover transfers of gold as well
DPRK.2270.39: reaffirms the luxury-goods ban and clarifies | that luxury goods include the further items of its annex
DPRK.2321.5: reaffirms the luxury-goods ban and clarifies | that luxury goods include rugs, tapestries and fine tableware of its Annex IV
DPRK.2321.7: that the items of a further list of dual-use goods for conventional arms fall under the arms embargo
DPRK.2321.10: that the fields of teaching to be prevented include advanced materials science and chemical, mechanical, electrical and industrial engineering
DPRK.2321.11: that States must suspend scientific and technical cooperation with the DPRK, medical exchanges apart, unless excepted case by case
DPRK.2321.12: that the Committee may designate ships to lose their flag, be kept from ports or be frozen
DPRK.2321.14: States to reduce the staff of DPRK missions and posts
DPRK.2321.15: that States must restrict the entry of DPRK officials and soldiers whom they find linked with prohibited programmes
DPRK.2321.16: that States must limit each DPRK mission and each of its diplomats to one bank account
DPRK.2321.18: that States must not let DPRK property on their soil serve anything but diplomatic or consular work
DPRK.2321.24: that States must strike from their registers ships that the DPRK owns, controls or operates
DPRK.2321.26: that coal exports of the DPRK must stay within a yearly limit by value or by weight
DPRK.2321.28: that the DPRK must not export copper, nickel, silver or zinc
DPRK.2321.29: that the DPRK must not export statues
DPRK.2321.30: that States must prevent the supply of new helicopters and vessels to the DPRK
DPRK.2321.31: that States must close the offices, subsidiaries and accounts of their banks in the DPRK within 90 days
DPRK.2321.32: that States must bar public and private financial support for trade with the DPRK
DPRK.2321.33: that States must expel persons who work for a DPRK bank
DPRK.2356.3: that the asset freeze and travel ban reach the persons and entities in its annexes
DPRK.2371.2: reaffirms | its decision that the DPRK shall make no launch with ballistic missile technology and no nuclear test
DPRK.2371.4: that further items related to weapons of mass destruction fall under the bans
DPRK.2371.5: that further items related to conventional arms fall under the bans
DPRK.2371.6: that the Committee may designate ships tied to prohibited activity, and that States must refuse them their ports
DPRK.2371.8: that the DPRK must not export coal, iron or iron ore; foreign coal that only passes through Rajin is excepted
DPRK.2371.9: that the DPRK must not export seafood
DPRK.2371.10: that the DPRK must not export lead or lead ore
DPRK.2371.11: that States must not let the number of work permits for DPRK nationals grow
DPRK.2371.12: that States must bar new joint ventures and cooperative entities with the DPRK and the growth of existing ones
DPRK.2375.4: that further items related to weapons of mass destruction fall under the bans
DPRK.2375.5: that further items related to conventional arms fall under the bans
DPRK.2375.7: States to inspect suspect vessels on the high seas, with the consent of the flag State
DPRK.2375.8: that the Committee designates ships that evade inspection for loss of flag, refusal of ports and asset freeze
DPRK.2375.11: that States must bar ship-to-ship transfers of goods to or from DPRK-flagged vessels
DPRK.2375.13: that States must bar the supply of condensates and natural gas liquids to the DPRK
DPRK.2375.14: that refined petroleum for the DPRK must stay within 500,000 barrels for October to December 2017 and 2 million barrels a year after that
DPRK.2375.15: that crude oil for the DPRK must not exceed the amount of the twelve months before
DPRK.2375.16: that the DPRK must not export textiles
DPRK.2375.17: that States must give DPRK nationals no new work permits unless the Committee approves
DPRK.2375.18: that States must bar and close joint ventures and cooperative entities with the DPRK; non-commercial public utilities are excepted
DPRK.2397.2: reaffirms | its decisions that the DPRK shall make no launch with ballistic missile technology, nuclear test or other provocation
DPRK.2397.4: that crude oil for the DPRK must stay within 4 million barrels or 525,000 tons in twelve months
DPRK.2397.5: that refined petroleum for the DPRK must stay within 500,000 barrels a year from 1 January 2018
DPRK.2397.6: that the DPRK must not export food, machinery, electrical equipment, earth and stone, wood or vessels, nor sell fishing rights
DPRK.2397.7: that States must prevent supply of industrial machinery, transport vehicles, iron, steel and other metals to the DPRK; spare parts for its civil airliners are excepted
DPRK.2397.8: that States must send DPRK workers and their overseers home within 24 months, by 22 December 2019
DPRK.2397.9-15: decides and calls upon States to act | on ships tied to prohibited activity: seizure, inspection and freezing in port, insurance, registration and information
DPRK.2397.14: that States must prevent the supply of any vessel, new or used, to the DPRK
DPRK.2397.28: that the Council will restrict petroleum for the DPRK further after another nuclear test or launch of a long-range missile
SO.733.5: that States shall apply a general and complete embargo on arms and military equipment for Somalia
SO.751.11: to set up a Committee on the arms embargo on Somalia
SO.1844.1: that States must not let in or through the individuals whom the Committee designates
SO.1844.3: that States must freeze the assets of those whom the Committee designates
SO.1844.7: that States must keep arms, training and related finance from those whom the Committee designates
SO.2036.22: that Somalia must stop the export of charcoal and States must not import it
SO.2713.4: that States must prevent arms deliveries to Somalia, those for the forces of its Government excepted
SO.2713.31: that the 751 Committee goes on as the 2713 Committee
SO.2498.26: that States must prevent supply to Somalia of listed parts of improvised bombs where misuse is likely
AQ.1267.4b: that States shall freeze funds of the Taliban
AQ.1267.6: to set up the 1267 Committee
AQ.1333.8c: that States shall freeze funds of Usama bin Laden and his associates
AQ.1390.2a: that States shall freeze funds of listed persons and groups of Al-Qaida and the Taliban, without limit to a territory
AQ.1390.2b: that States shall not let in or through the listed individuals
AQ.1390.2c: that States shall keep arms and related help from the listed persons and groups
AQ.1989.1: that the measures go on for Al-Qaida alone, apart from those on the Taliban
AQ.2253.1: that the Committee and its list bear the names of ISIL (Da'esh) and Al-Qaida
AQ.2253.2: that asset freeze, travel ban and arms embargo apply to ISIL, Al-Qaida and those associated with them
TA.1988.1a: that States shall freeze the assets of listed Taliban and their associates who threaten Afghanistan
TA.1988.1b: that States shall not let in or through the listed individuals
TA.1988.1c: that States shall keep arms and related help from those listed
TA.1988.30: to set up the 1988 Committee
CT.1373.1c: that States shall freeze the assets of those who take part in terrorist acts
CT.1373.6: to set up the Counter-Terrorism Committee
NP.1540.1: that States shall give no support to non-State actors that seek weapons of mass destruction
NP.1540.2: that States shall forbid by law what non-State actors do to get such weapons
NP.1540.4: to set up the 1540 Committee, at first for two years
IQ.1483.10: that the bans on trade with Iraq end, those on arms excepted
IQ.1483.23: that States shall freeze assets of Iraq's former Government and its officials and pass them to the Development Fund
IQ.1518.1: to set up the 1518 Committee, which keeps the lists under resolution 1483
IQ.1546.21: that the arms ban does not cover what the Government of Iraq or the multinational force needs
CD.1493.20: that States shall keep arms from armed groups in the east of the Democratic Republic of the Congo, at first for 12 months
CD.1533.8: to set up the 1533 Committee
CD.1596.1: reaffirms the arms embargo and decides | that it holds for any recipient in the Democratic Republic of the Congo
CD.1596.13: that States shall not let in persons designated for breaking the arms embargo
CD.1596.15: that States shall freeze the assets of designated persons
CD.1807.1: that States shall keep arms from non-governmental entities and individuals in the Democratic Republic of the Congo
CD.1807.2: that the arms measures no longer hold for the Government of the Democratic Republic of the Congo
CD.1807.9: that States shall not let in the persons designated under paragraph 13
CD.1807.11: that States shall freeze the assets of designated persons and entities
SD.1556.7: that States shall keep arms from non-governmental entities and individuals in Darfur
SD.1556.8: that States shall keep related training and help from them
SD.1591.3a: to set up the 1591 Committee
SD.1591.3d: that States shall not let in the designated individuals
SD.1591.3e: that States shall freeze the assets of the designated individuals
SD.1591.7: reaffirms the arms embargo and decides | that it holds for all parties to the ceasefire and other belligerents in Darfur
LB.1636.3a: that States shall bar entry to, and freeze assets of, agreed suspects in the killing of Rafiq Hariri
LB.1636.3b: to set up the 1636 Committee
IR.1696.2: that Iran suspend enrichment and reprocessing
IR.1737.2: that Iran shall suspend enrichment, reprocessing and heavy-water work
IR.1737.3: that States shall keep listed nuclear and missile items from Iran
IR.1737.6: that States shall prevent help, investment and finance for those items
IR.1737.7: that Iran shall not export those items and States shall not buy them
IR.1737.12: that States shall freeze the assets of persons and entities in the annex or designated later
IR.1737.18: to set up the 1737 Committee
IR.1747.5: that Iran shall not export arms and States shall not buy them
IR.1747.6: States to show restraint in supplying heavy arms to Iran
IR.1803.5: that States shall not let in the listed individuals
IR.1929.8: that States shall prevent supply to Iran of heavy arms of the UN Register's categories
IR.1929.9: that Iran shall not work on ballistic missiles that can carry nuclear weapons, launches included
IR.1929.10: that States shall not let in the individuals in the annexes on Iran
IR.1929.14: States to inspect cargo to and from Iran
IR.1929.16: that States shall seize and dispose of prohibited items that are found
IR.1929.18: that States shall bar bunkering for Iranian ships suspected of carrying prohibited items
IR.1929.19: that the asset freeze reaches the entities of the Iranian shipping line IRISL in its Annex III
IR.2231.7a: that resolutions 1696, 1737, 1747, 1803, 1835, 1929 and 2224 end once the IAEA has reported
IR.2231.11: that within 30 days of a notice of non-performance the Council votes on keeping the terminations in effect
IR.2231.12: that, failing such a resolution, the earlier provisions apply again after the thirtieth day
LY.1970.9: that States shall keep arms and mercenaries from Libya
LY.1970.10: that Libya shall stop exporting arms and States shall not buy them
LY.1970.15: that States shall not let in individuals in the annex or designated later
LY.1970.17: that States shall freeze the assets of persons and entities in the annex or designated later
LY.1970.24: to set up the 1970 Committee
LY.1973.4: States to take all necessary measures to protect civilians; this is not a sanction
LY.1973.6: on a ban on flights in the airspace of Libya
LY.1973.19: that the asset freeze reaches designated Libyan authorities and entities that they own or control
LY.2146.10: on measures that a State may have to apply to ships designated over illicit crude oil from Libya
GB.2048.4: that States shall not let in coup leaders in the annex or designated later
GB.2048.9: to set up the 2048 Committee
CF.2127.54: that States shall keep arms from the Central African Republic, at first for one year
CF.2127.57: to set up the 2127 Committee, now the 2745 Committee
CF.2134.30: that States shall not let in the designated individuals
CF.2134.32: that States shall freeze the assets of the designated individuals and entities
CF.2745.1: to lift the arms embargo of resolution 2127, so that none is left on the Government
CF.2745.2: that States shall keep arms from armed groups and their associates in the Central African Republic
YE.2140.11: that States shall freeze the assets of designated persons, at first for one year
YE.2140.15: that States shall not let in the designated individuals
YE.2140.19: to set up the 2140 Committee
YE.2216.14: that States shall keep arms from the persons it names, the Houthi side and those who act for them
SS.2206.9: that States shall not let in the designated individuals, at first for one year
SS.2206.12: that States shall freeze the assets of the designated individuals and entities
SS.2206.16: to set up the 2206 Committee
SS.2428.4: that States shall keep arms from the territory of South Sudan
HT.2653.3: that States shall not let in the designated individuals
HT.2653.6: that States shall freeze the assets of the designated individuals and entities
HT.2653.11: that States shall keep arms from the designated persons
HT.2653.19: to set up the 2653 Committee
HT.2699.14: that the embargo covers small arms, light weapons and ammunition for Haiti as a whole
ML.2374.1: that States shall not let in the designated individuals
ML.2374.4: that States shall freeze the assets of the designated individuals and entities
ML.2374.9: to set up the 2374 Committee
ALL.2664.1: that funds and goods that listed aid providers need for humanitarian work do not fall under UN asset freezes
ER.1907.5: that States shall keep arms from Eritrea
ER.1907.10: that States shall not let in the designated individuals
ER.1907.13: that States shall freeze the assets of designated persons
LR.1521.2: that States shall keep arms from Liberia
CI.1572.7: that States shall keep arms from Cote d'Ivoire, at first for 13 months
"""

# Paragraphs of several parts that news cites whole: what their rows, all verified, come to.
WHOLE = {
    "1718/8": (
        "DPRK.1718.8aiii",
        "decides | on the core measures: bans on heavy arms, weapons-related items and luxury goods, an asset freeze and a travel ban",
    ),
}

_SYMBOL = re.compile(r"S/RES/(\d+) \((\d{4})\)")
_PARA = re.compile(r"(\d+)(?:-(\d+))?((?:\([a-z]+\))*)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_STATUS = {"V": "verified", "P": "partly"}


def clauses() -> dict[str, str]:
    """Return the clauses by entry."""
    return dict(line.split(": ", 1) for line in CLAUSES.strip().splitlines())


def worded(entry: dict[str, str], clause: str) -> tuple[str, str]:
    """Return verb and clause; ``verb | clause`` overrides the verb of the entry."""
    verb, bar, rest = clause.partition(" | ")
    return (verb, rest) if bar else (entry["verb"], clause)


def row_of(entry: dict[str, str], clause: str, para: str | None = None) -> dict[str, str]:
    """Return the row of an entry; ``aliases`` holds all the numbers of a range."""
    symbol = _SYMBOL.match(entry["instrument"])
    named = str(entry["para"]) if para is None else para
    place = _PARA.match(named)
    if symbol is None or place is None:
        raise SystemExit(f"{entry['id']}: {entry['instrument']} {entry['para']} cannot be read")
    first, last, parts = place.groups()
    verb, does = worded(entry, clause)
    if last:
        verb = f"as a block {verb}"
    if len(does.split()) > MOST_WORDS or "/" in verb:
        raise SystemExit(f"{entry['id']}: too long, or two verbs: {verb} {does}")
    until = _DAY.match(str(entry["until"] or ""))
    # A number that follows from a pattern alone was not read anywhere.
    status = "partly" if "by pattern" in named else _STATUS[entry["status"]]
    numbers = range(int(first), int(last) + 1) if last else ()
    return {
        "pinpoint": f"{symbol[1]}/{place.group()}",
        "aliases": ";".join(f"{symbol[1]}/{number}" for number in numbers),
        "number": symbol[1],
        "year": symbol[2],
        "para": place.group(),
        "verb": verb,
        "does": does,
        "from": entry["from"],
        "until": until.group() if until else "",
        "status": status,
        "url": entry["url"],
    }


def make(entries: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return all rows in order of number and paragraph."""
    known = clauses()
    by_id = {entry["id"]: entry for entry in entries}
    unknown = sorted({*known, *(source for source, _ in WHOLE.values())} - set(by_id))
    if unknown:
        raise SystemExit(f"no such entries: {', '.join(unknown)}")
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        if entry["id"] not in known or entry["status"] not in _STATUS or "from memory" in str(entry["para"]):
            continue
        row = row_of(entry, known[entry["id"]])
        if row["pinpoint"] in found:
            raise SystemExit(f"two entries for {row['pinpoint']}")
        found[row["pinpoint"]] = row
    for pinpoint, (source, clause) in WHOLE.items():
        found[pinpoint] = row_of(by_id[source], clause, pinpoint.split("/")[1])
    for row in found.values():
        row["aliases"] = ";".join(name for name in row["aliases"].split(";") if name not in found)

    def order(row: dict[str, str]) -> tuple[int, int, str]:
        return int(row["number"]), int(re.match(r"\d+", row["para"])[0]), row["para"]  # type: ignore[index]

    return sorted(found.values(), key=order)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description="Make the table of paragraphs of sanctions resolutions.")
    parser.add_argument("measures", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    rows = make(yaml.safe_load(options.measures.read_text(encoding="utf-8")))
    with options.output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} paragraphs")


if __name__ == "__main__":
    main()
