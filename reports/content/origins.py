"""Where the numbers of a report come from: one evidence per subject, made when a number first asks for it.

Belongs here: which cells, counts and definitions stand behind programs, occupations, classes, indices, rates and files.
Does not belong here: verdicts with their years (`listed_units`), the numbers themselves (the marts).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from models.coordination import grade
from reports.balance import basis_of, of_round
from reports.content.names import Names
from reports.content.parts import Evidence, Figure, Measure, Source, Text, Words, both, joined, pair, words
from reports.round_tables import RoundTables
from reports.wording import missing, number, percent, texts

CELL_COLUMNS = ("file", "sheet", "cell", "column_zh", "column_en")
Cell = tuple[Any, ...]  # the values of CELL_COLUMNS
ADDRESS = re.compile(r"^([A-Z]+)([0-9]+)$")
RATES = ("placement_rate", "direct_employment_rate", "matched_employment_rate")
FEWEST = 10  # where the rule-book says nothing: rates of fewer persons are not shown


class Origins:
    """The evidence of one report, by key; a method per kind of subject returns the key."""

    def __init__(self, tables: RoundTables) -> None:
        self.tables = tables
        self.names = Names(tables)
        self.found: dict[str, Evidence] = {}

    def once(self, key: str, build: Callable[[str], Evidence]) -> str:
        """The key of an evidence, which is built the first time."""
        if key not in self.found:
            self.found[key] = build(key)
        return key

    # Programs and occupations

    def program(self, code: str) -> str:
        """Graduates, allotted openings and ratio of a program in the round."""
        return self.once(f"program-{code}", lambda key: self.program_evidence(key, code))

    def program_evidence(self, key: str, code: str) -> Evidence:
        """See `program`."""
        tables, year = self.tables, self.tables.round
        rows = of_round(tables, "marts.program_balance").query("program_code == @code").to_dict("records")
        measures = []
        if rows:
            row = rows[0]
            graduates, openings = number(row["graduates"]), number(row["allotted_openings"])
            measures = [
                measure("graduates", graduates, counted=words("report.counted.graduates", year=year)),
                measure("allotted_openings", openings, counted=words(f"report.counted.{basis_of(tables)}", year=year)),
                measure("supply_demand_ratio", number(row["supply_demand_ratio"]), graduates, openings),
                measure("matched", number(row["matched"]), counted=words("report.counted.matched")),
                measure("surplus", number(row["surplus"]), counted=words("report.counted.surplus")),
            ]
        shared = tables.frame("marts.duplicate_program").query("year == @year and program_code == @code")
        for row in shared.head(1).to_dict("records"):
            schools = number(row.get("schools_in_region"))
            measures.append(
                measure("provider_share", percent(row["provider_share"]), number(row["providers"]), schools)
            )
        occupations = self.occupations_of(code)
        sources = [
            *self.of_units("placement_rate", [year], {"graduates"}, self.units("program_code", code)),
            *self.inputs("crosswalk", {"weight"}, [code]),
            *self.openings(occupations),
        ]
        title = words("report.evidence_of.program", name=self.names.program(code), code=code)
        return Evidence(key, title, tuple(measures), tuple(sources))

    def occupation(self, code: str) -> str:
        """Openings, seekers and graduates of an occupation in the round, with the forecast."""
        return self.once(f"occupation-{code}", lambda key: self.occupation_evidence(key, code))

    def occupation_evidence(self, key: str, code: str) -> Evidence:
        """See `occupation`."""
        tables, year = self.tables, self.tables.round
        measures = []
        for row in of_round(tables, "marts.occupation_balance").query("occupation_code == @code").to_dict("records"):
            openings = number(row["openings"])
            basis = words(f"report.counted.{basis_of(tables)}_of_occupation", year=year)
            measures += [
                measure("openings", openings, counted=basis),
                measure("filled", number(row["filled"]), counted=words("report.counted.filled")),
                measure("shortage", number(row["shortage"]), counted=words("report.counted.shortage")),
            ]
            if not missing(row["openings_to_seekers"]):
                vacancies, seekers = number(row["vacancies"]), number(row["job_seekers"])
                measures.append(measure("openings_to_seekers", number(row["openings_to_seekers"]), vacancies, seekers))
        measures += self.forecast("occupation", code)
        sources = [*self.openings([code]), *self.inputs("crosswalk", {"weight"}, [code, *self.programs_of(code)])]
        sources += self.inputs("replacement_rate", {"annual_rate"}, [code])
        title = words("report.evidence_of.occupation", name=self.names.occupation(code), code=code)
        return Evidence(key, title, tuple(measures), tuple(sources), see=(self.graduates(),))

    def forecast(self, kind: str, code: str) -> list[Measure]:
        """The forecast of an occupation or industry for the last year ahead."""
        rows = self.tables.frame("marts.demand_forecast").query(
            "base_year == @self.tables.round and class_kind == @kind"
        )
        rows = rows[(rows["year"] == rows["year"].max()) & (rows["code"] == code)]
        found = []
        for row in rows.head(1).to_dict("records"):
            last = "–" if missing(row["employed_last"]) else number(row["employed_last"], 0)
            said = {
                "year": int(row["year"]), "last_year": "–" if missing(row["last_year"]) else int(row["last_year"]),
                "last": last, "expansion": number(row["expansion_mid"], 0),
                "replacement": number(row["replacement_mid"], 0),
            }  # fmt: skip
            found.append(
                measure("forecast", number(row["openings_mid"], 0), counted=words("report.counted.forecast", **said))
            )
        return found

    def industry(self, code: str) -> str:
        """Employed persons and forecast of an industry."""
        return self.once(f"industry-{code}", lambda key: self.industry_evidence(key, code))

    def industry_evidence(self, key: str, code: str) -> Evidence:
        """See `industry`."""
        series = self.tables.frame("marts.employment_series").query("code == @code and year <= @self.tables.round")
        measures = self.forecast("industry", code)
        if len(series):
            row = series.sort_values("year").iloc[-1]
            counted = words("report.counted.employed", year=int(row["year"]))
            measures.insert(0, measure("employed_persons", number(row["persons"], 0), counted=counted))
        sources = [
            *self.inputs("industry", {"employed_persons"}, self.industries_below(code)),
            *self.inputs("replacement_rate", {"annual_rate"}, [code]),
        ]
        title = words("report.evidence_of.industry", name=self.names.industry(code), code=code)
        return Evidence(key, title, tuple(measures), tuple(sources))

    # Structures

    def share(self, system: str, code: str, year: int, industry: str) -> str:
        """Shares of graduates and of industry of a class."""
        return self.once(f"share-{system}-{code}", lambda key: self.share_evidence(key, system, code, year, industry))

    def share_evidence(self, key: str, system: str, code: str, year: int, industry: str) -> Evidence:
        """See `share`."""
        tables = self.tables
        measures, name = [], code
        for mart, basis in (("supply_share", "graduates"), ("industry_share", industry)):
            rows = tables.frame(f"marts.{mart}").query(
                "class_system == @system and class_code == @code and year == @year and basis == @basis"
            )
            for row in rows.head(1).to_dict("records"):
                name = code if missing(row["class_name"]) else row["class_name"]
                total = row["amount"] / row["share"] if row["share"] else None
                measures.append(
                    measure(f"share_{basis}", percent(row["share"]), number(row["amount"], 1), number(total, 1))
                )
        members = tables.frame("marts.class_member").query("class_system == @system and class_code == @code")
        below = members["industry_code"].dropna().tolist() if "industry_code" in members else []
        sources = [
            *self.inputs("industry", {industry}, [code, *below], [year]),
            *self.inputs("priority_industry", {"industry_code", "share"}, [code]),
        ]
        title = words("report.evidence_of.share", name=self.names.of_class(system, code, name))
        return Evidence(
            key, title, tuple(measures), tuple(sources), see=(self.graduates(), self.structure(year, industry))
        )

    def structure(self, year: int, industry: str) -> str:
        """The two structures that indices compare: graduates by class and industry by class."""
        return self.once(f"structure-{year}-{industry}", lambda key: self.structure_evidence(key, year, industry))

    def structure_evidence(self, key: str, year: int, industry: str) -> Evidence:
        """See `structure`."""
        text = texts_of("structure_tables.bases")
        counted = words("report.counted.structure", industry=text(industry), year=year)
        measures = []
        rows = self.tables.frame("marts.match_index").query(
            "year == @year and supply_basis == 'graduates' and industry_basis == @industry and class_code.isna()"
        )
        for row in rows.sort_values(["class_system", "index"]).to_dict("records"):
            name = texts("zh")["structure_tables"]["indices"].get(row["index"])
            if name is None or row["class_system"] not in ("sector", "section", "division"):
                continue
            title = words(
                "report.index_of", index=words(f"structure_tables.indices.{row['index']}.name"),
                system=words(f"structure_tables.kinds.{row['class_system']}"),
            )  # fmt: skip
            meaning = words(f"report.formulas.{row['index']}")
            value = both(lambda lang, row=row: in_grades(row["index"], row["value"], lang))  # type: ignore[misc]
            measures.append(Measure(title, meaning, value, counted_from=counted))
        sources = [*self.inputs("industry", {industry}, None, [year]), *self.inputs("crosswalk", {"weight"}, None)]
        title = words("report.evidence_of.structure", year=year)
        return Evidence(key, title, tuple(measures), tuple(sources), see=(self.graduates(),))

    def graduates(self) -> str:
        """The district's graduates of the round, with the openings and what the allotment makes of them."""
        return self.once("graduates", self.graduates_evidence)

    def graduates_evidence(self, key: str) -> Evidence:
        """See `graduates`."""
        tables, year = self.tables, self.tables.round
        programs, occupations = (of_round(tables, f"marts.{name}_balance") for name in ("program", "occupation"))
        graduates, matched = number(programs["graduates"].sum()), number(programs["matched"].sum())
        openings = number(occupations["openings"].sum())
        measures = (
            measure("graduates", graduates, counted=words("report.counted.all_graduates", year=year)),
            measure("openings", openings, counted=words(f"report.counted.{basis_of(tables)}_of_occupation", year=year)),
            measure("matched_share", share(programs["matched"].sum(), programs["graduates"].sum()), matched, graduates),
        )
        sources = [
            *self.of_units("placement_rate", [year], {"graduates"}, None),
            *self.openings(occupations["occupation_code"].tolist()),
            *self.inputs("crosswalk", {"weight"}, None),
        ]
        return Evidence(key, words("report.evidence_of.graduates", year=year), measures, tuple(sources))

    def market(self, code: str, name: Text, period: str) -> str:
        """Openings and seekers of the market or of one of its groups."""

        def build(key: str) -> Evidence:
            rows = self.tables.frame("marts.openings_to_seekers").query("period == @period and group_code == @code")
            measures = [
                measure(
                    "openings_to_seekers", number(row["openings_to_seekers"]),
                    *(number(row[f"counted_{side}"], 1) for side in ("vacancies", "job_seekers")),
                )
                for row in rows.head(1).to_dict("records")
            ]  # fmt: skip
            contract = "labour_market" if code == "total" else "market_group"
            sources = self.inputs(contract, {"vacancies", "job_seekers"}, None, periods=[period])
            return Evidence(
                key, words("report.evidence_of.market", name=name, period=period), tuple(measures), tuple(sources)
            )

        return self.once(f"market-{period}-{code}", build)

    # Rates

    def rates(self, kind: str, code: str, name: Text, year: int, rows: pd.DataFrame) -> str:
        """Rates of a group of programs in a year; `rows` are the indicators of its units, of all years."""

        def build(key: str) -> Evidence:
            of_year = rows[rows["year"] == year]
            measures = []
            for rate in RATES:
                sums = summed(of_year, rate)
                measures.append(measure(rate, share(*sums), *(number(value, 0) for value in sums)))
            sources = [
                source
                for rate in RATES
                for source in self.of_units(rate, [year], None, of_year["unit"].unique().tolist())
            ]
            title = words("report.evidence_of.rates", name=name, year=year)
            return Evidence(key, title, tuple(measures), tuple(dict.fromkeys(sources)))

        return self.once(f"rates-{kind}-{code}-{year}", build)

    def seats(self, kind: str, code: str, name: Text, units: Sequence[str], years: Sequence[int]) -> str:
        """Planned and registered students of a group of programs in one or two years."""

        def build(key: str) -> Evidence:
            rows = self.enrollment().query("unit in @units")
            measures = []
            for year in years:
                of_year = rows[rows["year"] == year]
                registered, planned = (total(of_year[column]) for column in ("registered", "planned"))
                in_year = words("report.in_year", name=words("report.measures.intake.name"), year=year)
                measures.append(
                    Measure(
                        in_year, words("report.measures.intake.definition"), share(registered, planned),
                        number(registered, 0), number(planned, 0),
                    )
                )  # fmt: skip
            sources = self.of_units("intake_rate", list(years), None, list(units))
            sources += self.of_units("registered", list(years), None, list(units))
            title = words("report.evidence_of.seats", name=name)
            return Evidence(key, title, tuple(measures), tuple(dict.fromkeys(sources)))

        return self.once(f"seats-{kind}-{code}-{'-'.join(map(str, years))}", build)

    def enrollment(self) -> pd.DataFrame:
        """Enrollment by unit and year up to the round."""
        rows = self.tables.frame("core.enrollment").query("year <= @self.tables.round")
        units = self.tables.frame("marts.unit")[["unit", "school_id", "program_code"]]
        return rows.merge(units, on=["school_id", "program_code"])

    # Documents

    def verdicts(self) -> str:
        """How many programs were reviewed and listed in the round and in the one before."""
        return self.once("verdicts", self.verdicts_evidence)

    def verdicts_evidence(self, key: str) -> Evidence:
        """See `verdicts`."""
        tables, book = self.tables, self.tables.rulebook
        verdicts = tables.frame("decisions.verdict")
        measures = []
        for year in (tables.round, tables.round - 1):
            rows = verdicts[verdicts["round"] == year]
            if len(rows):
                listed, evaluated = int((rows["rank"] > 0).sum()), int(rows["evaluated"].sum())
                name = words("report.in_year", name=words("report.measures.listed.name"), year=year)
                definition = words("report.measures.listed.definition")
                measures.append(
                    Measure(name, definition, share(listed, evaluated), number(listed, 0), number(evaluated, 0))
                )
        files = tables.frame("marts.source_file").query("contract in ['outcome', 'enrollment', 'labour_market']")
        sources = [
            Source(str(row["file"]), "", "", Words(row["contract_zh"], row["contract_en"]))
            for row in files.sort_values(["contract", "file"]).to_dict("records")
        ]
        rules = joined([Words(rule.name.zh, rule.name.en) for rule in book.rules])
        fact = (
            words("rulebook"),
            (Words(book.title.zh, book.title.en), f"{book.version} · {tables.rulebook_digest}", rules),
        )
        return Evidence(key, words("report.evidence_of.verdicts"), tuple(measures), tuple(sources), facts=(fact,))

    def files(self) -> str:
        """Rows of all files: landed, accepted, refused."""
        return self.once("files", self.files_evidence)

    def files_evidence(self, key: str) -> Evidence:
        """See `files`."""
        account = self.tables.frame("landed.account")
        sums = account[["landed", "accepted", "quarantined", "superseded", "non_data"]].sum()
        measures = tuple(
            measure(f"rows_{name}", number(value, 0), counted=words("report.counted.rows"))
            for name, value in sums.items()
        )
        sheets = account.groupby(["file", "sheet"], as_index=False)["landed"].sum()
        sources = tuple(
            Source(str(file), "" if missing(sheet) else str(sheet), "", words("report.rows", n=number(rows, 0)))
            for file, sheet, rows in sheets[["file", "sheet", "landed"]].itertuples(index=False, name=None)
        )
        return Evidence(key, words("report.evidence_of.files"), measures, sources)

    def file(self, file: str) -> str:
        """The rows of one file."""

        def build(key: str) -> Evidence:
            account = self.tables.frame("landed.account").query("file == @file")
            sums = account[["landed", "accepted", "quarantined", "superseded", "non_data"]].sum()
            measures = tuple(
                measure(f"rows_{name}", number(value, 0), counted=words("report.counted.rows"))
                for name, value in sums.items()
            )
            sources = tuple(
                Source(file, "" if missing(sheet) else str(sheet), "", words("report.rows", n=number(rows, 0)))
                for sheet, rows in account[["sheet", "landed"]].itertuples(index=False, name=None)
            )
            return Evidence(key, words("report.evidence_of.file", name=file), measures, sources)

        return self.once(f"file-{file}", build)

    def plan(self) -> str:
        """Next year's seats as a whole."""
        return self.once("plan", self.plan_evidence)

    def plan_evidence(self, key: str) -> Evidence:
        """See `plan`."""
        plan = self.tables.plan
        measures = []
        if plan is not None and plan.feasible:
            row = plan.summary
            measures = [
                measure(f"plan_{name}", number(row[name], 1), counted=words(f"report.counted.plan_{name}"))
                for name in ("seats", "last_seats", "matched", "last_matched")
            ]
        years = [self.tables.round]
        units = None if plan is None else plan.frames["plan_unit"]["unit"].tolist()
        sources = self.of_units("intake_rate", years, None, units)
        return Evidence(key, words("report.evidence_of.plan"), tuple(measures), tuple(sources), see=(self.graduates(),))

    def plan_unit(self, unit: str) -> str:
        """Next year's seats of one program."""

        def build(key: str) -> Evidence:
            of = self.names.units.get(unit, {"school": unit, "program": "", "code": ""})
            measures = []
            rows = [] if self.tables.plan is None else self.tables.plan.frames["plan_unit"].to_dict("records")
            for row in rows:
                if row["unit"] != unit:
                    continue
                measures += [
                    measure("plan_seats", number(row["seats"], 0), counted=words("report.counted.plan_seats")),
                    measure(
                        "plan_last_seats", number(row["last_seats"], 0), counted=words("report.counted.plan_last_seats")
                    ),
                ]
                for rate, name in (
                    ("fill", "intake"),
                    ("completion", "completion"),
                    ("matched", "matched_of_entrants"),
                ):
                    parts = (number(row[f"{rate}_{part}"], 0) for part in ("numerator", "denominator"))
                    measures.append(measure(name, percent(row[f"{rate}_rate"]), *parts))
            years = [self.tables.round]
            sources = [*self.of_units("intake_rate", years, None, [unit])]
            for rate in RATES[:1] + RATES[2:]:
                sources += self.of_units(rate, years, None, [unit])
            title = words("report.evidence_of.plan_unit", school=of["school"], program=of["program"])
            see = ("plan", *([self.program(str(of["code"]))] if of["code"] else []))
            self.plan()
            return Evidence(key, title, tuple(measures), tuple(dict.fromkeys(sources)), see=see)

        return self.once(f"plan-{unit}", build)

    # Cells

    def units(self, column: str, value: str) -> list[str]:
        """The units with a value in a column of marts.unit."""
        units = self.tables.frame("marts.unit")
        return units.loc[units[column] == value, "unit"].tolist()

    def occupations_of(self, program: str) -> list[str]:
        """The occupations that a program leads to."""
        rows = self.tables.frame("core.crosswalk").query("relation == 'program_occupation' and from_code == @program")
        return sorted(set(rows["to_code"]))

    def programs_of(self, occupation: str) -> list[str]:
        """The programs that lead to an occupation."""
        rows = self.tables.frame("core.crosswalk").query("relation == 'program_occupation' and to_code == @occupation")
        return sorted(set(rows["from_code"]))

    def industries_below(self, code: str) -> list[str]:
        """An industry and the classes that it is the sum of."""
        classes = self.tables.frame("core.industry_class")
        below = classes[(classes["section_code"] == code) | (classes["sector_code"] == code)]["industry_code"]
        return [code, *below.tolist()]

    @cached_property
    def unit_cells(self) -> dict[tuple[str, int], list[tuple[str, str, Cell]]]:
        """Unit, column and cell by indicator and year."""
        found: dict[tuple[str, int], list[tuple[str, str, Cell]]] = {}
        rows = self.tables.frame("marts.indicator_source")
        names = ["indicator", "year", "unit", "column_name", *CELL_COLUMNS]
        for indicator, year, unit, column, *cell in rows[names].itertuples(index=False, name=None):
            found.setdefault((indicator, int(year)), []).append((unit, column, tuple(cell)))
        return found

    @cached_property
    def input_cells(self) -> dict[str, list[tuple[str, int | None, str | None, str, Cell]]]:
        """Code, year, period, column and cell by input table, up to the round."""
        found: dict[str, list[tuple[str, int | None, str | None, str, Cell]]] = {}
        rows = self.tables.frame("marts.input_source")
        names = ["contract", "code", "year", "period", "column_name", *CELL_COLUMNS]
        for contract, code, year, period, column, *cell in rows[names].itertuples(index=False, name=None):
            known = None if year is pd.NA or missing(year) else int(year)
            if known is None or known <= self.tables.round:
                found.setdefault(contract, []).append((code, known, period, column, tuple(cell)))
        return found

    def of_units(
        self, indicator: str, years: Sequence[int], columns: set[str] | None, units: Sequence[str] | None
    ) -> list[Source]:
        """Cells of the schools' files behind an indicator in some years, of some units or of all."""
        wanted = None if units is None else set(units)
        return in_ranges(
            cell
            for year in years
            for unit, column, cell in self.unit_cells.get((indicator, year), [])
            if (wanted is None or unit in wanted) and (columns is None or column in columns)
        )

    def inputs(
        self,
        contract: str,
        columns: set[str],
        codes: Sequence[str] | None,
        years: Sequence[int] | None = None,
        periods: Sequence[str] | None = None,
    ) -> list[Source]:
        """Cells of the other files: of some codes or all, of some years or periods or all up to the round."""
        wanted = None if codes is None else set(codes)
        return in_ranges(
            cell
            for code, year, period, column, cell in self.input_cells.get(contract, [])
            if column in columns
            and (wanted is None or code in wanted)
            and (years is None or year is None or year in years)
            and (periods is None or period in periods)
        )

    def openings(self, occupations: Sequence[str]) -> list[Source]:
        """Cells of the openings of occupations in the round, by the signal that the balance is shown by."""
        if basis_of(self.tables) == "vacancies":
            return self.inputs("labour_market", {"vacancies", "job_seekers"}, occupations, [self.tables.round])
        return self.inputs("occupation_projection", {"annual_openings"}, occupations)


