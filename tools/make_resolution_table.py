"""Make rules/data/unsc-resolutions.csv, the table of Security Council resolutions.

Takes four source files and writes the table::

    python tools/make_resolution_table.py RESOLUTIONS.csv RECENT.csv SANCTIONS.yaml MORE.yaml -o OUT.csv

RESOLUTIONS.csv
    One row a resolution with the columns ``res_no``, ``year``, ``adoption_date``, ``date_conflict``,
    ``title_undl``, ``topic_sc_table`` and ``topic_nklotz``. Used up to number 2617.
RECENT.csv
    ``number``, ``year``, ``adopted``, ``subject``, ``status`` (V, P or K), ``source``. Used from 2618 on.
SANCTIONS.yaml
    A list of ``symbol``, ``adopted``, ``status`` for sanctions resolutions, checked one by one.
MORE.yaml
    What goes before all that: ``days`` (adoption days that the texts give where the records differ),
    ``corrected`` (rows to change) and ``subjects`` (better ones, our own words), each with ``number`` and ``status``.

Titles of the sources are never copied. They are only looked at to choose words from the small
vocabulary below: an area ("Cyprus") and a kind of act ("mission mandate renewed"). Where neither is
sure, or where only the area is, the subject stays empty: "Lebanon" tells a reader nothing. Sanctions
resolutions, and some others, have subjects written by hand.
"""

from __future__ import annotations

import argparse
import csv
import re
from datetime import date
from pathlib import Path

import yaml

FIRST_RECENT = 2618
LAST = 2819
LONGEST_FIELD = 100
MOST_OF_AN_AREA = 6  # words

# A day that a source gives only by inference is not a day that we state.
INFERRED_DAY = re.compile(r"day inferred|day from general knowledge|day f[a-z ]*general", re.IGNORECASE)
UNSURE_DAYS = {2810}  # reported on two different days
# The Netherlands print resolutions in their Tractatenblad with day and meeting: 2026, 45.
PRINTED_DAYS = {2819: "2026-04-14"}
ENDED = re.compile(r" \(ended \d{4}\)")
# Areas that say what an act is about; any other area alone is no subject.
TELLING = re.compile(
    r"admission|appointment|court of justice|tribunal|conflict|women|youth|small arms|peacebuilding|genocide"
    r"|disarmament|security sector|trafficking|humanitarian|mine action|ebola|cooperation with|peaceful settlement"
    r"|hijack|hostage|explosives|working languages|rules of procedure|application for|trust territory|staff committee"
    r"|presidency|regulation of arm",
    re.IGNORECASE,
)
INFERRED_NUMBER = re.compile(r"number (only )?(inferred|from general knowledge)|no number", re.IGNORECASE)

