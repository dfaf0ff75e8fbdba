"""Every worked example is reproduced within the tolerance that its published rounding needs."""

import pytest

from tests.indices.worked_examples import MEASURES, Result, results, table

RESULTS = results()


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: f"{result.subject} {result.published}")
def test_ours_is_the_published_result(result: Result) -> None:
    assert result.holds, f"published {result.published}, ours {result.ours}, tolerance {result.tolerance}"


def test_every_measure_has_an_example_and_every_example_a_source() -> None:
    assert {result.subject for result in RESULTS if result.source}, "no example"
    assert all(result.source and result.tolerance >= 0 for result in RESULTS)
    assert table().count("\n") == 1 + len({result.subject for result in RESULTS})
    assert len(MEASURES) == 18
