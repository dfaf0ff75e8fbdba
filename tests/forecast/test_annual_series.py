"""Which years of a yearly series are used together, and what is said about the others."""

import numpy as np

from models.annual_series import known_at, reported
from tests.forecast.series import SETTINGS, series

KEY = ("R", "section", "C")


def found(values, base_year=2019, **columns):
    """The years used and the findings by kind for one section."""
    histories, findings = known_at(reported(series({"C": values}).assign(**columns)), base_year, SETTINGS)
    years = histories[KEY].years.tolist() if KEY in histories else None
    return years, {finding.kind: finding.years for finding in findings}


def test_a_whole_series_is_used_without_a_word() -> None:
    assert found([10, 11, 12, 11, 12, 13, 13, 14, 14, 15]) == (list(range(2010, 2020)), {})


def test_a_missing_year_is_bridged_by_a_line_and_named() -> None:
    values = [10, 11, 12, None, 14, 15, 16, 17, 18, 19]
    years, findings = found(values)
    assert 2013 not in years
    assert findings == {"gap": (2013,)}
    histories, _ = known_at(reported(series({"C": values})), 2019, SETTINGS)
    assert histories[KEY].bridged().tolist() == list(range(10, 20))


def test_after_a_long_gap_only_the_later_years_are_used() -> None:
    years, findings = found([10, None, None, None, 14, 15, 16, 17, 18, 19])
    assert years == list(range(2014, 2020))
    assert findings == {"gap": (2011, 2012, 2013)}


def test_a_zero_beside_years_with_persons_is_missing() -> None:
    years, findings = found([10, 11, 0, 12, 12, 13, 13, 14, 14, 15])
    assert 2012 not in years
    assert findings == {"zero": (2012,), "gap": (2012,)}


def test_a_zero_at_the_end_is_missing_until_a_second_one_confirms_it() -> None:
    assert found([10, 11, 12, 13, 14, 15, 16, 17, 18, 0])[0][-1] == 2018
    years, findings = found([10, 11, 12, 13, 14, 15, 16, 17, 0, 0])
    assert years[-1] == 2019
    assert "zero" not in findings


def test_an_industry_without_anybody_stays_at_zero() -> None:
    assert found([0] * 10) == (list(range(2010, 2020)), {})


def test_a_change_of_classification_cuts_the_series() -> None:
    old_and_new = ["GB/T 4754-2011"] * 4 + ["GB/T 4754-2017"] * 6
    years, findings = found([10, 11, 12, 13, 20, 21, 22, 23, 24, 25], source=old_and_new)
    assert years == list(range(2014, 2020))
    assert findings == {"break": (2010, 2011, 2012, 2013)}


def test_a_sum_that_lacks_a_division_is_missing() -> None:
    years, findings = found([10, 11, 12, 5, 14, 15, 16, 17, 18, 19], parts=[2, 2, 2, 1, 2, 2, 2, 2, 2, 2])
    assert 2013 not in years
    assert findings == {"incomplete": (2013,), "gap": (2013,)}


def test_a_jump_is_named_and_used() -> None:
    years, findings = found([10, 10, 10, 10, 10, 14, 14, 14, 14, 14])
    assert years == list(range(2010, 2020))
    assert findings == {"jump": (2015,)}


def test_a_short_series_and_one_that_ended_are_named() -> None:
    assert found([10, 11, None, None], base_year=2013) == ([2010, 2011], {"short": (2010, 2011)})
    assert found([10, 11, 12, 13, 14, 15, 16], base_year=2019) == (None, {"ended": (2016,)})
    assert found([None] * 10) == (None, {"empty": ()})


def test_what_comes_after_the_base_year_is_not_looked_at() -> None:
    values = [10, 11, 12, 13, 14, 0, 0, 90, None, 7]
    later = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    assert found(values, base_year=2014) == found(later, base_year=2014)


def test_changes_are_shares_of_the_level() -> None:
    histories, _ = known_at(reported(series({"C": [80, 100, 120]})), 2012, SETTINGS)
    assert np.allclose(histories[KEY].changes(), [0.2, 0.2])