# Areas: looked for in the agenda item first, then in the title. The first that is found counts.
AREAS: tuple[tuple[str, str], ...] = (
    (r"election .*international court|court of justice|\bICJ\b", "International Court of Justice"),
    (
        r"(appointment of|acting|recommendation) .*secretary-general|acting secretary-general",
        "Appointment of the Secretary-General",
    ),
    (r"admission|new members?\b|membership in the (un\b|united nations)", "Admission of a new Member"),
    (r"assistance mission for iraq", "Iraq"),
    (r"residual mechanism", "Residual Mechanism for Criminal Tribunals"),
    (r"tribunal.*(yugoslavia.*rwanda|rwanda.*yugoslavia)", "Yugoslavia and Rwanda tribunals"),
    (r"tribunal.*yugoslavia", "Yugoslavia tribunal"),
    (r"tribunal.*rwanda", "Rwanda tribunal"),
    (r"sudan/south sudan|sudan and south[ -]sudan|in sudan - south sudan", "Sudan and South Sudan"),
    (r"abyei|unisfa", "Abyei"),
    (r"south sudan|unmiss\b", "South Sudan"),
    (r"darfur|unamid", "Sudan (Darfur)"),
    (r"ethiopia-sudan", "Sudan and Ethiopia"),
    (r"sudan", "Sudan"),
    (r"angola.south africa|complaint by angola", "Angola and South Africa"),
    (r"lesotho.south africa|complaint by lesotho", "Lesotho and South Africa"),
    (r"botswana.south africa", "Botswana and South Africa"),
    (r"southern rhodesia", "Southern Rhodesia"),
    (r"namibia|south west africa", "Namibia"),
    (r"portuguese administration", "Territories under Portuguese administration"),
    (r"apartheid|south africa", "South Africa"),
    (r"iraq.{1,5}kuwait|kuwait", "Iraq and Kuwait"),
    (r"iran.{1,5}iraq|iraq.{1,5}(islamic republic of )?iran|between iran and iraq", "Iran and Iraq"),
    (r"eritrea.*ethiopia|ethiopia.*eritrea", "Eritrea and Ethiopia"),
    (r"af?ghanistan|unama\b", "Afghanistan"),
    (r"abkhazia|georgia|unomig", "Georgia"),
    (r"cyprus|unficyp", "Cyprus"),
    (r"western sahara|minurso", "Western Sahara"),
    (r"c.te d.ivoire|unoci\b|minuci", "Côte d'Ivoire"),
    (r"democratic republic of (the )?congo|\bzaire\b|monusco|monuc\b", "Democratic Republic of the Congo"),
    (r"congo question|republic of the congo", "Congo"),
    (r"chad, the central african republic|minurcat", "Chad and the Central African Republic"),
    (r"central african republic|minusca|binuca", "Central African Republic"),
    (r"sierra leone|sierra leoene|unamsil|unipsil|uniosil", "Sierra Leone"),
    (r"guinea.bissau|uniogbis", "Guinea-Bissau"),
    (r"liberia", "Liberia"),
    (r"somalia|amisom|unsom\b|atmis", "Somalia"),
    (r"libya|aouzou|unsmil", "Libya"),
    (r"\bmali\b|minusma", "Mali"),
    (r"burundi", "Burundi"),
    (r"rwanda", "Rwanda"),
    (r"angola", "Angola"),
    (r"mozambique", "Mozambique"),
    (r"haiti|minustah|minujusth|binuh", "Haiti"),
    (r"timor", "Timor-Leste"),
    (r"cambodia", "Cambodia"),
    (r"tajikistan", "Tajikistan"),
    (r"nagorny karabakh|armenia.azerbaijan", "Armenia and Azerbaijan"),
    (r"kosovo", "Kosovo"),
    (r"bosnia", "Bosnia and Herzegovina"),
    (r"croatia", "Croatia"),
    (r"republic of macedonia|^macedonia", "North Macedonia"),
    (r"yugoslavia|protection force|danube", "Former Yugoslavia"),
    (r"el salvador", "El Salvador"),
    (r"guatemala", "Guatemala"),
    (r"central america", "Central America"),
    (r"nicaragua", "Nicaragua"),
    (r"dominican republic", "Dominican Republic"),
    (r"colombia", "Colombia"),
    (r"falkland", "Falkland Islands (Malvinas)"),
    (r"india.pakistan|jammu and kashmir|indo-pakistan", "India and Pakistan"),
    (r"indonesian question", "Indonesia"),
    (r"spanish question", "Spain"),
    (r"greek question|greek frontier|northern greece", "Greece"),
    (r"corfu channel", "Corfu Channel"),
    (r"trieste", "Trieste"),
    (r"aggression upon the republic of korea", "Korea"),
    (r"albania", "Albania"),
    (r"nepal", "Nepal"),
    (r"complaint by senegal|complaints by senegal", "Senegal"),
    (r"complaint by zambia", "Zambia"),
    (r"complaint by guinea", "Guinea"),
    (r"complaint by benin|^benin", "Benin"),
    (r"seychelles", "Seychelles"),
    (r"iran", "Iran"),
    (r"iraq|unami\b", "Iraq"),
    (r"golan|disengagement observer|\bundof\b|israel-syrian", "Golan Heights"),
    (r"interim force in lebanon|\bunifil\b|israel-lebanon|lebanon", "Lebanon"),
    (r"hodeidah|yemen", "Yemen"),
    (r"syria", "Syria"),
    (r"palestin|gaza|occupied arab territories|territories occupied by israel", "Palestine question"),
    (r"jerusalem", "Jerusalem"),
    (r"great lakes", "Great Lakes region of Africa"),
    (r"gulf of guinea", "Gulf of Guinea"),
    (r"children (and|in) armed conflict", "Children and armed conflict"),
    (r"women,? (and )?peace|sexual violence", "Women and peace and security"),
    (r"civilians in armed conflict", "Protection of civilians in armed conflict"),
    (r"small arms", "Small arms"),
    (r"peacebuilding", "Peacebuilding"),
    (r"regional and sub-?regional organizations|regional organizations", "Cooperation with regional organizations"),
    (r"terroris", "Counter-terrorism"),
    (r"peace-?keeping operations|united nations peace-?keeping", "Peacekeeping"),
    (r"non-proliferation of (weapons|nuclear)|1540 committee", "Weapons of mass destruction"),
)

# Agenda items that say too little: here the title is asked first.
VAGUE = re.compile(
    r"middle east|terrorist acts|maintenance of|peace and security in africa|^letter|identical letters"
    r"|reports? of the secretary-general|threats to international peace|^items relating|^africa$|non-proliferation$"
    r"|^sudan$|^report of|tribunal|sudan and south|sudan/south|iraq.{1,5}kuwait",
    re.IGNORECASE,
)
VAGUE_AREAS = ((r"middle east|israel|egypt|unef", "Middle East"), (r"non-proliferation", "Non-proliferation"))

_PEACE = r"(mission|force|operation|office|observer)"
_RENEW = r"^(on |the )*(further |technical |final |temporary )*(exten[st]\w+|renew\w+|prolong\w+|continu\w+)( and \w+)*"
_MISSION = (
    r"(force|mission|operation|observer|office|observation group|verification|minu\w+|unmik|unifil|undof|unficyp"
    r"|un\w{2,7}\b)"
)
_NOT_MISSION = (
    r"panel|group of experts|experts?\b|monitoring (group|team|mechanism)|committee|tribunal|judge|ombudsperson"
    r"|authoriz|component|measures|sanction|commission|investigat|representative"
    r"|secretary-general|executive directorate"
)

# Kinds of act, looked for in the title. The first that fits counts.
KINDS: tuple[tuple[str, str, str], ...] = (
    (
        rf"{_RENEW} (of|in|the)? ?(the )?(mandates?|stationing|terms? of office|stay)\b.*\b{_MISSION}",
        _NOT_MISSION,
        "mission mandate renewed",
    ),
    (r"^(on |the )*(extension|renewal) .*(judges|terms? of office)", r"mission|force", "judges' terms extended"),
    (r"(panel|group) of experts", r"illegal exploitation|lifting|terminat|renewal of|measures", "sanctions experts"),
    (
        rf"^(on |the )*establishment of (the|a|an) (new )?(un|united nations)\b.*\b{_PEACE}",
        _NOT_MISSION,
        "mission established",
    ),
    (
        r"^(on |the )*(termination|completion|expiration|liquidation) of the (mandate )?.*\b(mission|force|operation)",
        _NOT_MISSION,
        "mission ended",
    ),
    (r"piracy", r"^$", "piracy at sea"),
    (r"death sentence", r"^$", "death sentences"),
    (r"^(calling for|demanding|on) (a|an|the)?\s?(immediate )?cease-?fire", r"^$", "ceasefire"),
    (r"chemical weapons", r"^$", "chemical weapons"),
    (r"(judges|ad litem)", r"^$", "judges"),
    (r"appointment of .*prosecutor|prosecutor of the", r"international criminal court", "Prosecutor"),
    (r"^(on )?humanitarian (situation|assistance)", r"^$", "humanitarian situation"),
)

