"""`duikou explain`: finds the unit a person means and prints how its verdict came about.

Belongs here: resolving names and rounds against the warehouse. Does not belong here: the words (`reports.explanation`).
"""

from dataclasses import replace

import duckdb

from models.rules import Rulebook
from pipelines.documents import read_round_tables
from pipelines.problems import Problem
from pipelines.rule_texts import read_rulebook
from pipelines.run import check_warehouse
from pipelines.settings import Settings
from reports.explanation import explain

UNITS = """
select u.unit, u.school_name, u.program_name, u.program_code,
    list_concat([u.school_id, u.school_name], coalesce(s.aliases, [])) as school_words,
    list_concat([u.program_code, u.program_name], u.reported_codes) as program_words
from marts.unit as u join accepted.school as s on s.school_id = u.school_id
order by u.unit
"""
MOST_SUGGESTED = 5
Candidates = list[dict[str, object]]


def explain_unit(settings: Settings, unit: str, program: str | None, round_year: int | None, lang: str) -> str:
    """The explanation of one unit's verdict; Problem when the unit or the round cannot be told or was not decided."""
    check_warehouse(settings.warehouse)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = find_unit(connection.sql(UNITS).df().to_dict("records"), unit, program)
        rounds = connection.execute("select distinct as_of_round from decisions.verdict order by 1").fetchall()
        decided = [int(year) for (year,) in rounds]
        chosen = round_year or max(decided, default=0)
        as_of = min((year for year in decided if year >= chosen), default=None)
        if as_of is None:
            raise Problem(
                f"{chosen} 轮还没有判定；已有：{decided}。请先运行 duikou run --round {chosen}。",
                f"Round {chosen} has not been decided; there are {decided}. Run duikou run --round {chosen} first.",
            )
        check_rulebook(connection, as_of, read_rulebook(settings.rulebook))
        # What was decided as of a later round holds the earlier ones too; a later year never changes them.
        tables = replace(read_round_tables(connection, settings.rulebook, settings.ledger_file, as_of), round=chosen)
    try:
        return explain(tables, found, lang)
    except KeyError as error:
        raise Problem(
            f"{found} 在 {chosen} 轮没有判定：到该年没有它的数据。",
            f"{found} has no verdict in round {chosen}: there are no data of it up to that year.",
        ) from error


def check_rulebook(connection: duckdb.DuckDBPyConnection, as_of: int, rulebook: Rulebook) -> None:
    """Problem when a round was decided by another rule-book, or another version of it."""
    query = "select distinct rulebook_digest from decisions.verdict where as_of_round = ?"
    if connection.execute(query, [as_of]).fetchall() != [(rulebook.digest,)]:
        raise Problem(
            f"{as_of} 轮不是按“{rulebook.title.zh}”的这一版判定的。"
            "请用 --rulebook 给出当时的规则文件，或重新运行 duikou run。",
            f"Round {as_of} was not decided by this version of “{rulebook.title.en}”."
            " Give the rule-book that was used with --rulebook, or run duikou run again.",
        )


def find_unit(units: Candidates, unit: str, program: str | None) -> str:
    """The one unit that is meant: by its code, or by school and program as people write them."""
    if program is None:
        exact = [row for row in units if row["unit"] == unit]
        if exact:
            return unit
        raise not_one(units_like(units, unit), unit)
    schools = matching(units, "school_words", unit)
    found = matching(schools, "program_words", program)
    if len(found) != 1:
        raise not_one(found or schools or units, f"{unit} {program}")
    return str(found[0]["unit"])


def matching(units: Candidates, words: str, wanted: str) -> Candidates:
    """Units one of whose words is the wanted text, else those in which it occurs."""
    exact = [row for row in units if wanted in list_of(row[words])]
    return exact or [row for row in units if any(wanted in word for word in list_of(row[words]))]


def list_of(words: object) -> list[str]:
    """A list column's value as texts."""
    return [str(word) for word in words] if hasattr(words, "__iter__") else []


def units_like(units: Candidates, wanted: str) -> Candidates:
    """Units in whose code, school or program the text occurs."""
    return [
        row
        for row in units
        if wanted in str(row["unit"])
        or any(wanted in word for name in ("school_words", "program_words") for word in list_of(row[name]))
    ] or units


def not_one(found: Candidates, wanted: str) -> Problem:
    """What to say when no unit, or several, are meant."""
    listed = "; ".join(f"{row['unit']} {row['school_name']} {row['program_name']}" for row in found[:MOST_SUGGESTED])
    more = " …" if len(found) > MOST_SUGGESTED else ""
    return Problem(
        f"“{wanted}”对不上唯一的专业点。可用的有：{listed}{more}",
        f"“{wanted}” is not one unit. There are: {listed}{more}",
    )
