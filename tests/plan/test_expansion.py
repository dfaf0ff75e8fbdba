"""Which points of a program to expand may grow: those whose verdict and plan do not hold them back."""

from pathlib import Path

import pandas as pd

from models.expansion import POINT_COLUMNS, barring_states, expansion_points
from models.plan.settings import parse as parse_plan
from models.rulebook import parse as parse_rulebook

MODELS = Path(__file__).parents[2] / "models"
RULEBOOK = parse_rulebook((MODELS / "rulebooks" / "kaizhou.yaml").read_text(encoding="utf-8"), "kaizhou")
PLAN = parse_plan((MODELS / "plan" / "kaizhou.yaml").read_text(encoding="utf-8"), "plan")
UNITS = pd.DataFrame(
    [(f"{school}-1", school, school, "1", "one") for school in "ABCDE"] + [("A-2", "A", "A", "2", "two")],
    columns=["unit", "school_id", "school_name", "program_code", "program_name"],
)


def test_warned_reduced_and_suspended_points_are_barred_and_a_notice_is_not() -> None:
    assert barring_states(RULEBOOK, PLAN) == {"warning", "reduce", "suspend", "exit"}
    states = ("normal", "notice", "warning", "suspend")
    verdicts = pd.DataFrame({"unit": [f"{school}-1" for school in "ABCD"], "state": states})
    found = expansion_points(pd.DataFrame({"program_code": ["1"]}), UNITS, verdicts, barring_states(RULEBOOK, PLAN))
    assert list(found.columns) == POINT_COLUMNS
    assert found[["unit", "may_expand"]].values.tolist() == [
        ["A-1", True], ["B-1", True], ["C-1", False], ["D-1", False],
    ]  # fmt: skip


def test_nothing_to_expand_gives_no_points() -> None:
    verdicts = pd.DataFrame({"unit": ["A-1"], "state": ["normal"]})
    assert expansion_points(pd.DataFrame({"program_code": []}), UNITS, verdicts, set()).empty