# Subjects written by hand: sanctions resolutions, and others that the words above do not fit.
SUBJECTS: dict[int, str] = {
    1: "Military Staff Committee",
    6: "Admission of new Members: procedure",
    14: "Presidency of the Security Council",
    18: "Regulation of armaments",
    20: "Atomic energy: international control",
    21: "Trust Territory of the Pacific Islands",
    24: "Application for membership",
    25: "Application for membership",
    26: "Provisional rules of procedure",
    33: "Provisional rules of procedure",
    37: "Provisional rules of procedure",
    52: "Atomic energy: international control",
    76: "Indonesia",
    79: "Regulation of armaments",
    87: "Taiwan",
    118: "Suez question",
    119: "Suez question",
    120: "Hungary",
    132: "Laos",
    164: "Tunisia",
    181: "South Africa: arms embargo called for",
    182: "South Africa: apartheid; group of experts",
    221: "Southern Rhodesia: oil embargo",
    232: "Southern Rhodesia: sanctions on listed goods",
    235: "Israel and Syria: ceasefire",
    236: "Israel and Syria: ceasefire",
    248: "Israel and Jordan",
    253: "Southern Rhodesia: sanctions and sanctions committee",
    255: "Nuclear weapons: safeguards for non-nuclear-weapon States",
    256: "Israel and Jordan",
    263: "Working languages of the Security Council",
    265: "Israel and Jordan",
    277: "Southern Rhodesia: sanctions widened",
    278: "Bahrain",
    282: "South Africa: arms embargo",
    286: "Hijacking of aircraft",
    288: "Southern Rhodesia: sanctions remain in force",
    314: "Southern Rhodesia: States urged to apply sanctions",
    320: "Southern Rhodesia: refusal to apply sanctions",
    327: "Southern Rhodesia: Zambia applies sanctions",
    329: "Southern Rhodesia: Zambia applies sanctions; aid to Zambia",
    333: "Southern Rhodesia: penalties for breach of sanctions",
    337: "Israel and Lebanon: seizure of an airliner",
    345: "Working languages of the Security Council",
    386: "Southern Rhodesia: Mozambique applies sanctions",
    388: "Southern Rhodesia: sanctions widened",
    395: "Greece and Turkey",
    409: "Southern Rhodesia: use of funds prohibited",
    418: "South Africa: arms embargo imposed",
    421: "South Africa: arms embargo committee",
    437: "Southern Rhodesia: observance of sanctions",
    460: "Southern Rhodesia: sanctions ended",
    487: "Iraq: Israeli attack on nuclear facilities",
    528: "Working languages of the Security Council",
    558: "South Africa: arms embargo",
    569: "South Africa: sanctions",
    573: "Israel and Tunisia: air raid",
    579: "Hostage-taking",
    591: "South Africa: arms embargo",
    611: "Israel and Tunisia",
    635: "Marking of plastic explosives",
    638: "Hostage-taking",
    660: "Iraq: invasion of Kuwait",
    661: "Iraq: sanctions imposed after the invasion of Kuwait",
    662: "Iraq: annexation of Kuwait",
    664: "Iraq and Kuwait: safety of third-State nationals",
    665: "Iraq: shipping and the sanctions of resolution 661",
    666: "Iraq and Kuwait: foodstuffs under the sanctions",
    667: "Iraq: diplomatic premises in Kuwait",
    670: "Iraq: air embargo",
    678: "Iraq: use of all necessary means authorised",
    683: "Trust Territory of the Pacific Islands",
    686: "Iraq and Kuwait: end of hostilities",
    687: "Iraq and Kuwait: ceasefire terms",
    688: "Iraq: repression of the civilian population",
    692: "Iraq: Compensation Fund and Compensation Commission",
    699: "Iraq: destruction of weapons",
    700: "Iraq: guidelines on applying the arms embargo",
    705: "Iraq: compensation payments",
    706: "Iraq: limited oil sales",
    707: "Iraq: weapons inspections",
    712: "Iraq: humanitarian use of oil proceeds",
    713: "Former Yugoslavia: arms embargo imposed",
    715: "Iraq: monitoring and verification plans",
    724: "Former Yugoslavia: arms embargo committee",
    731: "Libya: airliner bombings over Lockerbie and Niger",
    733: "Somalia: arms embargo imposed",
    748: "Libya: sanctions imposed",
    751: "Somalia: mission established; sanctions committee",
    757: "Former Yugoslavia: sanctions imposed",
    778: "Iraq: proceeds of oil sales",
    788: "Liberia: arms embargo imposed",
    820: "Bosnia and Herzegovina: peace plan; sanctions strengthened",
    825: "DPRK: announced withdrawal from the Non-Proliferation Treaty",
    841: "Haiti: sanctions imposed",
    843: "Former Yugoslavia: sanctions committee",
    861: "Haiti: sanctions suspended",
    864: "Angola: mission mandate; arms and oil embargo on UNITA",
    873: "Haiti: suspension of sanctions ended",
    875: "Haiti: carrying out of sanctions",
    883: "Libya: sanctions widened",
    899: "Iraq and Kuwait: compensation payments",
    910: "Libya: sanctions exemption for a United Nations flight",
    917: "Haiti: sanctions widened",
    918: "Rwanda: mission mandate; arms embargo imposed",
    919: "South Africa: arms embargo ended",
    942: "Bosnia and Herzegovina: sanctions on Bosnian Serb areas",
    943: "Former Yugoslavia: border closure and sanctions",
    944: "Haiti: end of sanctions",
    948: "Haiti: return to democracy; lifting of sanctions",
    949: "Iraq: withdrawal of troops from the south",
    956: "Palau: end of trusteeship",
    967: "Former Yugoslavia: sanctions exemption for medicine",
    970: "Former Yugoslavia: border closure and sanctions",
    984: "Nuclear weapons: security assurances",
    985: "Liberia: mission mandate; arms embargo committee",
    986: "Iraq: oil-for-food programme authorised",
    988: "Former Yugoslavia: partial suspension of sanctions extended",
    992: "Former Yugoslavia: navigation on the Danube",
    1003: "Former Yugoslavia: partial suspension of sanctions extended",
    1011: "Rwanda: arms embargo restrictions eased",
    1013: "Rwanda: inquiry into arms flows",
    1015: "Former Yugoslavia: partial suspension of sanctions",
    1021: "Former Yugoslavia: end of the arms embargo",
    1022: "Former Yugoslavia: sanctions suspended",
    1044: "Sudan and Ethiopia: extradition of suspects",
    1051: "Iraq: monitoring of imports and exports",
    1053: "Rwanda: inquiry into arms embargo breaches",
    1054: "Sudan: sanctions imposed",
    1060: "Iraq: access for weapons inspectors",
    1067: "Cuba: shooting down of civilian aircraft",
    1070: "Sudan: air sanctions",
    1074: "Former Yugoslavia: sanctions ended",
    1111: "Iraq: oil-for-food programme extended",
    1115: "Iraq: access for weapons inspectors",
    1127: "Angola: further measures against UNITA",
    1129: "Iraq: oil-for-food programme",
    1130: "Angola: measures against UNITA postponed",
    1132: "Sierra Leone: oil and arms embargo imposed",
    1134: "Iraq: access for weapons inspectors",
    1137: "Iraq: conditions put on weapons inspectors",
    1143: "Iraq: oil-for-food programme extended",
    1153: "Iraq: oil-for-food programme",
    1154: "Iraq: weapons inspections",
    1156: "Sierra Leone: oil embargo ended",
    1158: "Iraq: oil-for-food programme",
    1160: "Former Yugoslavia: arms embargo over Kosovo",
    1161: "Rwanda: inquiry into arms flows",
    1170: "Conflict prevention in Africa",
    1171: "Sierra Leone: arms embargo on the Government lifted",
    1172: "India and Pakistan: nuclear tests",
    1173: "Angola: further measures against UNITA",
    1175: "Iraq: spare parts for oil production",
    1176: "Angola: further measures against UNITA",
    1194: "Iraq: cooperation with weapons inspectors",
    1196: "Africa: monitoring of arms embargoes",
    1205: "Iraq: cooperation with weapons inspectors",
    1209: "Africa: illicit arms flows",
    1210: "Iraq: oil-for-food programme",
    1237: "Angola: sanctions on UNITA; expert panels",
    1242: "Iraq: oil-for-food programme",
    1266: "Iraq: oil-for-food programme",
    1267: "Afghanistan: sanctions on the Taliban; 1267 Committee",
    1275: "Iraq: oil-for-food programme",
    1280: "Iraq: oil-for-food programme",
    1281: "Iraq: oil-for-food programme",
    1284: "Iraq: UNMOVIC established for weapons inspections",
    1293: "Iraq: humanitarian programme",
    1295: "Angola: sanctions on UNITA",
    1298: "Eritrea and Ethiopia: arms embargo",
    1302: "Iraq: humanitarian programme",
    1306: "Sierra Leone: rough diamond import ban",
    1327: "Peacekeeping: report on peace operations",
    1329: "Yugoslavia and Rwanda tribunals",
    1330: "Iraq: humanitarian programme",
    1333: "Afghanistan: sanctions on the Taliban, Usama bin Laden and Al-Qaida",
    1336: "Angola: sanctions monitoring mechanism",
    1343: "Liberia: sanctions",
    1348: "Angola: sanctions monitoring mechanism",
    1352: "Iraq: humanitarian programme",
    1356: "Somalia: arms embargo exemptions",
    1360: "Iraq: humanitarian programme",
    1363: "Afghanistan: monitoring of sanctions on the Taliban",
    1367: "Former Yugoslavia: arms embargo of 1998 ended",
    1372: "Sudan: sanctions ended",
    1373: "Counter-terrorism: freezing of terrorist assets; Counter-Terrorism Committee",
    1374: "Angola: sanctions monitoring mechanism",
    1382: "Iraq: humanitarian programme",
    1385: "Sierra Leone: diamond measures extended",
    1388: "Afghanistan: sanctions on Ariana Afghan Airlines lifted",
    1390: "Al-Qaida and Taliban: asset freeze, travel ban and arms embargo",
    1395: "Liberia: sanctions experts",
    1404: "Angola: sanctions monitoring mechanism",
    1407: "Somalia: experts on the arms embargo",
    1408: "Liberia: sanctions",
    1409: "Iraq: humanitarian programme; Goods Review List",
    1412: "Angola: part of the UNITA sanctions suspended",
    1425: "Somalia: experts on the arms embargo",
    1432: "Angola: part of the UNITA sanctions suspended",
    1439: "Angola: sanctions monitoring mechanism",
    1441: "Iraq: disarmament obligations and inspections",
    1443: "Iraq: humanitarian programme",
    1446: "Sierra Leone: diamond measures extended",
    1447: "Iraq: humanitarian programme",
    1448: "Angola: sanctions on UNITA lifted",
    1452: "Al-Qaida and Taliban: exemptions from the asset freeze",
    1454: "Iraq: humanitarian programme; Goods Review List",
    1455: "Al-Qaida and Taliban: sanctions",
    1457: "Democratic Republic of the Congo: exploitation of natural resources",
    1458: "Liberia: sanctions experts",
    1459: "Rough diamonds: Kimberley Process",
    1472: "Iraq: humanitarian programme",
    1474: "Somalia: arms embargo monitoring",
    1476: "Iraq: humanitarian programme",
    1478: "Liberia: sanctions",
    1483: "Iraq: trade sanctions ended; asset freeze and arms ban",
    1493: "Democratic Republic of the Congo: arms embargo in the east; mission mandate",
    1499: "Democratic Republic of the Congo: exploitation of natural resources",
    1502: "Protection of humanitarian and United Nations personnel",
    1503: "Yugoslavia and Rwanda tribunals: Prosecutor",
    1506: "Libya: sanctions lifted",
    1511: "Iraq: multinational force authorised",
    1518: "Iraq: sanctions committee established",
    1519: "Somalia: arms embargo monitoring",
    1521: "Liberia: arms embargo and other sanctions; new committee",
    1526: "Al-Qaida and Taliban: sanctions",
    1532: "Liberia: misappropriated funds",
    1533: "Democratic Republic of the Congo: sanctions committee established",
    1535: "Counter-terrorism: Counter-Terrorism Committee",
    1538: "Iraq: inquiry into the oil-for-food programme",
    1540: "Weapons of mass destruction: non-State actors; 1540 Committee",
    1546: "Iraq: interim government; arms ban exemption",
    1549: "Liberia: sanctions experts",
    1552: "Democratic Republic of the Congo: arms embargo renewed",
    1556: "Sudan (Darfur): arms embargo on non-governmental forces",
    1558: "Somalia: arms embargo monitoring",
    1572: "Côte d'Ivoire: arms embargo and other sanctions imposed",
    1579: "Liberia: sanctions renewed; experts",
    1584: "Côte d'Ivoire: arms embargo monitoring",
    1587: "Somalia: arms embargo monitoring",
    1591: "Sudan (Darfur): travel ban, asset freeze and sanctions committee",
    1593: "Sudan (Darfur): referral to the International Criminal Court",
    1595: "Lebanon: inquiry into the Hariri killing",
    1596: "Democratic Republic of the Congo: sanctions widened",
    1616: "Democratic Republic of the Congo: sanctions renewed",
    1617: "Al-Qaida and Taliban: sanctions",
    1625: "Conflict prevention in Africa",
    1630: "Somalia: arms embargo monitoring",
    1636: "Lebanon: inquiry into the Hariri killing; travel ban and asset freeze",
    1637: "Iraq: multinational force mandate renewed",
    1643: "Côte d'Ivoire: sanctions renewed",
    1647: "Liberia: sanctions renewed",
    1649: "Democratic Republic of the Congo: sanctions extended",
    1672: "Sudan (Darfur): four persons made subject to sanctions",
    1673: "Weapons of mass destruction: 1540 Committee",
    1676: "Somalia: arms embargo monitoring",
    1683: "Liberia: application of sanctions",
    1689: "Liberia: application of sanctions",
    1695: "DPRK: missile launches; missile-related transfers",
    1696: "Iran: suspension of uranium enrichment demanded",
    1699: "Sanctions: cooperation with Interpol",
    1718: "DPRK: nuclear test; sanctions and 1718 Committee",
    1723: "Iraq: multinational force mandate renewed",
    1724: "Somalia: arms embargo monitoring",
    1730: "Sanctions lists: de-listing procedure",
    1731: "Liberia: sanctions renewed",
    1732: "Sanctions: report of the working group on general issues",
    1735: "Al-Qaida and Taliban: sanctions",
    1737: "Iran: nuclear programme; sanctions and 1737 Committee",
    1747: "Iran: nuclear programme; arms exports and further sanctions",
    1748: "Lebanon: inquiry into the Hariri killing",
    1749: "Rwanda: arms measures ended",
    1753: "Liberia: diamond measures ended",
    1762: "Iraq: weapons inspection mandates ended",
    1766: "Somalia: arms embargo monitoring",
    1768: "Democratic Republic of the Congo: sanctions extended",
    1771: "Democratic Republic of the Congo: sanctions renewed",
    1782: "Côte d'Ivoire: sanctions renewed",
    1787: "Counter-terrorism: Counter-Terrorism Executive Directorate",
    1792: "Liberia: sanctions renewed",
    1799: "Democratic Republic of the Congo: sanctions extended",
    1803: "Iran: nuclear programme; travel ban and further sanctions",
    1805: "Counter-terrorism: Counter-Terrorism Executive Directorate",
    1807: "Democratic Republic of the Congo: sanctions recast",
    1810: "Weapons of mass destruction: 1540 Committee",
    1811: "Somalia: arms embargo monitoring",
    1822: "Al-Qaida and Taliban: sanctions",
    1823: "Rwanda: sanctions ended",
    1835: "Iran: earlier resolutions on the nuclear programme reaffirmed",
    1842: "Côte d'Ivoire: sanctions renewed",
    1844: "Somalia: travel ban and asset freeze",
    1853: "Somalia: arms embargo monitoring",
    1857: "Democratic Republic of the Congo: sanctions renewed",
    1859: "Iraq: Development Fund",
    1862: "Djibouti and Eritrea: border dispute",
    1874: "DPRK: second nuclear test; sanctions widened, Panel of Experts",
    1887: "Nuclear non-proliferation and disarmament",
    1893: "Côte d'Ivoire: sanctions renewed",
    1896: "Democratic Republic of the Congo: sanctions committee and experts",
    1903: "Liberia: travel ban and arms measures",
    1904: "Al-Qaida and Taliban: sanctions",
    1905: "Iraq: Development Fund",
    1907: "Eritrea: arms embargo, travel ban and asset freeze",
    1916: "Somalia: monitoring group",
    1928: "DPRK: Panel of Experts renewed",
    1929: "Iran: nuclear programme; heavy arms, missiles and further sanctions",
    1940: "Sierra Leone: sanctions ended",
    1946: "Côte d'Ivoire: sanctions renewed",
    1952: "Democratic Republic of the Congo: sanctions renewed",
    1956: "Iraq: Development Fund arrangements ended",
    1957: "Iraq: weapons-related measures ended",
    1958: "Iraq: oil-for-food programme wound up",
    1961: "Liberia: sanctions renewed",
    1963: "Counter-terrorism: Counter-Terrorism Executive Directorate",
    1970: "Libya: arms embargo, travel ban, asset freeze and committee",
    1972: "Somalia: arms embargo and humanitarian assistance",
    1973: "Libya: no-fly zone and protection of civilians",
    1975: "Côte d'Ivoire: targeted sanctions",
    1977: "Weapons of mass destruction: 1540 Committee",
    1980: "Côte d'Ivoire: sanctions renewed",
    1983: "HIV/AIDS and conflict",
    1984: "Iran: Panel of Experts renewed",
    1985: "DPRK: Panel of Experts renewed",
    1988: "Taliban: separate sanctions list and 1988 Committee",
    1989: "Al-Qaida: separate sanctions list; Ombudsperson",
    2002: "Somalia and Eritrea: monitoring group",
    2016: "Libya: end of the no-fly zone",
    2017: "Libya: spread of weapons",
    2021: "Democratic Republic of the Congo: sanctions renewed",
    2023: "Eritrea: further sanctions",
    2025: "Liberia: sanctions renewed",
    2036: "Somalia: African Union mission; charcoal ban",
    2045: "Côte d'Ivoire: sanctions renewed",
    2048: "Guinea-Bissau: travel ban and sanctions committee",
    2049: "Iran: Panel of Experts renewed",
    2050: "DPRK: Panel of Experts renewed",
    2055: "Weapons of mass destruction: 1540 Committee experts",
    2060: "Somalia and Eritrea: monitoring group",
    2078: "Democratic Republic of the Congo: sanctions renewed",
    2079: "Liberia: sanctions renewed",
    2082: "Taliban: sanctions",
    2083: "Al-Qaida: sanctions; Ombudsperson",
    2087: "DPRK: missile launch condemned; names added to the sanctions list",
    2094: "DPRK: third nuclear test; sanctions widened",
    2101: "Côte d'Ivoire: sanctions renewed",
    2105: "Iran: Panel of Experts renewed",
    2111: "Somalia and Eritrea: monitoring group",
    2127: "Central African Republic: arms embargo and sanctions committee",
    2128: "Liberia: sanctions renewed",
    2129: "Counter-terrorism: Counter-Terrorism Executive Directorate",
    2134: "Central African Republic: travel ban and asset freeze",
    2136: "Democratic Republic of the Congo: sanctions renewed",
    2140: "Yemen: asset freeze, travel ban and sanctions committee",
    2141: "DPRK: Panel of Experts renewed",
    2142: "Somalia: arms embargo partly suspended",
    2146: "Libya: illicit oil exports by ship",
    2148: "Sudan (Darfur)",
    2150: "Prevention of genocide",
    2151: "Security sector reform",
    2153: "Côte d'Ivoire: sanctions modified and renewed",
    2159: "Iran: Panel of Experts renewed",
    2160: "Taliban: sanctions",
    2161: "Al-Qaida: sanctions",
    2166: "Ukraine: downing of flight MH17",
    2171: "Conflict prevention",
    2177: "Ebola in West Africa",
    2182: "Somalia: partial arms embargo suspension renewed",
    2188: "Liberia: sanctions renewed",
    2191: "Syria: cross-border aid",
    2196: "Central African Republic: sanctions renewed",
    2198: "Democratic Republic of the Congo: sanctions renewed",
    2202: "Ukraine: Minsk agreements",
    2204: "Yemen: sanctions renewed",
    2206: "South Sudan: travel ban, asset freeze and sanctions committee",
    2207: "DPRK: Panel of Experts renewed",
    2216: "Yemen: arms embargo on named persons and the Houthi side",
    2219: "Côte d'Ivoire: sanctions modified and renewed",
    2224: "Iran: Panel of Experts renewed",
    2231: "Iran: nuclear deal (JCPOA); end of earlier sanctions and snapback",
    2235: "Syria: inquiry into chemical weapons use",
    2237: "Liberia: sanctions renewed",
    2244: "Somalia and Eritrea: monitoring group",
    2249: "Counter-terrorism: ISIL (Da'esh)",
    2250: "Youth, peace and security",
    2253: "ISIL (Da'esh) and Al-Qaida: sanctions list and committee renamed",
    2255: "Taliban: sanctions",
    2262: "Central African Republic: sanctions renewed",
    2266: "Yemen: sanctions renewed",
    2270: "DPRK: fourth nuclear test; sanctions widened",
    2271: "South Sudan: sanctions renewed",
    2276: "DPRK: Panel of Experts renewed",
    2278: "Libya: measures on illicit oil exports extended",
    2283: "Côte d'Ivoire: sanctions ended",
    2288: "Liberia: sanctions ended",
    2290: "South Sudan: sanctions renewed",
    2292: "Libya: ship inspections on the high seas",
    2293: "Democratic Republic of the Congo: sanctions renewed",
    2298: "Libya: destruction of chemical weapons",
    2309: "Counter-terrorism: civil aviation",
    2310: "Nuclear non-proliferation and disarmament",
    2312: "Libya: ship inspections against migrant smuggling",
    2314: "Syria: inquiry into chemical weapons use",
    2317: "Somalia: partial arms embargo suspension renewed",
    2319: "Syria: inquiry into chemical weapons use",
    2321: "DPRK: fifth nuclear test; sanctions widened",
    2325: "Weapons of mass destruction: non-State actors",
    2331: "Trafficking in persons in conflict",
    2337: "Gambia: presidential election",
    2339: "Central African Republic: sanctions renewed",
    2342: "Yemen: sanctions renewed",
    2345: "DPRK: Panel of Experts renewed",
    2349: "Lake Chad Basin",
    2353: "South Sudan: sanctions renewed",
    2356: "DPRK: names added to the sanctions list",
    2357: "Libya: ship inspections on the high seas extended",
    2359: "Sahel: G5 joint force",
    2360: "Democratic Republic of the Congo: sanctions renewed",
    2362: "Libya: measures on illicit oil exports extended",
    2365: "Mine action",
    2368: "ISIL (Da'esh) and Al-Qaida: sanctions reviewed and extended",
    2370: "Counter-terrorism: keeping weapons from terrorists",
    2371: "DPRK: missile launches; coal, iron and seafood bans",
    2374: "Mali: travel ban, asset freeze and sanctions committee",
    2375: "DPRK: sixth nuclear test; oil, textiles and joint ventures",
    2379: "Iraq: inquiry into ISIL (Da'esh) crimes",
    2380: "Libya: ship inspections against migrant smuggling",
    2385: "Somalia: partial arms embargo suspension renewed",
    2388: "Trafficking in persons in conflict",
    2390: "Iraq: oil-for-food measures",
    2391: "Sahel: G5 joint force",
    2397: "DPRK: oil caps, machinery, vehicles and workers",
    2399: "Central African Republic: sanctions renewed",
    2402: "Yemen: sanctions renewed",
    2407: "DPRK: Panel of Experts renewed",
    2418: "South Sudan: sanctions renewed",
    2419: "Youth, peace and security",
    2420: "Libya: ship inspections on the high seas extended",
    2424: "Democratic Republic of the Congo: sanctions renewed",
    2428: "South Sudan: arms embargo; sanctions renewed",
    2432: "Mali: sanctions renewed",
    2437: "Libya: ship inspections against migrant smuggling",
    2441: "Libya: measures on illicit oil exports extended",
    2444: "Eritrea: sanctions ended; Somalia",
    2451: "Yemen: advance team for the Hodeidah agreement",
    2454: "Central African Republic: sanctions renewed",
    2456: "Yemen: sanctions renewed",
    2464: "DPRK: Panel of Experts renewed",
    2471: "South Sudan: sanctions renewed",
    2473: "Libya: ship inspections on the high seas extended",
    2478: "Democratic Republic of the Congo: sanctions renewed",
    2484: "Mali: sanctions renewed",
    2488: "Central African Republic: arms embargo renewed and adjusted",
    2490: "Iraq: inquiry into ISIL (Da'esh) crimes",
    2491: "Libya: ship inspections against migrant smuggling",
    2498: "Somalia: arms embargo, charcoal and bomb components",
    2501: "Taliban: sanctions extended",
    2507: "Central African Republic: sanctions renewed",
    2509: "Libya: measures on illicit oil exports extended",
    2511: "Yemen: sanctions renewed",
    2515: "DPRK: Panel of Experts renewed",
    2521: "South Sudan: sanctions renewed",
    2526: "Libya: ship inspections on the high seas extended",
    2528: "Democratic Republic of the Congo: sanctions renewed",
    2532: "COVID-19: cessation of hostilities",
    2535: "Youth, peace and security",
    2536: "Central African Republic: sanctions renewed",
    2541: "Mali: sanctions renewed",
    2544: "Iraq: inquiry into ISIL (Da'esh) crimes",
    2546: "Libya: ship inspections against migrant smuggling",
    2551: "Somalia: arms embargo, charcoal and bomb components",
    2553: "Security sector reform",
    2557: "Taliban: sanctions extended",
    2560: "ISIL (Da'esh) and Al-Qaida: upkeep of the sanctions list",
    2564: "Yemen: sanctions renewed",
    2565: "COVID-19 vaccines in conflict areas",
    2569: "DPRK: Panel of Experts renewed",
    2571: "Libya: measures on illicit oil exports extended",
    2572: "Weapons of mass destruction: 1540 Committee",
    2577: "South Sudan: sanctions renewed",
    2578: "Libya: ship inspections on the high seas extended",
    2582: "Democratic Republic of the Congo: sanctions renewed",
    2588: "Central African Republic: sanctions renewed",
    2590: "Mali: sanctions renewed",
    2597: "Iraq: inquiry into ISIL (Da'esh) crimes",
    2598: "Libya: ship inspections against migrant smuggling",
    2607: "Somalia: arms embargo and charcoal",
    2610: "ISIL (Da'esh) and Al-Qaida: sanctions reviewed and extended",
    2611: "Taliban: sanctions extended",
    2617: "Counter-terrorism: Counter-Terrorism Executive Directorate",
    2621: "Iraq and Kuwait: Compensation Commission mandate ended",
    2664: "All regimes: humanitarian exemption from asset freezes",
    2769: "Libya: oil measures and Panel renewed; asset-freeze and listing changes",
}


