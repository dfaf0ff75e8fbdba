"""The match report (匹配状况报告): first page, nine sections, annex, and the evidence of every number in them.

Belongs here: which sections there are, in which order. Does not belong here: what they say (their own modules), how
they look (`reports.match_report`).
"""

from dataclasses import replace

from reports.content.annex import annex
from reports.content.economy import economy
from reports.content.employment import employment
from reports.content.first_page import first_page
from reports.content.fit import fit
from reports.content.last_round import last_round
from reports.content.listed import listed_section
from reports.content.origins import Origins
from reports.content.parts import Block, Chart, Report, Section, Table, aligned, words
from reports.content.proposals import proposals
from reports.content.quality import quality
from reports.content.scope import scope
from reports.content.supply import supply
from reports.listing import warned
from reports.round_tables import RoundTables


def match_report(tables: RoundTables) -> Report:
    """The whole report; the same tables give the same report."""
    origins = Origins(tables)
    listed = warned(tables, "zh")
    first = first_page(tables, origins, listed)
    sections = (
        scope(tables, origins),
        economy(tables, origins),
        supply(tables, origins),
        fit(tables, origins),
        employment(tables, origins),
        listed_section(tables, origins, listed),
        proposals(tables, origins),
        last_round(tables, origins),
        quality(tables, origins),
    )
    last = annex(tables, origins)
    notices = [words("status_proposed")] if tables.rulebook.status == "proposed" else []
    return Report(
        title=words("title"),
        subtitle=words("subtitle", region=tables.region, round=tables.round),
        notices=(*notices, words("report.internal")),
        first_page=in_line(first),
        sections=tuple(in_line(section) for section in sections),
        annex=in_line(last),
        evidence=origins.found,
    )


def in_line(section: Section) -> Section:
    """A section whose tables, those of its charts as well, have their numbers below each other."""

    def block(one: Block) -> Block:
        if isinstance(one, Table):
            return aligned(one)
        return replace(one, data=aligned(one.data)) if isinstance(one, Chart) and one.data else one

    return replace(section, blocks=tuple(block(one) for one in section.blocks))
