"""What-if: two decisions on the same units compared, and a rule-book with one value changed.

Belongs here: who changes state and how many students that concerns. Does not belong here: deciding (`models.mechanism`)
and reading the warehouse (`pipelines.simulate`).
"""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd
import yaml

from models.yaml_text import FaultyText

CHANGE_COLUMNS = ["unit", "state_before", "state_after", "direction", "students"]
WORSE, BETTER = "worse", "better"


def changed_units(
    before: pd.DataFrame, after: pd.DataFrame, round_year: int, students: Mapping[str, float]
) -> pd.DataFrame:
    """Units whose state in a round differs between two `Decisions.verdicts` (CHANGE_COLUMNS), the worst changes first.

    `students`: students in school per unit; a unit without any known counts as 0. `direction` compares the places of
    the two states on their ladders; with different ladders it is the place that is compared, not the name.
    """
    frames = [frame[frame["round"] == round_year].set_index("unit")[["state", "rank"]] for frame in (before, after)]
    joined = frames[0].add_suffix("_before").join(frames[1].add_suffix("_after"), how="inner")
    found = joined[joined["state_before"] != joined["state_after"]].copy()
    found["moved"] = found["rank_after"].astype(int) - found["rank_before"].astype(int)
    found["direction"] = found["moved"].map(lambda moved: WORSE if moved > 0 else BETTER if moved < 0 else "")
    found["students"] = [float(students.get(str(unit), 0)) for unit in found.index]
    order = found.reset_index().sort_values(["moved", "students", "unit"], ascending=[False, False, True])
    return order[CHANGE_COLUMNS].reset_index(drop=True)


def state_counts(verdicts: pd.DataFrame, states: list[str], round_year: int) -> dict[str, int]:
    """Units per state of a ladder in a round, zeros included."""
    counts = verdicts.loc[verdicts["round"] == round_year, "state"].value_counts()
    return {state: int(counts.get(state, 0)) for state in states}


def with_setting(text: str, setting: str, name: str) -> str:
    """A rule-book's YAML text with one value changed, such as `direct_employment_low.below=0.65`.

    The first word before `=` is the id of a rule, or a key of the rule-book (`cohort.minimum=20`); the words after it
    are keys, with numbers for places in a list (`steps.1.hits=3`); a comparison such as `below` may be named without
    the `when` before it. The value is YAML. Raises FaultyText when the place does not exist.
    """
    path, separator, value = setting.partition("=")
    first, *keys = path.strip().split(".")
    if not separator or not keys:
        raise FaultyText(
            f"{setting}: 应为 规则.键=值 / RULE.KEY=VALUE is expected, such as direct_employment_low.below=0.65"
        )
    data = yaml.safe_load(text)
    rules = {rule.get("id"): rule for rule in data.get("rules", []) if isinstance(rule, dict)}
    place: object = rules.get(first, data.get(first))
    if not isinstance(place, dict | list):
        known = ", ".join(map(str, rules))
        raise FaultyText(f"{setting}: {name} 没有规则或键 {first!r}，有 / has no rule or key {first!r}; rules: {known}")
    if isinstance(place, dict) and keys[0] not in place and isinstance(place.get("when"), dict):
        keys = ["when", *keys]
    *inner, last = keys
    for key in inner:
        place = step_into(place, key, setting)
    step_into(place, last, setting)  # a key that is not there would say something new, not change something
    try:
        changed = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise FaultyText(f"{setting}: {value!r} 不是 YAML 值 / is not a YAML value") from error
    if isinstance(place, list):
        place[int(last)] = changed
    elif isinstance(place, dict):
        place[last] = changed
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def step_into(place: object, key: str, setting: str) -> object:
    """What stands under a key or position; FaultyText when nothing does."""
    if isinstance(place, dict) and key in place:
        return place[key]
    if isinstance(place, list) and key.isdigit() and int(key) < len(place):
        return place[int(key)]
    known = "nothing"
    if isinstance(place, dict):
        known = ", ".join(map(str, place))
    elif isinstance(place, list):
        known = f"0 to {len(place) - 1}"
    raise FaultyText(f"{setting}: 此处没有 {key!r} / there is no {key!r} here; there is: {known}")


def sweep_values(first: Decimal, last: Decimal, step: Decimal) -> list[Decimal]:
    """The values from `first` to `last`, both included where the step meets them. Raises ValueError for no step."""
    if step <= 0 or last < first:
        raise ValueError(f"{first} to {last} by {step}")
    return [first + step * number for number in range(int((last - first) / step) + 1)]