def area_of(row: dict[str, str], title: str) -> str:
    """Return the area of a resolution, or an empty string."""
    topics = [row["topic_nklotz"], row["topic_sc_table"]]
    looked_at = [topic for topic in topics if topic and not VAGUE.search(topic)] + [title] + topics
    for text in looked_at:
        for pattern, label in AREAS:
            if re.search(pattern, text, re.IGNORECASE):
                return label
    for text in topics:
        for pattern, label in VAGUE_AREAS:
            if re.search(pattern, text, re.IGNORECASE):
                return label
    return ""


def kind_of(title: str) -> str:
    """Return the kind of act, or an empty string."""
    for pattern, unless, label in KINDS:
        if re.search(pattern, title, re.IGNORECASE) and not re.search(unless, title, re.IGNORECASE):
            return label
    return ""


def subject_of(number: int, row: dict[str, str]) -> str:
    """Return a short subject in our own words, empty where not sure."""
    if number in SUBJECTS:
        return SUBJECTS[number]
    title = re.sub(r"^Security Council resolution ?\d+ ?\(\d+\)\s*", "", row["title_undl"]).strip(" []")
    area, kind = area_of(row, title), kind_of(title)
    if kind == "judges' terms extended" and "tribunal" not in area.lower():
        kind = ""
    if kind == "sanctions experts" and area == "Sudan and South Sudan":
        area = "Sudan"  # the panel set up under resolution 1591 (2005)
    return f"{area}: {kind}" if area and kind else area


