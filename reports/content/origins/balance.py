"""Where the numbers of supply and demand come from: programs, their schools, occupations, the district as a whole.

Belongs here: evidence of the balance of the round. Does not belong here: forecasts and structures (`economy`).
"""

from typing import Any

from reports.balance import basis_of, double_counting, of_round
from reports.content.origins.forecasts import ForecastOrigins
from reports.content.origins.shelf import counted, measure
from reports.content.parts import Evidence, Measure, Source, joined, words
from reports.content.sums import share, summed, total
from reports.listing import as_list
from reports.wording import missing, number, percent

MATCHED_YEARS = 3  # cohorts of a program's matched rate in the catalogue of programs to expand (its SQL says why)


class BalanceOrigins(ForecastOrigins):
    """Evidence of programs, schools' points, occupations and the balance of the district."""

    def program(self, code: str) -> str:
        """Graduates, openings, ratios and providers of a program in the round."""

        def build(key: str) -> Evidence:
            measures = [*self.balance_of(code), *self.providers_of(code), *self.expansion_of(code)]
            units = self.units("program_code", code)
            sources = [
                *self.cells.of_units("placement_rate", [self.tables.round], {"graduates"}, units),
                *self.cells.inputs("crosswalk", {"weight"}, [code]),
                *self.cells.openings(self.occupations_of(code)),
            ]
            title = words("report.evidence_of.program", name=self.names.program(code), code=code)
            return Evidence(key, title, tuple(measures), tuple(sources))

        return self.once(f"program-{code}", build)

    def balance_of(self, code: str) -> list[Measure]:
        """A program's graduates, openings and ratios."""
        year = self.tables.round
        rows = of_round(self.tables, "marts.program_balance", program_code=code)
        found: list[Measure] = []
        for row in rows.head(1).to_dict("records"):
            graduates, openings, reachable = (
                number(row[name]) for name in ("graduates", "allotted_openings", "reachable_openings")
            )
            basis = words(f"report.counted.{basis_of(self.tables)}", year=year)
            found = [
                counted("graduates", graduates, year=year),
                measure("allotted_openings", openings, counted=basis),
                measure("supply_demand_ratio", number(row["supply_demand_ratio"]), graduates, openings),
                counted("matched", number(row["matched"])),
                counted("surplus", number(row["surplus"])),
                counted("reachable_openings", reachable),
                measure("simple_ratio", number(row["simple_ratio"]), graduates, reachable),
            ]  # fmt: skip
        return found

    def providers_of(self, code: str) -> list[Measure]:
        """The share of schools that offer a program."""
        rows = self.tables.where("marts.duplicate_program", year=self.tables.round, program_code=code)
        return [
            measure(
                "provider_share", percent(row["provider_share"]), number(row["providers"]),
                number(row.get("schools_in_region")),
            )
            for row in rows.head(1).to_dict("records")
        ]  # fmt: skip

    def expansion_of(self, code: str) -> list[Measure]:
        """What the catalogue of programs to expand looks at: seats filled, matched graduates, openings left."""
        year = self.tables.round
        rows = self.tables.where("marts.program_to_expand", year=year, program_code=code)
        found: list[Measure] = []
        for row in rows.head(1).to_dict("records"):
            units = self.units("program_code", code)
            seats = self.enrollment.dropna(subset=["registered", "planned"])
            seats = seats[(seats["year"] == year) & seats["unit"].isin(units)]
            registered, planned = total(seats["registered"]), total(seats["planned"])
            cohorts = self.tables.frame("marts.indicator")
            recent = cohorts["year"].between(year - MATCHED_YEARS + 1, year)
            matched = summed(cohorts[cohorts["unit"].isin(units) & recent], "matched_employment_rate")
            occupations = joined([self.names.by_name("occupation", str(name)) for name in as_list(row["occupations"])])
            found = [
                measure("intake", share(registered, planned), number(registered, 0), number(planned, 0)),
                measure("matched_of_cohorts", share(*matched), *(number(value, 0) for value in matched)),
                counted("unfilled_of_program", number(row["vacancies_unfilled"], 1), occupations=occupations),
            ]
        return found

    def supplier(self, row: dict[Any, Any]) -> str:
        """One school's part of a program in the round, by a row of marts.duplicate_supplier."""
        code, school = row["program_code"], row["school_id"]

        def build(key: str) -> Evidence:
            units = self.tables.where("marts.unit", school_id=school, program_code=code)["unit"].tolist()
            rates = self.tables.where("marts.indicator", year=self.tables.round)
            matched = summed(rates[rates["unit"].isin(units)], "matched_employment_rate")
            graduates, everyone = number(row["graduates"], 0), number(row["program_graduates"], 0)
            openings = number(row["allotted_openings"])
            measures = (
                counted("planned", number(row["planned"], 0)),
                counted("registered", number(row["registered"], 0)),
                measure("share_of_graduates", percent(row["share_of_graduates"]), graduates, everyone),
                measure("matched_employment_rate", percent(row["matched_rate"]), *(number(n, 0) for n in matched)),
                *self.providers_of(code),
                measure("supply_demand_ratio", number(row["supply_demand_ratio"]), everyone, openings),
            )
            sources = [
                source
                for rate in ("intake_rate", "placement_rate", "matched_employment_rate")
                for source in self.cells.of_units(rate, [self.tables.round], None, units)
            ]
            title = words(
                "report.evidence_of.supplier", school=self.names.school(school, row["school_name"]),
                program=self.names.program(code, row["program_name"]), code=code,
            )  # fmt: skip
            return Evidence(key, title, measures, tuple(dict.fromkeys(sources)), see=(self.program(code),))

        return self.once(f"point-{school}-{code}", build)

    def occupation(self, code: str) -> str:
        """Openings, seekers and graduates of an occupation in the round, with the forecast."""

        def build(key: str) -> Evidence:
            measures = [*self.openings_of(code), *self.signals_of(code), *self.forecast_of("occupation", code)]
            sources = [
                *self.cells.openings([code]),
                *self.cells.inputs("crosswalk", {"weight"}, [code, *self.programs_of(code)]),
                *self.cells.inputs("occupation_projection", {"annual_openings"}, [code]),
                *self.cells.inputs("replacement_rate", {"annual_rate"}, [code]),
            ]
            title = words("report.evidence_of.occupation", name=self.names.occupation(code), code=code)
            see = (self.graduates(),)
            return Evidence(key, title, tuple(measures), tuple(dict.fromkeys(sources)), see=see)

        return self.once(f"occupation-{code}", build)

    def openings_of(self, code: str) -> list[Measure]:
        """An occupation's openings, filled and short, and its openings to seekers."""
        year, found = self.tables.round, []
        rows = of_round(self.tables, "marts.occupation_balance", occupation_code=code)
        for row in rows.to_dict("records"):
            basis = words(f"report.counted.{basis_of(self.tables)}_of_occupation", year=year)
            found += [
                measure("openings", number(row["openings"]), counted=basis),
                counted("filled", number(row["filled"])),
                counted("shortage", number(row["shortage"])),
                counted("feeding_programs", number(row["feeding_programs"])),
            ]
            if not missing(row["openings_to_seekers"]):
                vacancies, seekers = number(row["vacancies"]), number(row["job_seekers"])
                found.append(measure("openings_to_seekers", number(row["openings_to_seekers"]), vacancies, seekers))
        return found

    def signals_of(self, code: str) -> list[Measure]:
        """An occupation's graduates, programs, projection and persons to train."""
        year = self.tables.round
        rows = self.tables.where("marts.skill_supply_demand", year=year, occupation_code=code)
        found: list[Measure] = []
        for row in rows.head(1).to_dict("records"):
            graduates = number(row["graduates"], 1)
            found = [
                counted("graduates_of_occupation", graduates, year=year),
                counted("offered_programs", number(row["offered_programs"]), year=year),
            ]
            if not missing(row["projected_openings"]):
                found.append(counted("projected_openings", number(row["projected_openings"], 0)))
            missed = self.tables.where("marts.training_occupation", year=year, occupation_code=code)
            said = {
                "vacancies": number(row["vacancies"]),
                "seekers": number(row["job_seekers"]),
                "graduates": graduates,
            }
            found += [
                counted("persons_to_train", number(one["persons_to_train"], 1), **said)
                for one in missed.head(1).to_dict("records")
            ]
        return found

    def graduates(self) -> str:
        """The district's graduates of the round, with the openings and what the allotment makes of them."""
        return self.once("graduates", self.graduates_evidence)

    def graduates_evidence(self, key: str) -> Evidence:
        """See `graduates`."""
        tables, year = self.tables, self.tables.round
        programs, occupations = (of_round(tables, f"marts.{name}_balance") for name in ("program", "occupation"))
        graduates, matched = programs["graduates"].sum(), programs["matched"].sum()
        within, simple = double_counting(tables)
        over, known = (programs["supply_demand_ratio"] > 1).sum(), programs["supply_demand_ratio"].notna().sum()
        basis = words(f"report.counted.{basis_of(tables)}_of_occupation", year=year)
        measures = (
            counted("all_graduates", number(graduates), year=year),
            measure("openings", number(occupations["openings"].sum()), counted=basis),
            counted("openings_within_reach", number(within, 1)),
            counted("openings_counted_twice", number(simple, 0), double=number(simple - within, 0)),
            measure("matched_share", share(matched, graduates), number(matched, 1), number(graduates)),
            counted("surplus", number(programs["surplus"].sum(), 1)),
            measure("over_supplied", share(over, known), number(over), number(known)),
        )
        sources = [
            *self.cells.of_units("placement_rate", [year], {"graduates"}, None),
            *self.cells.openings(occupations["occupation_code"].tolist()),
            *self.cells.inputs("crosswalk", {"weight"}, None),
        ]
        return Evidence(key, words("report.evidence_of.graduates", year=year), measures, tuple(sources))

    def witness(self, row: dict[Any, Any]) -> str:
        """Programs that share too few openings, by a row of marts.surplus_witness."""
        codes, occupations = (
            [code for name in as_list(row[f"{kind}_names"]) if (code := self.names.code(kind, str(name)))]
            for kind in ("program", "occupation")
        )

        def build(key: str) -> Evidence:
            basis = words(f"report.counted.{basis_of(self.tables)}_of_occupation", year=self.tables.round)
            measures = (
                counted("graduates", number(row["graduates"], 0), year=self.tables.round),
                measure("openings", number(row["openings"], 0), counted=basis),
                counted("surplus_of_witness", number(row["surplus"], 0)),
            )
            units = [unit for code in codes for unit in self.units("program_code", code)]
            sources: list[Source] = [
                *self.cells.of_units("placement_rate", [self.tables.round], {"graduates"}, units),
                *self.cells.openings(occupations),
                *self.cells.inputs("crosswalk", {"weight"}, codes),
            ]
            title = words("report.evidence_of.witness", names=joined([self.names.program(code) for code in codes], 3))
            see = tuple(self.program(code) for code in codes)
            return Evidence(key, title, measures, tuple(sources), see=see)

        return self.once(f"witness-{'-'.join(codes)}", build)

    def occupations_of(self, program: str) -> list[str]:
        """The occupations that a program leads to."""
        rows = self.tables.where("core.crosswalk", relation="program_occupation", from_code=program)
        return sorted(set(rows["to_code"]))

    def programs_of(self, occupation: str) -> list[str]:
        """The programs that lead to an occupation."""
        rows = self.tables.where("core.crosswalk", relation="program_occupation", to_code=occupation)
        return sorted(set(rows["from_code"]))
