"""The groups under which evidence stands at the end of a report, and their order.

Belongs here: which evidence stands under which heading. Does not belong here: what an evidence says (`origins`).
"""

from collections.abc import Mapping

from reports.content.parts import Evidence, Words, words

GROUPS = {  # group: the first parts of the keys of its evidence
    "verdicts": ("unit",),
    "programs": ("graduates", "program", "point", "witness"),
    "occupations": ("forecast", "occupation", "market"),
    "industries": ("structure", "industries", "industry", "share"),
    "employment": ("rates",),
    "students": ("coverage", "seats"),
    "lists": ("verdicts", "followed", "catalogue", "plan"),
    "files": ("files", "file", "problem"),
}


def grouped(evidence: Mapping[str, Evidence]) -> list[tuple[str, Words, list[Evidence]]]:
    """Evidence by group: its name, its title, its evidence in the order of the kinds, then as the report asked for it.

    ValueError for an evidence that belongs to no group.
    """
    places = {kind: (group, place) for group, kinds in GROUPS.items() for place, kind in enumerate(kinds)}
    found: dict[str, list[tuple[int, Evidence]]] = {group: [] for group in GROUPS}
    for key, one in evidence.items():
        kind = key.partition("-")[0]
        if kind not in places:
            raise ValueError(f"evidence {key} belongs to no group of {list(GROUPS)}")
        group, place = places[kind]
        found[group].append((place, one))
    return [
        (group, words(f"report.evidence_groups.{group}"), [one for _, one in sorted(rows, key=lambda row: row[0])])
        for group, rows in found.items()
        if rows
    ]