def read_old(path: Path) -> dict[int, list[str]]:
    """Return the rows up to 2617."""
    rows = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            number = int(row["res_no"])
            if number >= FIRST_RECENT:
                continue
            adopted = "" if row["date_conflict"] else row["adoption_date"]
            status = "verified" if adopted else "partly"
            rows[number] = [row["year"], adopted, subject_of(number, row), status]
    return rows


def telling(subject: str) -> str:
    """Return a subject that says something, an empty string for an area alone.

    >>> telling("Lebanon"), telling("Lebanon: mission established"), telling("Admission of a new Member")
    ('', 'Lebanon: mission established', 'Admission of a new Member')
    """
    return subject if ":" in subject or TELLING.search(subject) or len(subject.split()) > MOST_OF_AN_AREA else ""


def read_recent(path: Path) -> dict[int, list[str]]:
    """Return the rows from 2618 on; rows that nobody checked keep number and year only."""
    rows = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            number = int(row["number"])
            if not FIRST_RECENT <= number <= LAST:
                continue
            if row["status"] == "K":
                rows[number] = [row["year"], "", "", "unverified"]
                continue
            status = {"V": "verified", "P": "partly"}[row["status"]]
            adopted = row["adopted"]
            if INFERRED_DAY.search(row["source"]) or number in UNSURE_DAYS:
                adopted, status = "", "partly"
            if INFERRED_NUMBER.search(row["source"]):
                status = "partly"
            if number in PRINTED_DAYS:
                adopted, status = PRINTED_DAYS[number], "verified"
            rows[number] = [row["year"], adopted, SUBJECTS.get(number, row["subject"]), status]
    return rows


