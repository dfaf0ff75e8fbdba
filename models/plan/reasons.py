"""Why each program point gets its seats: the requirement that holds it, and what one more seat would be worth.

Belongs here: reasons as codes with their numbers. Does not belong here: their words (`reports.plan`).
"""

import numpy as np
import pandas as pd

from models.plan.program import Floats, Prices, Program

WORTH_NOTHING = 1e-6


def reasons(program: Program, seats: Floats, prices: Prices) -> pd.DataFrame:
    """One row per unit, in the order of the plan.

    `reason`: not_offered (no seats last year), verdict_stop and verdict_limit (the verdict says so), closed (no class
    is opened), more, less, same. `held_up_by` and `held_down_by`: kinds of requirements that one seat more (of a closed
    unit: its first class) or one seat less would break, as sorted lists. `value_of_a_seat`: expected matched placements
    that one more seat brings at the margin: its matched graduates per seat times the share of them for whom an opening
    is left. `price_of_a_seat`: what a seat brings elsewhere that shares its school's or the district's limit; 0 where
    the best plan does not reach a shared limit.
    """
    units, last = program.units, program.last
    rows = program.limits.requirements
    own = dict(iter(rows[rows["who"].isin(units["unit"])].groupby("who")))
    used = program.members @ seats
    least, most = program.shared["least"].to_numpy(float), program.shared["most"].to_numpy(float)
    more = np.where(seats > 0, 1, np.maximum(1, units["smallest_class"]))
    members = program.members.tocsc()
    value = program.per_seat * prices.program[program.program_of]
    price = program.members.T @ np.where(np.isnan(most), 0.0, prices.shared)
    found = []
    for number, unit in enumerate(units["unit"]):
        shared = members.indices[members.indptr[number] : members.indptr[number + 1]]
        kinds = program.shared["kind"].to_numpy()
        up = [*kinds[shared[used[shared] + more[number] > most[shared]]]]
        down = [*kinds[shared[used[shared] - 1 < least[shared]]]]
        part = own.get(unit)
        if part is not None:
            more_than = part["most"].to_numpy(float) < seats[number] + more[number]
            less_than = (part["least"].to_numpy(float) > seats[number] - 1) & (seats[number] > 0)
            up = [*part["kind"].to_numpy()[more_than], *up]
            down = [*part["kind"].to_numpy()[less_than], *down]
        found.append(
            {
                "unit": unit,
                "reason": reason(seats[number], last[number], up),
                "held_up_by": sorted(set(up)),
                "held_down_by": sorted(set(down)) if seats[number] else [],
                "value_of_a_seat": float(value[number]),
                "price_of_a_seat": float(price[number]) if price[number] > WORTH_NOTHING else 0.0,
            }
        )
    return pd.DataFrame(found)


def reason(seats: float, last: float, held_up_by: list[str]) -> str:
    """The reason code of one unit."""
    if "not_offered" in held_up_by:
        return "not_offered"
    if "verdict" in held_up_by and (seats < last or seats == 0):
        return "verdict_stop" if seats == 0 else "verdict_limit"
    if seats == 0:
        return "closed"
    return "more" if seats > last else "less" if seats < last else "same"
