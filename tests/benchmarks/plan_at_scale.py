"""How long a plan takes for a large district: by default 8 schools with 15 programs each, 1,600 occupations.

Belongs here: a made-up district, timings. Run as `python -m tests.benchmarks.plan_at_scale [schools] [programs]`. Each
part is timed against one linear program over the same rows, the least that any planning by optimisation must do.

On two cores shared with other work: 8 × 15 took 35 linear programs for the plan and 111 with the cost of every limit
(2 s of processor time in all); 10 × 20 took 337 and 44,698 (12 minutes by the clock, almost all for the plans without
one kind of limit, which are whole-number programs solved to a gap of 10⁻⁶). A city of 50 × 60 was never run to its end:
that is why the default is a district.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from models.plan import make_plan, network
from models.plan.limits import limits
from models.plan.program import Program
from models.plan.settings import PlanSettings, parse

SHIPPED = Path(__file__).parents[2] / "models" / "plan" / "kaizhou.yaml"
District = tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.DataFrame, pd.DataFrame]
SCHOOLS, PROGRAMS, OCCUPATIONS, SEED = 8, 15, 1600, 20260101


def made_up(schools: int, programs: int) -> District:
    """Units, placements per seat, edges, openings and schools; supply is about what the openings can take."""
    random = np.random.default_rng(SEED)
    names = [f"S{number:02}" for number in range(schools)]
    codes = [f"{number:06}" for number in range(programs)]
    units = pd.DataFrame([(school, code) for school in names for code in codes], columns=["school_id", "program_code"])
    units["unit"] = units["school_id"] + "-" + units["program_code"]
    units["last_seats"] = 5 * random.integers(4, 25, len(units))
    drawn = random.random(len(units))
    units["state"] = np.select([drawn < 0.03, drawn < 0.08, drawn < 0.15], ["suspend", "reduce", "warning"], "normal")
    units["plan_limit"] = np.select(
        [units["state"] == "suspend", units["state"] == "reduce"], [0.0, units["last_seats"] // 2], np.nan
    )
    rate = np.repeat(random.beta(4, 8, programs)[None, :], schools, axis=0).ravel() * random.uniform(
        0.8, 1.2, len(units)
    )
    per_seat = pd.Series(rate, index=units["unit"])
    pairs = [(code, f"O{o:04}") for code in codes for o in random.choice(OCCUPATIONS, 4, replace=False)]
    edges = pd.DataFrame(pairs, columns=["program_code", "occupation_code"])
    supply = float((per_seat.to_numpy() * units["last_seats"]).sum())
    share = random.dirichlet(np.full(OCCUPATIONS, 0.5))
    reached = edges["occupation_code"].nunique() / OCCUPATIONS
    openings = pd.DataFrame(
        {"occupation_code": [f"O{o:04}" for o in range(OCCUPATIONS)], "openings": np.round(share * supply / reached)}
    )
    rooms = units.groupby("school_id")["last_seats"].sum() * random.uniform(0.95, 1.15, schools)
    table = pd.DataFrame(
        {"school_id": rooms.index, "seats": np.floor(rooms.to_numpy()), "teachers": np.nan, "staying": 0}
    )
    return units, per_seat, edges, openings, table


def relaxed(district: District, rules: PlanSettings, seats: np.ndarray) -> float:
    """Seconds of one linear program over the same rows, the programs with seats being open."""
    units, per_seat, edges, openings, schools = district
    found = limits(units, schools, rules)
    rates = per_seat.reindex(found.units["unit"]).to_numpy(float)
    program = Program(found, rates, *network(units, edges, openings, 1.0))
    start = time.perf_counter()
    program.prices(seats)
    return time.perf_counter() - start


def main(schools: int = SCHOOLS, programs: int = PROGRAMS) -> None:
    """Time the plan without and with the cost of every kind of requirement."""
    rules = parse(SHIPPED.read_text(encoding="utf-8"), SHIPPED.name)
    district = made_up(schools, programs)
    taken = {}
    for name, costs in (("plan", False), ("plan and costs", True)):
        start = time.perf_counter()
        plan = make_plan(*district, rules, costs=costs)
        taken[name] = time.perf_counter() - start
    if not plan.feasible:
        print(plan.conflict.to_string())
        return
    base = relaxed(district, rules, plan.units["seats"].to_numpy(float))
    print(f"{schools} schools × {programs} programs, {OCCUPATIONS} occupations; one linear program {base:.2f} s\n")
    print("| part | seconds | linear programs | placements | best | gain |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, seconds in taken.items():
        sums = f"{plan.matched:.1f} | {plan.best:.1f} | {plan.gain:.1f}"
        print(f"| {name} | {seconds:.1f} | {seconds / base:.0f} | {sums} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