def read_checked(path: Path) -> dict[int, tuple[str, str]]:
    """Return adoption date and status of the sanctions resolutions that were checked one by one."""
    checked = {}
    for item in yaml.safe_load(path.read_text(encoding="utf-8")):
        found = re.fullmatch(r"S/RES/(\d+) \((\d{4})\)", item["symbol"])
        if found is None:
            raise ValueError(f"not a symbol: {item['symbol']}")
        checked[int(found[1])] = (item["adopted"], {"V": "verified", "P": "partly"}[item["status"]])
    return checked


def amend(rows: dict[int, list[str]], path: Path) -> None:
    """Put days, rows and subjects of the last source into the rows; its K entries are left out."""
    more = yaml.safe_load(path.read_text(encoding="utf-8"))
    for item in (*more["days"], *more["corrected"], *more["subjects"]):
        row = rows[item["number"]]
        if item["status"] == "K":
            continue
        if item.get("adopted"):
            row[1], row[3] = item["adopted"], "verified" if item["status"] == "V" else row[3]
        if item.get("subject"):
            row[2] = ENDED.sub("", item["subject"])  # an article of the time does not know the end


def check(rows: dict[int, list[str]]) -> None:
    """Raise when a row is not fit to ship."""
    if sorted(rows) != list(range(1, LAST + 1)):
        raise ValueError("numbers are not continuous")
    latest = ""
    for number, (year, adopted, subject, _status) in sorted(rows.items()):
        if adopted:
            if date.fromisoformat(adopted).year != int(year):
                raise ValueError(f"{number}: {adopted} is not in {year}")
            if adopted < latest:
                raise ValueError(f"{number}: adopted before the resolution that it follows")
            latest = adopted
        if len(subject) > LONGEST_FIELD:
            raise ValueError(f"{number}: subject is too long")


def main() -> None:
    """Read the sources, check, write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("resolutions", type=Path)
    parser.add_argument("recent", type=Path)
    parser.add_argument("sanctions", type=Path)
    parser.add_argument("more", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    rows = read_old(arguments.resolutions) | read_recent(arguments.recent)
    for number, (adopted, status) in read_checked(arguments.sanctions).items():
        rows[number][1], rows[number][3] = adopted, status
    amend(rows, arguments.more)
    for row in rows.values():
        row[2] = telling(row[2])
    check(rows)
    with arguments.output.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["number", "year", "adopted", "subject", "url", "status"])
        for number, (year, adopted, subject, status) in sorted(rows.items()):
            writer.writerow([number, year, adopted, subject, f"https://undocs.org/S/RES/{number}({year})", status])


if __name__ == "__main__":
    main()
