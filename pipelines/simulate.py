"""`duikou simulate`: other rules on the warehouse's indicators, compared with the base; nothing is stored.

Belongs here: reading the warehouse and writing the trial's files. Does not belong here: changing a rule-book's text and
comparing decisions (`models.simulation`), page and words (`reports.simulation`).
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

from models.rulebook import Rulebook, parse
from models.simulation import changed_units, state_counts, sweep_values, with_setting
from models.yaml_text import FaultyText
from pipelines.decisions import decide_inputs, read_inputs
from pipelines.problems import Problem
from pipelines.rule_texts import read_rulebook
from pipelines.run import check_round, check_warehouse
from reports.simulation import Variant, write_page, write_workbook

MOST_VARIANTS = 60
STUDENTS = """
select school_id || '-' || program_code as unit, arg_max(in_school, year) as students
from core.enrollment where year <= ? and in_school is not null group by all
"""


@dataclass(frozen=True)
class Trial:
    """A finished trial: its variants (the base first) and the files written."""

    round: int
    variants: list[Variant]
    files: list[Path]


def simulate(
    warehouse: Path,
    rulebooks: list[Path],
    settings: list[str],
    sweep: str | None,
    round_year: int | None,
    out: Path,
    lang: str,
) -> Trial:
    """Decide one round under the first rule-book and under every variant, and write page and tables.

    Variants: each further rule-book; the first one with all of `settings`; the first one with each value of `sweep`
    (`RULE.KEY=FIRST:LAST:STEP`). Raises Problem when there is nothing to compare or a variant is no valid rule-book.
    """
    check_warehouse(warehouse)
    books = named_books(rulebooks, settings, sweep)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        chosen = round_year or latest(connection)
        check_round(warehouse, chosen)
        inputs = read_inputs(connection, chosen)
        students = {unit: float(n) for unit, n in connection.execute(STUDENTS, [chosen]).fetchall()}
        named = connection.execute("select unit, school_name || ' ' || coalesce(program_name, '') from marts.unit")
        labels = dict(named.fetchall())
    variants: list[Variant] = []
    base = None
    for name, book in books:
        verdicts = decide_inputs(inputs, book, chosen).verdicts
        base = verdicts if base is None else base
        counts = state_counts(verdicts, book.states, chosen)
        variants.append(Variant(name, book, counts, changed_units(base, verdicts, chosen, students)))
    out.mkdir(parents=True, exist_ok=True)
    files = [out / f"simulation.{lang}.html", out / f"simulation.{lang}.xlsx"]
    write_page(variants, labels, chosen, files[0], lang)
    write_workbook(variants, labels, files[1], lang)
    return Trial(chosen, variants, files)


def named_books(rulebooks: list[Path], settings: list[str], sweep: str | None) -> list[tuple[str, Rulebook]]:
    """The base and its variants by name; Problem when there is nothing to compare or something is not valid."""
    found = [(file.stem, read_rulebook(file)) for file in rulebooks]
    text, name = rulebooks[0].read_text(encoding="utf-8"), str(rulebooks[0])
    try:
        if settings:
            changed = text
            for setting in settings:
                changed = with_setting(changed, setting, name)
            found.append((", ".join(settings), parse(changed, f"{name} + {', '.join(settings)}")))
        for setting in swept(sweep) if sweep else ():
            found.append((setting.partition("=")[2], parse(with_setting(text, setting, name), f"{name} + {setting}")))
    except FaultyText as error:
        raise Problem(f"试算的规则有误：{error}", f"The rules to be tried are not valid: {error}") from error
    if len(found) < 2:
        raise Problem(
            "没有可比较的方案：请给第二个 --rulebook，或 --set 规则.键=值，或 --sweep 规则.键=起:止:步长。",
            "There is nothing to compare: give a second --rulebook, or --set RULE.KEY=VALUE,"
            " or --sweep RULE.KEY=FIRST:LAST:STEP.",
        )
    return found


def swept(sweep: str) -> list[str]:
    """The settings of a sweep such as `direct_employment_low.below=0.50:0.70:0.05`."""
    place, _, numbers = sweep.partition("=")
    try:
        first, last, step = (Decimal(part) for part in numbers.split(":"))
        values = sweep_values(first, last, step)
    except (ValueError, InvalidOperation) as error:
        raise Problem(
            f"--sweep {sweep}：应为 规则.键=起:止:步长，例如 direct_employment_low.below=0.50:0.70:0.05。",
            f"--sweep {sweep}: RULE.KEY=FIRST:LAST:STEP is expected,"
            " such as direct_employment_low.below=0.50:0.70:0.05.",
        ) from error
    if len(values) > MOST_VARIANTS:
        raise Problem(
            f"--sweep 有 {len(values)} 个值，至多 {MOST_VARIANTS} 个；请加大步长。",
            f"--sweep has {len(values)} values; {MOST_VARIANTS} at most. Take a larger step.",
        )
    return [f"{place}={value}" for value in values]


def latest(connection: duckdb.DuckDBPyConnection) -> int:
    """The latest cohort year; Problem when there is none."""
    ((year,),) = connection.execute("select max(cohort_year) from core.outcome").fetchall()
    if year is None:
        raise Problem("数据仓库里没有毕业生就业数据。", "The warehouse has no graduate outcomes.")
    return int(year)
