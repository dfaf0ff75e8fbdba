"""The enrollment plan as an Excel list: programs with reasons, schools, cost of limits, occupations, definitions."""

from collections.abc import Iterator
from pathlib import Path

from reports.lists import Lists
from reports.plan import costs, state_name, summary_lines, why
from reports.round_tables import PlanTables
from reports.wording import number, texts

UNIT_COLUMNS = (
    "school_name", "program_name", "program_code", "state", "last_seats", "seats", "change", "last_matched", "matched",
    "per_seat", "value_of_a_seat", "why",
)  # fmt: skip
SCHOOL_COLUMNS = ("school_name", "last_seats", "seats", "change", "school_loss", "capacity", "teachers")
PROGRAM_COLUMNS = (
    "program_name", "program_code", "last_seats", "seats", "change", "graduates", "openings", "last_matched", "matched",
)  # fmt: skip
COST_COLUMNS = ("kind", "value", "reached", "price", "cost", "reason")
OCCUPATION_COLUMNS = (
    "occupation_code", "occupation_name", "occupation_openings", "openings_low", "openings_high", "last_filled",
    "filled", "value_of_an_opening",
)  # fmt: skip
BROKEN_COLUMNS = ("kind", "who", "last_seats", "least", "most")
# Excel's number formats by column; a change has its sign.
WHOLE, TENTHS, THOUSANDTHS, SIGNED = "#,##0", "#,##0.0", "0.000", "+#,##0;−#,##0;0"
FORMATS = {
    **dict.fromkeys(("last_seats", "seats", "school_loss", "capacity", "teachers", "least", "most", "reached"), WHOLE),
    **dict.fromkeys(("last_matched", "matched", "graduates", "openings", "occupation_openings"), TENTHS),
    **dict.fromkeys(("openings_low", "openings_high", "last_filled", "filled"), TENTHS),
    **dict.fromkeys(("per_seat", "value_of_a_seat", "value_of_an_opening"), THOUSANDTHS),
    "change": SIGNED,
}


def write(tables: PlanTables, file: Path, lang: str = "zh") -> None:
    """Write the plan to `file`; without a feasible one, the contradiction and the definitions."""
    text = texts(lang)["plan"]
    sheets, titles = text["sheets"], text["columns"]
    with Lists(file) as book:

        def add(name: str, columns: tuple[str, ...], rows: list[list[object]], widths: tuple[int, ...]) -> None:
            formats = [FORMATS.get(column, "") for column in columns]
            book.add(sheets[name], [titles[column] for column in columns], rows, widths, formats)

        if tables.feasible:
            add("plan", UNIT_COLUMNS, unit_rows(tables, lang), (28, 22, 10, 10, 10, 10, 8, 12, 12, 12, 12, 110))
            add("schools", SCHOOL_COLUMNS, school_rows(tables), (28,))
            add("programs", PROGRAM_COLUMNS, program_rows(tables), (22,))
            add("costs", COST_COLUMNS, costs(tables, lang), (24, 14, 10, 24, 40, 80))
            add("occupations", OCCUPATION_COLUMNS, occupation_rows(tables), (12, 28))
            add("last_year", BROKEN_COLUMNS, broken_rows(tables, lang), (24, 40))
        else:
            lines: list[list[object]] = [[line] for line in summary_lines(tables, lang)[1:]]
            book.add(sheets["conflict"], summary_lines(tables, lang)[:1], lines, (120,))
        add("definitions", ("item", "value", "meaning"), list(definitions(tables, lang)), (34, 30, 110))


def unit_rows(tables: PlanTables, lang: str) -> list[list[object]]:
    """One row per program point, with its reason in words."""
    rows = []
    for row in tables.frames["plan_unit"].to_dict("records"):
        change = row["seats"] - row["last_seats"]
        shown = {
            **row,
            "state": state_name(tables, row, lang),
            "change": change,
            "why": why(tables, row, lang),
        }
        rows.append([shown[name] for name in UNIT_COLUMNS])
    return rows


def school_rows(tables: PlanTables) -> list[list[object]]:
    """One row per school: seats last year and planned, and its own limits."""
    names = tables.schools()
    sums = tables.frames["plan_unit"].groupby("school_id", sort=True)[["last_seats", "seats"]].sum()
    rows: list[list[object]] = []
    for school, last, seats in sums.itertuples(name=None):
        limits = [
            tables.requirements.get((kind, school), {}).get(bound)
            for kind, bound in (("school_loss", "least"), ("capacity", "most"), ("teachers", "most"))
        ]
        rows.append([names[school], last, seats, seats - last, *limits])
    return rows


def program_rows(tables: PlanTables) -> list[list[object]]:
    """One row per program of all schools together."""
    rows = []
    for row in tables.frames["plan_program"].to_dict("records"):
        shown = {**row, "change": row["seats"] - row["last_seats"]}
        rows.append([shown[name] for name in PROGRAM_COLUMNS])
    return rows


def occupation_rows(tables: PlanTables) -> list[list[object]]:
    """One row per occupation that a program feeds."""
    frame = tables.frames["plan_occupation"].rename(columns={"openings": "occupation_openings"})
    return [list(row) for row in frame[list(OCCUPATION_COLUMNS)].itertuples(index=False, name=None)]


def broken_rows(tables: PlanTables, lang: str) -> list[list[object]]:
    """The requirements that last year's seats would break."""
    text, units = texts(lang)["plan"], tables.frames["plan_unit"]
    names = dict(zip(units["unit"], units["school_name"] + " " + units["program_name"], strict=True))
    names |= tables.schools() | {"*": text["district"]}
    rows = tables.frames["plan_requirement"].query("not kept_last").to_dict("records")
    return [
        [text["kinds"][row["kind"]], names.get(row["who"], row["who"]), *(row[c] for c in BROKEN_COLUMNS[2:])]
        for row in rows
    ]


def definitions(tables: PlanTables, lang: str) -> Iterator[list[object]]:
    """What the columns mean, every setting with its reason, and the data that could not be used."""
    text, rules = texts(lang)["plan"], tables.settings
    for name, meaning in text["definitions"].items():
        yield [text["columns"][name], "", meaning]
    openings, rates = rules.openings, rules.rates
    take = "、".join(text["sources"][source] for source in openings.take)
    for name, value, reason in (
        ("years_to_graduation", rules.years_to_graduation.value, rules.years_to_graduation.reason),
        ("take", take, openings.reason),
        ("years_short", openings.years_short.value, openings.years_short.reason),
        ("share_for_graduates", number(openings.share_for_graduates.value), openings.share_for_graduates.reason),
        ("cohorts", rates.cohorts, rates.reason),
        ("prior_persons", number(rates.prior_persons), rates.reason),
        ("gain_kept", number(rules.gain_kept.value), rules.gain_kept.reason),
    ):
        yield [text["settings"][name], value, reason.in_language(lang)]
    yield [rules.title.in_language(lang), f"{rules.version} {rules.status}", f"{rules.basis} {rules.digest[:12]}"]
    for row in tables.frames["plan_problem"].to_dict("records"):
        yield [text["problems"], row["code"], row[f"problem_{lang}"]]
