"""The worked examples, recomputed: `python -m tests.indices.worked_examples` prints published, ours, difference."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import yaml

from models import coordination, structure
from models.labour_market import WITHOUT_REQUIREMENT, openings_to_seekers
from models.uncertainty import wilson_interval

FILE = Path(__file__).with_suffix(".yaml")


class Result(NamedTuple):
    """One published number beside ours."""

    subject: str
    source: str
    published: Any
    ours: Any
    tolerance: float

    @property
    def difference(self) -> float | None:
        """Ours − published; None for names."""
        return None if isinstance(self.published, str) else float(self.ours) - float(self.published)

    @property
    def holds(self) -> bool:
        """Whether ours is the published result within its tolerance."""
        if self.difference is None:
            return bool(self.ours == self.published)
        return abs(self.difference) <= self.tolerance


def quarters(vacancies: list[float], job_seekers: list[float]) -> pd.DataFrame:
    """The ratios of two quarters running."""
    place = {"region": "全国", "grouping": "total", "group_code": "total"}
    rows = [
        {**place, "period": period, "vacancies": v, "job_seekers": s}
        for period, v, s in zip(("2021Q2", "2021Q3"), vacancies, job_seekers, strict=True)
    ]
    return openings_to_seekers(pd.DataFrame(rows))


def groups(vacancies: list[float | None], job_seekers: list[float | None]) -> list[float]:
    """The ratios of the groups of one quarter, of which the last row has no requirement."""
    codes = [*map(str, range(len(vacancies) - 1)), WITHOUT_REQUIREMENT]
    rows = pd.DataFrame({"group_code": codes, "vacancies": vacancies, "job_seekers": job_seekers})
    rows = rows.assign(region="R", period="2018Q1", grouping="g").astype({"vacancies": float, "job_seekers": float})
    return openings_to_seekers(rows)["openings_to_seekers"].tolist()[:-1]


def changes(vacancies: list[float], job_seekers: list[float]) -> list[float]:
    """Changes of openings, seekers, gap and ratio on the quarter before, in per cent."""
    measures = ("vacancies", "job_seekers", "gap", "openings_to_seekers")
    last = quarters(vacancies, job_seekers).iloc[-1]
    return [100 * float(last[f"{measure}_change_quarter"]) for measure in measures]


MEASURES: dict[str, Callable[..., Any]] = {
    "structural_deviation": structure.structural_deviation,
    "cosine_similarity": structure.cosine_similarity,
    "krugman": structure.krugman,
    "gini_specialisation": structure.gini_specialisation,
    "theil": structure.theil,
    "location_quotient_of_counts": lambda in_class_here, all_here, in_class_everywhere, all_everywhere: (
        structure.location_quotient(
            [in_class_here, all_here - in_class_here], [in_class_everywhere, all_everywhere - in_class_everywhere]
        )[0]
    ),
    "coupling": coordination.coupling,
    "development": lambda **given: coordination.coordination(**given).development,
    "coordination_degree": lambda **given: coordination.coordination(**given).coordination,
    "coordination_grades": lambda **given: [
        coordination.grade(each).zh for each in coordination.coordination(**given).coordination
    ],
    "grey_relational_degree": coordination.grey_relational_degree,
    "wilson_ends": lambda numerator, denominator: [float(end) for end in wilson_interval(numerator, denominator)],
    "openings_to_seekers_of_quarters": lambda **given: quarters(**given)["openings_to_seekers"].tolist(),
    "gap_of_quarters": lambda **given: quarters(**given)["gap"].tolist(),
    "changes_on_the_quarter": changes,
    "openings_to_seekers_of_groups": groups,
    "percentages": lambda amounts: (100 * np.array(amounts) / np.sum(amounts)).tolist(),
    "rate_in_percent": lambda numerator, denominator: 100 * numerator / denominator,
}


def results() -> list[Result]:
    """Every published number of the file beside ours; what the file leaves empty was not published."""
    found = []
    for example in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        for case in example["cases"]:
            published = np.atleast_1d(np.array(case["published"], dtype=object))
            ours = np.atleast_1d(np.array(MEASURES[example["measure"]](**case["given"]), dtype=object))
            if len(published) != len(ours):
                raise ValueError(f"{example['subject']}: {len(published)} results published, {len(ours)} computed")
            found += [
                Result(example["subject"], example["source"], p, o, example["tolerance"])
                for p, o in zip(published, ours, strict=True)
                if p is not None
            ]
    return found


def table() -> str:
    """One line per subject: how many numbers, published, ours, the largest difference and the tolerance."""
    lines = ["| example | published | ours | largest difference | tolerance |", "|---|---|---|---|---|"]
    for subject in dict.fromkeys(result.subject for result in results()):
        rows = [result for result in results() if result.subject == subject]
        published = " ".join(str(row.published) for row in rows)
        ours = " ".join(str(row.ours) if row.difference is None else f"{float(row.ours):.5g}" for row in rows)
        apart = [abs(row.difference) for row in rows if row.difference is not None]
        lines.append(f"| {subject} | {published} | {ours} | {max(apart, default=0):.2g} | {rows[0].tolerance} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
