"""The annex: the whole tables that sections show the top of, the rules, and what was refused.

Belongs here: which tables the annex has. Does not belong here: how a table comes about (its section).
"""

from models.wording import rule_in_words, steps_in_words
from reports import demand
from reports.content import fit, proposals, quality
from reports.content.origins import Origins
from reports.content.parts import Row, Section, Table, Words, columns, from_grids, words
from reports.round_tables import RoundTables


def annex(tables: RoundTables, origins: Origins) -> Section:
    """The section; every table stands in it whole, or says how much it shows."""
    suppliers = tables.frame("marts.duplicate_supplier").query("year == @tables.round")
    seats = proposals.plan_table(tables, origins, "plan")
    blocks = [
        rules(tables, origins),
        fit.program_table(tables, origins, "programs"),
        fit.occupation_table(tables, origins, "occupations"),
        fit.supplier_table(origins, suppliers, "suppliers", words("report.annexes.suppliers")),
        *([seats] if seats else []),
        *forecasts(tables, origins),
        quality.problems(tables, origins),
        quality.refused(tables, origins),
        quality.account(tables, origins),
    ]
    return Section("annex", words("report.sections.annex"), tuple(blocks))


def forecasts(tables: RoundTables, origins: Origins) -> list[Table]:
    """The forecast by occupation and by industry, and what was found in the series."""
    rows = demand.target(tables)
    year = int(rows["year"].max()) if len(rows) else "–"
    occupations = [origins.occupation(code) for code in demand.occupation_rows(tables)["code"]]
    industries = [origins.industry(code) for code in demand.industry_rows(tables)["code"]]
    return [
        from_grids(
            f"demand-{name}", words(f"demand.{name}", year=year), lambda lang, build=build: build(tables, lang), keys  # type: ignore[misc]
        )
        for name, build, keys in (
            ("occupations", demand.occupations, occupations),
            ("industries", demand.industries, industries),
            ("findings", demand.findings, origins.files()),
        )
    ]  # fmt: skip


def rules(tables: RoundTables, origins: Origins) -> Table:
    """The rules of the rule-book in words, with consequence, reason and legal basis."""
    book = tables.rulebook
    shown = tuple(
        Row(
            (
                Words(rule.name.zh, rule.name.en),
                Words(rule_in_words(rule, book, "zh"), rule_in_words(rule, book, "en")),
                Words(steps_in_words(rule, book, "zh"), steps_in_words(rule, book, "en")),
                Words(rule.reason.zh, rule.reason.en), f"{rule.basis.document} {rule.basis.article}",
            ),
            origins.verdicts(),
        )
        for rule in book.rules
    )  # fmt: skip
    note = Words(book.cohort.reason.zh, book.cohort.reason.en) if book.cohort else ""
    heads = columns("rule", "condition", "leads", "reason", "article")
    return Table("rules", words("report.annexes.rules"), heads, shown, note)
