"""The balance in the match report: one signal of demand at a time, surpluses with witnesses, names kept apart."""

import pandas as pd
import pytest

from reports import figures
from reports.balance import basis_of, double_counting, of_round
from reports.content.fit import balance_line, witnesses
from reports.content.origins import Origins
from reports.content.parts import say
from reports.match_report import build
from reports.round_tables import RoundTables
from tests.reports.district import FORMULA, tables


def by_projection() -> RoundTables:
    """The same district, its demand known by a projection only."""
    found = tables()
    for name in ("marts.program_balance", "marts.occupation_balance", "marts.surplus_witness"):
        found.frames[name] = found.frames[name].assign(basis="projection")
    return found


def with_both() -> RoundTables:
    """The same district with other figures by a projection beside those by vacancies."""
    found, other = tables(), by_projection()
    for name in ("marts.program_balance", "marts.occupation_balance", "marts.surplus_witness"):
        found.frames[name] = pd.concat([found.frames[name], other.frames[name]])
    return found


def test_the_balance_is_by_vacancies_where_there_are_any_and_says_by_which_signal() -> None:
    assert basis_of(with_both()) == "vacancies"
    assert set(of_round(with_both(), "marts.program_balance")["basis"]) == {"vacancies"}
    assert basis_of(by_projection()) == "projection"
    assert "projections, not vacancies" in balance_line(by_projection(), "en")
    assert "招聘需求" in balance_line(tables(), "zh")


def test_the_openings_that_the_simple_way_counts_twice_are_one_number() -> None:
    found = tables()
    found.frames["marts.program_balance"]["reachable_openings"] = [400.0, 250.0]
    assert double_counting(found) == (250.0, 650.0)
    assert "400 too many" in balance_line(found, "en")


def test_a_witness_names_programs_occupations_and_the_surplus() -> None:
    def rows(found: RoundTables) -> list[list[str]]:
        return [[say(cell, "en") for cell in row.cells] for row in witnesses(found, Origins(found)).rows]

    assert rows(tables()) == [[FORMULA, "300", "Carer", "150", "150"]]
    found = tables()
    found.frames["marts.surplus_witness"]["program_names"] = [[f"p{n}" for n in range(8)]]
    assert rows(found)[0][0] == "p0, p1, p2, p3, p4 and 3 more"


def test_bars_of_programs_with_the_same_name_stay_apart() -> None:
    found = tables()
    found.frames["marts.program_balance"]["program_name"] = "护理"
    figure = figures.allotted_programs(found, "zh")
    assert figure is not None
    assert figure["data"][0]["y"] == ["护理 000002", "护理 000001"]
    assert [bar["x"] for bar in figure["data"][:2]] == [[50.0, 150.0], [0.0, 150.0]]
    assert figure["data"][2]["x"] == [100.0, 150.0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_round_without_any_balance_is_told_so(lang: str) -> None:
    found = tables()
    for name in ("marts.program_balance", "marts.occupation_balance", "marts.surplus_witness"):
        found.frames[name] = found.frames[name].iloc[:0]
    assert figures.allotted_programs(found, lang) is None
    assert figures.allotted_occupations(found, lang) is None
    assert 'id="chart-balance"' not in build(found, lang)
