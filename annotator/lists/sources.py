"""Where each list is published, in which format, and how a newer copy of it comes into a store.

Nothing here fetches anything.
"""

from __future__ import annotations

from typing import NamedTuple

_OFAC = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"
_CANADA = (
    "https://www.international.gc.ca/world-monde/assets/office_docs/international_relations-relations_internationales"
)


class Origin(NamedTuple):
    """A list: its id, title, the page of those who keep it, the file to fetch and its format, and what to know."""

    id: str
    title: str
    page: str
    file: str
    format: str
    remark: str = ""

    @property
    def command(self) -> str:
        """The commands that bring a newer copy into a store."""
        name = f"{self.id}-list.{self.format.partition(' ')[0].lower()}"
        return f'curl -L -o {name} "{self.file}" && annotator lists import {name} --into lists.db'


SOURCES = (
    Origin(
        "un", "UN Security Council Consolidated List",
        "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
        "https://scsanctions.un.org/resources/xml/en/consolidated.xml", "XML",
    ),
    Origin(
        "us-sdn", "OFAC SDN List", "https://sanctionslist.ofac.treas.gov/Home/SdnList", f"{_OFAC}/SDN_ADVANCED.XML",
        "XML (advanced)", "has days of listing, which SDN.CSV and SDN.XML do not",
    ),
    Origin(
        "us-nonsdn", "OFAC Consolidated (non-SDN) List", "https://sanctionslist.ofac.treas.gov/Home/ConsolidatedList",
        f"{_OFAC}/CONS_ADVANCED.XML", "XML (advanced)",
    ),
    Origin(
        "eu", "EU consolidated list of financial sanctions",
        "https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions",
        "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=TOKEN",
        "XML (FSF 1.1)", "the address with its token is on the page of the list",
    ),
    Origin(
        "uk", "UK Sanctions List", "https://www.gov.uk/government/publications/the-uk-sanctions-list",
        "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.xml", "XML",
    ),
    Origin(
        "ca", "Consolidated Canadian Autonomous Sanctions List",
        "https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx",
        f"{_CANADA}/sanctions/sema-lmes.xml", "XML", "says no date of its own: give the day with --date",
    ),
    Origin(
        "ch", "SECO sanctions list", "https://www.seco.admin.ch/sanctions",
        "https://www.sesam.search.admin.ch/sesam-search-web/pages/downloadXmlGesamtliste.xhtml?lang=en&action=downloadXmlGesamtlisteAction",
        "XML",
    ),
)  # fmt: skip
