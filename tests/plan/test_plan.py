"""The enrollment plan: feasible and best against every plan of tiny districts, and what it says about itself."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from models.plan import Plan, make_plan
from models.plan.conflict import System
from models.plan.limits import limits
from tests.plan import district as d


def plan_of(given_: dict[str, object], **options: object) -> Plan:
    return make_plan(**given_, **options)


def seats_of(plan: Plan) -> dict[str, int]:
    return dict(zip(plan.units["unit"], plan.units["seats"].astype(int), strict=True))


@settings(max_examples=20)
@given(d.districts())
def test_a_plan_is_feasible_and_no_other_places_more(tiny) -> None:
    every = d.every_plan(tiny)
    plan = plan_of(tiny, costs=False)
    assert plan.feasible == bool(every)
    assume(every)
    seats = seats_of(plan)
    assert seats in every
    assert plan.best == pytest.approx(max(d.placed(other, tiny) for other in every), abs=1e-6)
    assert plan.matched == pytest.approx(d.placed(seats, tiny), abs=1e-6)


@settings(max_examples=20)
@given(d.districts())
def test_of_the_plans_that_keep_the_gain_the_one_nearest_to_last_year_is_taken(tiny) -> None:
    every = d.every_plan(tiny)
    assume(every)
    plan = plan_of(tiny, costs=False)
    nearest = min(d.distance(seats, tiny) for seats in every)
    if float(tiny["settings"].gain_kept.value) == 0:
        assert d.distance(seats_of(plan), tiny) == pytest.approx(nearest, rel=2e-3)
    if float(tiny["settings"].gain_kept.value) == 1:
        best = [seats for seats in every if d.placed(seats, tiny) > plan.best - 1e-6]
        assert d.distance(seats_of(plan), tiny) == pytest.approx(min(d.distance(s, tiny) for s in best), rel=2e-3)


@settings(max_examples=12)
@given(d.districts())
def test_a_suspended_program_gets_nothing_and_a_reduced_one_no_more_than_its_limit(tiny) -> None:
    plan = plan_of(tiny, costs=False)
    assume(plan.feasible)
    limited = plan.units[plan.units["plan_limit"].notna()]
    assert (limited["seats"] <= limited["plan_limit"]).all()
    assert not plan.units.loc[plan.units["state"] == "suspend", "seats"].any()


@settings(max_examples=12, suppress_health_check=[HealthCheck.filter_too_much])
@given(d.districts())
def test_the_gain_is_never_negative_when_last_years_seats_are_feasible(tiny) -> None:
    last = dict(zip(tiny["units"]["unit"], tiny["units"]["last_seats"], strict=True))
    assume(last in d.every_plan(tiny))
    plan = plan_of(tiny, costs=False)
    assert plan.broken_by_last.empty
    assert plan.gain >= -1e-6
    assert plan.last_matched == pytest.approx(d.placed(last, tiny), abs=1e-6)


@settings(max_examples=12)
@given(d.districts(), st.randoms())
def test_the_order_of_rows_does_not_matter(tiny, random) -> None:
    mixed = dict(tiny)
    for name in ("units", "edges", "openings", "schools"):
        order = list(range(len(tiny[name])))
        random.shuffle(order)
        mixed[name] = tiny[name].iloc[order]
    one, two = plan_of(tiny, costs=False), plan_of(mixed, costs=False)
    pd.testing.assert_frame_equal(one.units, two.units)
    pd.testing.assert_frame_equal(one.conflict, two.conflict)


@settings(max_examples=12)
@given(d.districts())
def test_what_is_said_of_each_requirement_is_so(tiny) -> None:
    plan = plan_of(tiny, costs=False)
    assume(plan.feasible)
    assert plan.requirements["kept"].all()
    assert (
        plan.units["seats"].sum() == plan.requirements.loc[plan.requirements["who"] == "*", "seats"].max()
        or not (plan.requirements["who"] == "*").any()
    )
    last = dict(zip(tiny["units"]["unit"], tiny["units"]["last_seats"], strict=True))
    possible = d.every_plan(tiny)
    assert (last in possible) == plan.broken_by_last.empty


@settings(max_examples=12)
@given(d.districts())
def test_placements_add_up_by_program_point_program_and_occupation(tiny) -> None:
    plan = plan_of(tiny, costs=False)
    assume(plan.feasible)
    for total in (plan.units["matched"].sum(), plan.programs["matched"].sum(), plan.occupations["filled"].sum()):
        assert total == pytest.approx(plan.matched, abs=1e-6)
    assert (plan.occupations["filled"] <= plan.occupations["openings"] + 1e-6).all()
    assert (plan.units["matched"] <= plan.units["seats"] * plan.units["per_seat"] + 1e-6).all()


def two_schools(**chosen: float) -> dict[str, object]:
    """School A teaches program 1 and 2, B program 1; 10 seats each; program 1 places best but has 8 openings only."""
    return {
        "units": d.units(("A", "1", 10, "normal", np.nan), ("A", "2", 10, "normal", np.nan),
                         ("B", "1", 10, "normal", np.nan)),
        "per_seat": pd.Series({"A-1": 0.5, "A-2": 0.25, "B-1": 0.5}),
        "edges": d.edges("1X", "2Y"),
        "openings": d.openings(X=8, Y=20),
        "schools": d.schools(A=(20, np.nan, 0), B=(20, np.nan, 0)),
        "settings": d.settings(**chosen),
    }  # fmt: skip


def test_seats_move_to_where_openings_are_left_and_the_change_is_shared() -> None:
    # Last year: 20 seats of program 1 send 10 to 8 openings, 10 seats of program 2 send 2.5: 10.5 placements.
    # 16 seats of program 1 fill its openings: school A gives three of them to program 2, no more by the change limit.
    # School B, whose seats bring nothing more either, is left alone.
    plan = plan_of(two_schools(change_down=0.3, total_growth=0.0))
    assert plan.last_matched == pytest.approx(10.5)
    assert seats_of(plan) == {"A-1": 7, "A-2": 13, "B-1": 10}
    assert plan.matched == pytest.approx(8 + 0.25 * 13)


def test_prices_are_what_one_more_seat_or_opening_brings() -> None:
    given_ = two_schools(change_down=0.0, change_up=0.2)
    plan = plan_of(given_)
    # No seat of program 1 can go, its openings are full; program 2 may have 12 seats by its limit, 10 by its school's.
    prices = plan.requirements.set_index(["kind", "who"])["price"]
    assert prices["capacity", "A"] == pytest.approx(0.25)
    more_room = {**given_, "schools": d.schools(A=(21, np.nan, 0), B=(20, np.nan, 0))}
    assert plan_of(more_room).matched - plan.matched == pytest.approx(0.25)
    worth = plan.occupations.set_index("occupation_code")["value_of_an_opening"]
    more_jobs = {**given_, "openings": d.openings(X=9, Y=20)}
    assert plan_of(more_jobs).matched - plan.matched == pytest.approx(worth["X"]) == 1.0
    assert worth["Y"] == 0


def test_the_cost_of_a_kind_is_what_the_plan_without_it_places_more() -> None:
    chosen = {"change_down": 0.0, "change_up": 0.2, "total_growth": 0.0}
    without_rooms = d.schools(A=(np.nan, np.nan, 0), B=(np.nan, np.nan, 0))

    def plan_of(given_: dict[str, object]) -> Plan:
        return make_plan(**{**given_, "schools": without_rooms})

    plan = plan_of(two_schools(**chosen))
    for kind, cost in plan.kinds.set_index("kind")["cost"].items():
        rest = {name: value for name, value in chosen.items() if name != kind}
        assert plan_of(two_schools(**rest)).best - plan.best == pytest.approx(cost), kind
    assert plan.kinds["kind"].tolist() == list(chosen)
    # Two seats more of program 2 bring half a placement, once program 1 may give them or the district may grow.
    assert plan.kinds.set_index("kind")["cost"].to_dict() == pytest.approx(
        {"change_down": 0.5, "change_up": 0.0, "total_growth": 0.5}
    )


def reason_of(plan: Plan, unit: str) -> pd.Series:
    return plan.units.set_index("unit").loc[unit]


def test_every_change_has_its_reason_and_what_holds_it() -> None:
    given_ = two_schools(change_down=0.2, change_up=0.2, total_growth=0.0, classes=4)
    given_["units"] = d.units(
        ("A", "1", 10, "suspend", 0.0), ("A", "2", 10, "normal", np.nan), ("B", "1", 10, "reduce", 6.0),
        ("B", "2", 0, "normal", np.nan), ("B", "3", 10, "reduce", 3.0),
    )  # fmt: skip
    given_["per_seat"] = pd.Series({"A-1": 0.5, "A-2": 0.25, "B-1": 0.5, "B-2": 0.25, "B-3": 0.5})
    plan = plan_of(given_)
    assert seats_of(plan) == {"A-1": 0, "A-2": 12, "B-1": 6, "B-2": 0, "B-3": 0}
    reasons = plan.units.set_index("unit")["reason"].to_dict()
    assert reasons == {
        "A-1": "verdict_stop", "A-2": "more", "B-1": "verdict_limit", "B-2": "not_offered", "B-3": "verdict_stop"
    }  # fmt: skip
    assert reason_of(plan, "A-2")["held_up_by"] == ["change_up"]
    assert set(plan.broken_by_last["kind"]) == {"verdict"}


def test_a_school_loses_seats_by_verdict_but_no_more_than_its_share_otherwise() -> None:
    given_ = two_schools(school_loss=0.1)
    given_["units"] = given_["units"].assign(state=["suspend", "normal", "normal"], plan_limit=[0.0, np.nan, np.nan])
    given_["per_seat"] = pd.Series({"A-1": 0.5, "A-2": 0.0, "B-1": 0.5})
    given_["schools"] = d.schools(A=(9, np.nan, 0), B=(20, np.nan, 0))
    plan = plan_of(given_)
    assert seats_of(plan)["A-1"] == 0
    assert seats_of(plan)["A-2"] == 9


def test_a_small_program_opens_with_one_class_or_not_at_all() -> None:
    for per_seat, expected in ((0.5, 6), (0.0, 0)):
        plan = make_plan(
            d.units(("A", "1", 4, "normal", np.nan)), pd.Series({"A-1": per_seat}), d.edges("1X"), d.openings(X=9),
            d.schools(A=(20 if per_seat else 0, np.nan, 0)), d.settings(classes=6, change_up=0.2, change_down=0.2),
        )  # fmt: skip
        assert seats_of(plan) == {"A-1": expected}


@settings(max_examples=12)
@given(d.districts())
def test_a_conflict_is_smallest(tiny) -> None:
    assume(not d.every_plan(tiny))
    found = plan_of(tiny, costs=False).conflict
    assert len(found) > 1
    rows = limits(tiny["units"], tiny["schools"], tiny["settings"])
    school = dict(zip(rows.units["unit"], rows.units["school_id"], strict=True))
    named = {
        (row["kind"], who): number
        for number, row in enumerate(found.to_dict("records"))
        for who in row["units"] or [row["school_id"]]
    }
    number = [
        named.get((kind, who), -1)
        for kind, who in zip(rows.requirements["kind"], rows.requirements["who"], strict=True)
    ]
    part = rows.requirements.assign(
        group=number, school_id=rows.requirements["who"].map(lambda who: school.get(who, who))
    )
    system = System(rows.units, part[part["group"] >= 0].reset_index(drop=True))
    everything = set(range(len(found)))
    assert system.missed(everything, set()) is None
    for one in everything:
        assert system.missed(everything - {one}, set()) is not None


def test_a_conflict_names_the_school_and_the_numbers() -> None:
    given_ = two_schools(change_down=0.2, school_loss=0.1)
    given_["schools"] = d.schools(A=(15, np.nan, 0), B=(20, np.nan, 0))
    found = plan_of(given_).conflict.set_index("kind")
    # Room for 15 entrants; 18 of the 20 seats must stay, and 8 of each program.
    assert found.loc["capacity", ["school_id", "most"]].tolist() == ["A", 15]
    assert len(found) == 2
    other = "school_loss" if "school_loss" in found.index else "change_down"
    assert found.loc[other, "least"] == {"school_loss": 18, "change_down": 16}[other]


def test_a_conflict_within_one_program_names_that_program_alone() -> None:
    given_ = two_schools(change_down=0.1, change_up=0.1, classes=12, beyond=False)
    rooms = d.schools(A=(40, np.nan, 0), B=(40, np.nan, 0))
    found = plan_of({**given_, "units": given_["units"].assign(last_seats=[10, 20, 20]), "schools": rooms}).conflict
    assert found["units"].tolist() == [["A-1"]] * 3
    assert sorted(found["kind"]) == ["change_down", "change_up", "minimum_class"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda g: {**g, "units": pd.concat([g["units"], g["units"]])}, "stand twice"),
        (lambda g: {**g, "units": g["units"].assign(last_seats=10.5)}, "whole numbers"),
        (lambda g: {**g, "per_seat": g["per_seat"].drop("A-1")}, "per seat"),
        (lambda g: {**g, "openings": d.openings(X=-1)}, "openings"),
    ],
)
def test_what_cannot_be_planned_is_refused(change, message) -> None:
    with pytest.raises(ValueError, match=message):
        plan_of(change(two_schools()))
