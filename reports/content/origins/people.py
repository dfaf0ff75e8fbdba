"""Where the numbers of students and graduates come from: rates of employment, seats, what the report covers.

Belongs here: evidence of groups of programs. Does not belong here: single verdicts (`reports.content.listed`).
"""

from collections.abc import Sequence

import pandas as pd

from reports.content.origins.shelf import Shelf, counted, measure
from reports.content.parts import Evidence, Measure, Text, words
from reports.content.sums import share, summed, total
from reports.wording import number

RATES = ("placement_rate", "direct_employment_rate", "matched_employment_rate")
MORE_RATES = ("local_employment_rate", "contract_rate", "certificate_rate")


class PeopleOrigins(Shelf):
    """Evidence of rates, seats and coverage."""

    def rates(self, kind: str, code: str, name: Text, year: int, rows: pd.DataFrame) -> str:
        """Rates of a group of programs in a year; `rows` are the indicators of its units, of all years."""

        def build(key: str) -> Evidence:
            of_year = rows[rows["year"] == year]
            measures = []
            for rate in (*RATES, *MORE_RATES):
                sums = summed(of_year, rate)
                measures.append(measure(rate, share(*sums, self.fewest), *(number(value, 0) for value in sums)))
            units = of_year["unit"].unique().tolist()
            sources = [
                source for rate in (*RATES, *MORE_RATES) for source in self.cells.of_units(rate, [year], None, units)
            ]
            title = words("report.evidence_of.rates", name=name, year=year)
            return Evidence(key, title, tuple(measures), tuple(dict.fromkeys(sources)))

        return self.once(f"rates-{kind}-{code}-{year}", build)

    def years_of_rates(self) -> str:
        """The district's rates of every year."""

        def build(key: str) -> Evidence:
            rows = self.tables.frame("marts.indicator").query("year <= @self.tables.round and indicator in @RATES")
            years = sorted(int(year) for year in rows["year"].unique())
            measures = []
            for rate in RATES:
                for year in reversed(years):
                    sums = summed(rows[rows["year"] == year], rate)
                    of_year = words("report.in_year", name=words(f"report.measures.{rate}.name"), year=year)
                    definition = words(f"report.measures.{rate}.definition")
                    parts = (number(value, 0) for value in sums)
                    measures.append(Measure(of_year, definition, share(*sums, self.fewest), *parts))
            sources = [source for rate in RATES for source in self.cells.of_units(rate, years, None, None)]
            title = words("report.evidence_of.years_of_rates")
            return Evidence(key, title, tuple(measures), tuple(dict.fromkeys(sources)))

        return self.once("rates-by-year", build)

    def seats(self, kind: str, code: str, name: Text, units: Sequence[str], years: Sequence[int]) -> str:
        """Students of a group of programs: planned and registered by year; in the round also in school."""

        def build(key: str) -> Evidence:
            rows = self.enrollment[self.enrollment["unit"].isin(units)]
            measures = []
            for year in years:
                of_year = rows[rows["year"] == year]
                registered, planned = (total(of_year[column]) for column in ("registered", "planned"))
                in_year = words("report.in_year", name=words("report.measures.intake.name"), year=year)
                definition = words("report.measures.intake.definition")
                parts = number(registered, 0), number(planned, 0)
                measures.append(Measure(in_year, definition, share(registered, planned), *parts))
            if self.tables.round in years:
                measures += self.students(rows)
            sources = [
                source
                for indicator in ("intake_rate", "registered")
                for source in self.cells.of_units(indicator, list(years), None, list(units))
            ]
            sources += self.cells.inputs("enrollment", {"in_school"}, list(units), [self.tables.round])
            title = words("report.evidence_of.seats", name=name)
            return Evidence(key, title, tuple(measures), tuple(dict.fromkeys(sources)))

        return self.once(f"seats-{kind}-{code}-{'-'.join(map(str, years))}", build)

    def students(self, rows: pd.DataFrame) -> list[Measure]:
        """Students, points, schools, classes of programs and graduates of a group in the round."""
        year = self.tables.round
        everyone = total(self.enrollment.loc[self.enrollment["year"] == year, "in_school"])
        units = self.tables.frame("marts.unit")
        now = rows[rows["year"] == year].merge(units[["unit", "category"]], on="unit")
        students = total(now["in_school"])
        left = self.tables.where("marts.indicator", indicator="placement_rate", year=year)
        graduates = total(left[left["unit"].isin(now["unit"])]["denominator"])
        return [
            measure("share_of_students", share(students, everyone), number(students, 0), number(everyone, 0)),
            counted("points", number(len(now))),
            counted("schools_of_group", number(now["school_id"].nunique())),
            counted("categories_of_group", number(now["category"].nunique())),
            counted("graduates_of_group", number(graduates, 0), year=year),
        ]

    def coverage(self) -> str:
        """Which schools, points and programs the report covers."""

        def build(key: str) -> Evidence:
            units = self.tables.frame("marts.unit")
            measures = (
                counted("covered_schools", number(units["school_id"].nunique())),
                counted("covered_points", number(len(units))),
                counted("covered_programs", number(units["program_code"].nunique())),
            )
            sources = tuple(self.cells.files_of("outcome", "enrollment", "school"))
            return Evidence(key, words("report.evidence_of.coverage"), measures, sources)

        return self.once("coverage", build)