def measure(name: str, value: Text, numerator: Text = "", denominator: Text = "", counted: Text = "") -> Measure:
    """A measure whose name and definition stand in the texts."""
    path = f"report.measures.{name}"
    return Measure(words(f"{path}.name"), words(f"{path}.definition"), value, numerator, denominator, counted)


def in_ranges(cells: Iterable[Cell]) -> list[Source]:
    """Cells (file, sheet, cell, titles of the column) by file and sheet; neighbours as a range."""
    found: dict[tuple[str, str], dict[tuple[str, str], list[str]]] = {}
    for file, sheet, cell, zh, en in cells:
        place = (str(file), "" if missing(sheet) else str(sheet))
        found.setdefault(place, {}).setdefault((str(zh), str(en)), []).append("" if missing(cell) else str(cell))
    sources = []
    for place in sorted(found):
        written = {title: ranges(of_column) for title, of_column in found[place].items()}
        titles = sorted(written, key=lambda title: in_order(written[title]))
        shown = "; ".join(written[title] for title in titles)
        sources.append(Source(*place, shown, joined([pair(*title) for title in titles])))
    return sources


def in_order(cells: str) -> tuple[int, str]:
    """Columns in the order of a sheet: A before B, Z before AA."""
    letters = re.match(r"[A-Z]*", cells)
    return (len(letters[0]), letters[0]) if letters else (0, cells)


