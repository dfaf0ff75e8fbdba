"""Section 1: what the report covers, its sources with their dates, the cut-off, the rule-book, the method.

Belongs here: that section. Does not belong here: what was refused and why (`quality`).
"""

from reports.content.economy import in_words
from reports.content.origins import Origins
from reports.content.parts import Block, Figure, Row, Section, Table, Text, Words, columns, paragraph, sentence, words
from reports.round_tables import RoundTables
from reports.wording import missing, number

METHOD = ("method_shares", "method_balance", "method_verdict", "method_trace")
DIGITS = 12  # of a digest that people compare by eye


def scope(tables: RoundTables, origins: Origins) -> Section:
    """The section."""
    book, units = tables.rulebook, tables.frame("marts.unit")
    years = tables.frame("marts.indicator").query("year <= @tables.round")["year"]
    where = origins.coverage()
    blocks: list[Block] = [
        sentence(
            "report.scope.scope", region=tables.region, round=tables.round,
            schools=Figure(number(units["school_id"].nunique()), where), units=Figure(number(len(units)), where),
            programs=Figure(number(units["program_code"].nunique()), where),
            first=int(years.min()) if len(years) else tables.round,
            last=int(years.max()) if len(years) else tables.round,
        ),
        sentence("report.scope.cut_off", **cut_off(tables)),
        sentence(
            "report.scope.rulebook", title=Words(book.title.zh, book.title.en), version=str(book.version),
            since=str(book.in_force_from), status=words(book.status), digest=tables.rulebook_digest[:DIGITS],
            inputs=tables.input_digest[:DIGITS],
        ),
        sentence("report.scope.basis", document=book.basis.document, article=book.basis.article),
        *(paragraph(words(f"report.scope.{name}")) for name in METHOD),
        files(tables, origins),
    ]  # fmt: skip
    return Section("scope", words("report.sections.scope"), tuple(blocks))


def cut_off(tables: RoundTables) -> dict[str, Text]:
    """The last date or period of the graduate survey, of the labour market and of industry, up to the round."""
    rows = tables.frame("marts.source_file")

    def last(contracts: list[str], column: str) -> Text:
        values = rows.loc[rows["contract"].isin(contracts), column].dropna().astype(str)
        return in_words(values.max()) if len(values) else words("report.scope.no_date")

    return {
        "survey": last(["outcome"], "dated_on"),
        "market": last(["labour_market", "market_group"], "last_period"),
        "industry": last(["industry"], "last_period"),
    }


def files(tables: RoundTables, origins: Origins) -> Table:
    """One row per file and table: rows, periods, date, digest."""
    rows = tables.frame("marts.source_file").sort_values(["file", "contract"])
    shown = []
    for row in rows.to_dict("records"):
        first, last = row["first_period"], row["last_period"]
        periods = "–" if missing(first) else str(first) if first == last else f"{first}～{last}"
        dated = "–" if missing(row["dated_on"]) else str(row["dated_on"])
        digest = "–" if missing(row["file_digest"]) else str(row["file_digest"])[:DIGITS]
        cells = (
            str(row["file"]), Words(row["contract_zh"], row["contract_en"]), number(row["accepted"], 0),
            number(row["quarantined"], 0), periods, dated, digest,
        )  # fmt: skip
        shown.append(Row(cells, origins.file(str(row["file"]))))
    names = ("file", "table", "accepted", "refused", "periods", "dated_on", "digest")
    return Table("files", words("report.scope.files"), columns(*names, numeric={"accepted", "refused"}), tuple(shown))
