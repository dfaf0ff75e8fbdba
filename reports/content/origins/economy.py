"""Where the numbers of industry, forecast, labour market and structures come from.

Belongs here: evidence of industries, market groups, classes and indices. Does not belong here: the balance of programs
and occupations (`balance`).
"""

from typing import Any

from reports.content.origins.balance import BalanceOrigins
from reports.content.origins.shelf import counted, measure
from reports.content.parts import Evidence, Measure, both, words
from reports.structure import SYSTEMS, change, written
from reports.wording import missing, number, percent, texts

HUNDRED_MILLION = 1e8


class EconomyOrigins(BalanceOrigins):
    """Evidence of industries, market groups, classes and indices."""

    def industry(self, code: str) -> str:
        """Employed persons and forecast of an industry."""

        def build(key: str) -> Evidence:
            measures = [*self.employed_in(code), *self.forecast_of("industry", code), *self.backtest_of(code)]
            sources = [
                *self.cells.inputs("industry", {"employed_persons"}, self.industries_below(code)),
                *self.cells.inputs("replacement_rate", {"annual_rate"}, [code]),
            ]
            title = words("report.evidence_of.industry", name=self.names.industry(code), code=code)
            return Evidence(key, title, tuple(measures), tuple(sources))

        return self.once(f"industry-{code}", build)

    def employed_in(self, code: str) -> list[Measure]:
        """Persons employed in an industry: number, share of all, change since the year before."""
        rows = self.tables.where("marts.industry_share", class_code=code, basis="employed_persons")
        rows = rows[rows["class_system"].isin(["section", "division"]) & (rows["year"] <= self.tables.round)]
        found: list[Measure] = []
        for row in rows.sort_values("year").tail(1).to_dict("records"):
            year, persons = int(row["year"]), number(row["amount"], 0)
            found = [
                counted("employed_persons", persons, year=year),
                measure("share_employed_persons", percent(row["share"]), persons, whole_of(row, 0)),
            ]
            before = rows[rows["year"] == year - 1]["amount"]
            if len(before) and before.iloc[0]:
                moved = change(row["amount"] / before.iloc[0] - 1)
                found.append(measure("employed_change", moved, persons, number(before.iloc[0], 0)))
        return found

    def backtest_of(self, code: str) -> list[Measure]:
        """How well the method of an industry's forecast did on past years."""
        rows = self.tables.where("marts.forecast_backtest", base_year=self.tables.round, code=code, chosen=True)
        rows = rows[rows["level"] != "division"]
        found: list[Measure] = []
        for row in rows.head(1).to_dict("records"):
            errors = number(row["mae"], 0), number(row["naive_mae"], 0)
            found = [
                measure("forecast_error", number(row["relative_mae"]), *errors),
                counted("forecast_origins", number(row["origins"], 0)),
                counted("forecast_coverage", percent(row["coverage"], 0), n=number(row["forecasts"], 0)),
            ]
        return found

    def industries(self, basis: str, year: int) -> str:
        """All industry of a year by its classes: employed persons by section, or value added by sector."""
        system = "section" if basis == "employed_persons" else "sector"

        def build(key: str) -> Evidence:
            rows = self.tables.frame("marts.industry_share").query(
                "class_system == @system and basis == @basis and year == @year"
            )
            whole = rows["amount"].sum()
            amount = number(whole / HUNDRED_MILLION) if basis == "value_added" else number(whole, 0)
            measures = [counted(f"all_{basis}", amount, year=year)]
            for row in rows.sort_values("class_code").to_dict("records"):
                name = words(
                    "report.share_of_class", name=self.names.of_class(system, row["class_code"], row["class_name"])
                )
                definition = words(f"report.measures.share_{basis}.definition")
                parts = number(row["amount"], 0), number(whole, 0)
                measures.append(Measure(name, definition, percent(row["share"]), *parts))
            sources = self.cells.inputs("industry", {basis}, rows["class_code"].tolist(), [year])
            if not sources:  # a sector that is the sum of its sections
                sources = self.cells.inputs("industry", {basis}, None, [year])
            title = words(f"report.evidence_of.industries_{basis}", year=year)
            return Evidence(key, title, tuple(measures), tuple(sources))

        return self.once(f"industries-{basis}-{year}", build)

    def industries_below(self, code: str) -> list[str]:
        """An industry and the classes that it is the sum of."""
        classes = self.tables.frame("core.industry_class")
        below = classes[(classes["section_code"] == code) | (classes["sector_code"] == code)]["industry_code"]
        return [code, *below.tolist()]

    def share(self, system: str, code: str, year: int, industry: str) -> str:
        """Shares of graduates and of industry of a class."""

        def build(key: str) -> Evidence:
            measures, name = self.shares_of(system, code, year, industry)
            members = self.tables.where("marts.class_member", class_system=system, class_code=code)
            below = members["industry_code"].dropna().tolist() if "industry_code" in members else []
            sources = [
                *self.cells.inputs("industry", {industry}, [code, *below], [year]),
                *self.cells.inputs("priority_industry", {"industry_code", "share"}, [code]),
            ]
            title = words("report.evidence_of.share", name=self.names.of_class(system, code, name))
            see = (self.graduates(), self.structure(year, industry))
            return Evidence(key, title, tuple(measures), tuple(sources), see=see)

        return self.once(f"share-{system}-{code}", build)

    def shares_of(self, system: str, code: str, year: int, industry: str) -> tuple[list[Measure], str]:
        """Both shares of a class with its deviation, and its name."""
        measures, name, shares = [], code, []
        for mart, basis in (("supply_share", "graduates"), ("industry_share", industry)):
            rows = self.tables.where(f"marts.{mart}", class_system=system, class_code=code, year=year, basis=basis)
            for row in rows.head(1).to_dict("records"):
                name = code if missing(row["class_name"]) else row["class_name"]
                shares.append(row["share"])
                parts = number(row["amount"], 1), whole_of(row, 1)
                measures.append(measure(f"share_{basis}", percent(row["share"]), *parts))
        rows = self.tables.where(
            "marts.match_index", class_system=system, class_code=code, year=year, industry_basis=industry,
            supply_basis="graduates", index="structural_deviation",
        )  # fmt: skip
        for value in rows["value"].dropna().head(1):
            deviation = number(value).replace("-", "−")
            measures.append(measure("structural_deviation", deviation, *(percent(one) for one in reversed(shares))))
        return measures, name

    def structure(self, year: int, industry: str) -> str:
        """The two structures that indices compare: graduates by class and industry by class."""

        def build(key: str) -> Evidence:
            basis = words(f"structure_tables.bases.{industry}")
            made = words("report.counted.structure", industry=basis, year=year)
            rows = self.tables.frame("marts.match_index").query(
                "year == @year and supply_basis == 'graduates' and industry_basis == @industry and class_code.isna()"
            )
            known = texts("zh")["structure_tables"]["indices"]
            rows = rows[rows["index"].isin(known) & rows["class_system"].isin(SYSTEMS)]
            measures = []
            for row in rows.sort_values(["class_system", "index"]).to_dict("records"):
                title = words(
                    "report.index_of", index=words(f"structure_tables.indices.{row['index']}.name"),
                    system=words(f"structure_tables.kinds.{row['class_system']}"),
                )  # fmt: skip
                value = both(lambda lang, row=row: written(row["index"], row["value"], lang))  # type: ignore[misc]
                measures.append(Measure(title, words(f"report.formulas.{row['index']}"), value, counted_from=made))
            sources = [
                *self.cells.inputs("industry", {industry}, None, [year]),
                *self.cells.inputs("crosswalk", {"weight"}, None),
            ]
            title = words("report.evidence_of.structure", year=year)
            return Evidence(key, title, tuple(measures), tuple(sources), see=(self.graduates(),))

        return self.once(f"structure-{year}-{industry}", build)

    def market(self, code: str, period: str) -> str:
        """Openings and seekers of the market or of one of its groups, with their changes."""

        def build(key: str) -> Evidence:
            rows = self.tables.where("marts.openings_to_seekers", period=period, group_code=code)
            measures = []
            for row in rows.head(1).to_dict("records"):
                ratio = number(row["openings_to_seekers"])
                counts = (number(row[f"counted_{side}"], 1) for side in ("vacancies", "job_seekers"))
                measures += [
                    counted("market_vacancies", number(row["vacancies"], 0), period=period),
                    counted("market_job_seekers", number(row["job_seekers"], 0), period=period),
                    measure("openings_to_seekers", ratio, *counts),
                ]
                for span in ("quarter", "year"):
                    before = number(row[f"openings_to_seekers_{span}_before"])
                    moved = change(row[f"openings_to_seekers_change_{span}"])
                    measures.append(measure(f"change_{span}", moved, ratio, before))
            contract = "labour_market" if code == "total" else "market_group"
            sources = self.cells.inputs(contract, {"vacancies", "job_seekers"}, None, periods=[period])
            known = texts("zh")["structure_tables"]["groups"]
            name = words(f"structure_tables.groups.{code}") if code in known else code
            title = words("report.evidence_of.market", name=name, period=period)
            return Evidence(key, title, tuple(measures), tuple(sources))

        return self.once(f"market-{period}-{code}", build)


def whole_of(row: dict[Any, Any], digits: int) -> str:
    """The whole of which a row with `amount` and `share` is a part."""
    return number(row["amount"] / row["share"], digits) if row["share"] else "–"