def ranges(cells: Iterable[str]) -> str:
    """Cells as people write them: E3:E9, F4."""
    columns: dict[str, set[int]] = {}
    others = []
    for cell in dict.fromkeys(cells):
        found = ADDRESS.match(cell)
        if found:
            columns.setdefault(found[1], set()).add(int(found[2]))
        elif cell:
            others.append(cell)
    written = []
    for letter in sorted(columns, key=lambda letter: (len(letter), letter)):
        rows = sorted(columns[letter])
        start = rows[0]
        for row, following in zip(rows, [*rows[1:], 0], strict=True):
            if following != row + 1:
                written.append(f"{letter}{row}" if start == row else f"{letter}{start}:{letter}{row}")
                start = following
    return ", ".join([*written, *others])


def summed(rows: pd.DataFrame, indicator: str) -> tuple[float | None, float | None]:
    """Numerator and denominator of a rate over units that report both."""
    known = rows[(rows["indicator"] == indicator) & rows["numerator"].notna() & rows["denominator"].notna()]
    return (float(known["numerator"].sum()), float(known["denominator"].sum())) if len(known) else (None, None)


def total(values: pd.Series) -> float | None:
    """A sum; None when nothing is known."""
    known = values.dropna()
    return float(known.sum()) if len(known) else None


def share(numerator: float | None, denominator: float | None, fewest: float = FEWEST) -> str:
    """A rate as people write it; a dash below the fewest persons."""
    if missing(numerator) or missing(denominator) or not denominator or denominator < fewest:
        return "–"
    return percent(numerator / denominator)  # type: ignore[operator]


def in_grades(index: str, value: object, lang: str) -> str:
    """The value of an index, the coordination degree with its grade."""
    if missing(value) or index != "coordination":
        return number(value, 3)
    found = grade(float(value))  # type: ignore[arg-type]
    name = "" if found is None else found.zh if lang == "zh" else found.en
    return f"{number(value, 3)} {name}".rstrip()


def texts_of(path: str) -> Callable[[str], Words]:
    """The texts below a path by their name."""
    return lambda name: words(f"{path}.{name}")


def figure(shown: Text, evidence: str) -> Figure:
    """A figure in a sentence."""
    return Figure(shown, evidence)
