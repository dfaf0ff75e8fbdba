"""Where a program may grow (可扩招的专业点): points of the programs to expand, and the verdicts that bar some of them.

Belongs here: which school's point of a program is open to growth. Does not belong here: which programs are to expand
(`pipelines/sql/marts/program_to_expand.sql`), how many seats a point gets (`models.plan`).
"""

from collections.abc import Collection

import pandas as pd

from models.plan.settings import PlanSettings
from models.rulebook import Rulebook

POINT_COLUMNS = ["unit", "school_id", "school_name", "program_code", "program_name", "state", "may_expand"]


def barring_states(rulebook: Rulebook, plan: PlanSettings) -> set[str]:
    """States in which a point does not grow: the verdict limits the plan, or the plan holds it back."""
    return {state.id for state in rulebook.ladder if state.plan} | set(plan.no_growth.states if plan.no_growth else ())


def expansion_points(
    programs: pd.DataFrame, units: pd.DataFrame, verdicts: pd.DataFrame, barring: Collection[str]
) -> pd.DataFrame:
    """One row per program point (unit) of the programs to expand, with POINT_COLUMNS, by program and school.

    `programs`: program_code of the round's programs to expand. `units`: unit, school_id, school_name, program_code,
    program_name. `verdicts`: unit and state of the round; a point without verdict is not listed, as nothing is known of
    it that year. `barring`: states in which a point does not grow.
    """
    points = units[units["program_code"].isin(programs["program_code"])]
    points = points.merge(verdicts[["unit", "state"]], on="unit")
    points = points.assign(may_expand=~points["state"].isin(list(barring)))
    return points[POINT_COLUMNS].sort_values(["program_code", "school_id"], ignore_index=True)
