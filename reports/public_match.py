"""What the public may read of the match of programs and industry, rounded so that nothing small shows.

Belongs here: public shares by sector and public indices. Does not belong here: how an index is computed (`models`),
what the rounded shares tell of single counts (`public_counts`).

Indices are computed from the public shares and from nothing else: whoever reads them learns nothing new.
"""

import pandas as pd

from models.structure import cosine_similarity, duncan_dissimilarity
from reports.public_counts import PublicCounts, in_steps, told_shares
from reports.round_tables import RoundTables

INDICES = {"cosine": cosine_similarity, "duncan": duncan_dissimilarity}


def sector_weights(tables: RoundTables) -> pd.DataFrame:
    """The part of a program's graduates that reaches a sector: program_code, class_code, weight."""
    members = tables.frame("marts.class_member").query("class_system == 'sector'")[
        ["class_code", "industry_code", "share"]
    ]
    reached = tables.frame("marts.program_industry").merge(members, on="industry_code")
    reached = reached.assign(weight=reached["weight"] * reached["share"])
    return reached.groupby(["program_code", "class_code"])["weight"].sum().reset_index()


def structure_by_sector(tables: RoundTables, counts: PublicCounts) -> pd.DataFrame:
    """Shares of graduates, employed persons and value added by sector: year, class_code, class_name, basis, share."""
    present = counts.cells[counts.cells["present"]]
    supply = told_shares(present, sector_weights(tables)).assign(basis="graduates")
    industry = tables.frame("marts.industry_share").query("class_system == 'sector'")
    industry = industry.assign(share=industry["share"].map(in_steps, na_action="ignore"))
    members = tables.frame("marts.class_member").query("class_system == 'sector'").drop_duplicates("class_code")
    rows = pd.concat([part[["year", "class_code", "basis", "share"]] for part in (supply, industry)])
    rows = rows.assign(class_name=rows["class_code"].map(members.set_index("class_code")["class_name"]))
    rows = rows[rows["year"] <= tables.round].drop_duplicates(["year", "class_code", "basis"])
    columns = ["year", "class_code", "class_name", "basis", "share"]
    return rows[columns].sort_values(["year", "basis", "class_code"], ignore_index=True)


def match_indices(structure: pd.DataFrame) -> pd.DataFrame:
    """Indices of the public shares of graduates against those of employed persons: index, year, value."""
    found = []
    for year, rows in structure.groupby("year"):
        by_basis = rows.pivot(index="class_code", columns="basis", values="share")
        if not {"graduates", "employed_persons"} <= set(by_basis.columns):
            continue
        # A sector that industry cannot tell for the year is left out on both sides; one that nobody learns for is 0.
        both = by_basis.dropna(subset="employed_persons").fillna({"graduates": 0.0})
        pair = [both[basis].to_numpy(dtype=float) for basis in ("graduates", "employed_persons")]
        if all(side.sum() for side in pair):
            found += [(index, year, in_steps(of(*pair))) for index, of in INDICES.items()]
    rows = pd.DataFrame(found, columns=["index", "year", "value"])
    return rows.sort_values(["index", "year"], ignore_index=True)
