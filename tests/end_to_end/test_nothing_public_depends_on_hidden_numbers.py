"""Two districts that differ in hidden numbers only look the same to the public, byte for byte.

Whatever a leak is hidden in — a chart, the search, a sentence, the metadata or statistics of a Parquet file, the Data
Package, the order of rows, a file's name — it makes the two folders differ.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.public_fields import made_of
from pipelines.publish import read_public
from pipelines.settings import Settings
from reports import open_data, public_site, site_pages
from reports.public_counts import BELOW, PublicCounts
from reports.round_tables import RoundTables
from reports.site_blocks import Block
from tests.district import DistrictRun

PUBLICATION = open_data.Publication("教委", "office@example.invalid")
Public = tuple[RoundTables, PublicCounts]
# Tables of persons by school or program, and of verdicts with their evidence: the public sees nothing of them.
UNSEEN = (
    "marts.indicator", "marts.indicator_source", "marts.supply_share", "marts.match_index", "marts.input_source",
    "marts.surplus_witness", "marts.duplicate_supplier", "core.enrollment", "core.objection", "core.ruling",
    "core.exemption", "decisions.evidence", "decisions.fragility", "quarantine.finding", "landed.account",
    "landed.file", "checks.expectation",
)  # fmt: skip
# Public tables, what they are made from, and how a row of theirs is named.
MADE_FROM = (
    ("supply_demand_by_program", "marts.program_balance", "program_code"),
    ("occupations", "marts.skill_supply_demand", "occupation_code"),
    ("shortage_occupations", "marts.shortage_occupation", "occupation_code"),
    ("training_occupations", "marts.training_occupation", "occupation_code"),
    ("programs_to_expand", "marts.program_to_expand", "program_code"),
    ("shared_programs", "marts.duplicate_program", "program_code"),
)  # fmt: skip


@pytest.fixture(scope="module")
def district(sample_run: DistrictRun) -> Public:
    """The sample district."""
    return read_public(Settings(warehouse=sample_run.warehouse), 2024)


@pytest.fixture(scope="module")
def other(district: Public) -> Public:
    """A district with other numbers wherever they are hidden, and without the tables that the public does not see."""
    tables, counts = district
    values = counts.cells["value"]
    small = (values + 1) % BELOW  # stays small
    changed = pd.Series(np.where(values < BELOW, small, values + 1), index=values.index)
    cells = counts.cells.assign(value=values.where(counts.cells["shown"], changed))
    frames = dict(tables.frames) | {name: tables.frame(name).iloc[:0] for name in UNSEEN}
    shown = {resource.name: resource.rows for resource in open_data.resources(tables, counts)}
    for name, source, code in MADE_FROM:
        frames[source] = elsewhere(frames[source], shown[name], code)
    signals = shown["shortage_occupations"]
    for signal in ("openings_to_seekers", "unfilled_vacancies", "unfilled_projection", "unfilled_forecast"):
        named = signals[["occupation_code", "year", "hidden"]].itertuples(index=False)
        secret = {(occupation, year) for occupation, year, found in named if signal in found}
        rows = frames["marts.shortage_signal"]
        here = [
            kind == signal and (occupation, year) in secret
            for kind, occupation, year in rows[["signal", "occupation_code", "year"]].itertuples(index=False)
        ]
        frames["marts.shortage_signal"] = rows.assign(
            value=rows["value"].mask(pd.Series(here, index=rows.index), 0.123)
        )
    return replace(tables, frames=frames), PublicCounts(cells, counts.relations)


def elsewhere(rows: pd.DataFrame, public: pd.DataFrame, code: str) -> pd.DataFrame:
    """The rows with other numbers where the public table hides them."""
    secret = {
        (one[0], one[1]): set(one[2]) for one in public[[code, "year", "hidden"]].itertuples(index=False) if one[2]
    }
    keys = list(zip(rows[code], rows["year"], strict=True))
    for name in {name for names in secret.values() for name in names} & set(rows.columns):
        here = pd.Series([name in secret.get(key, ()) for key in keys], index=rows.index)
        rows = rows.assign(**{name: rows[name].mask(here, rows[name] + 1)})
    return rows


def written(district: Public, folder: Path) -> dict[str, str]:
    """Every file that the public gets, by its path, with its digest."""
    tables, counts = district
    resources = open_data.resources(tables, counts)
    open_data.write(resources, folder / "data", tables.round, PUBLICATION, made_of())
    public_site.write(tables, resources, folder, PUBLICATION)
    return {
        str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def differing(one: dict[str, str], two: dict[str, str]) -> set[str]:
    """The files that are not the same in both folders."""
    return {name for name in {*one, *two} if one.get(name) != two.get(name)}


def test_other_hidden_numbers_give_the_same_public_folder(district: Public, other: Public, tmp_path: Path) -> None:
    shown = district[1].cells["shown"]
    moved = (district[1].cells["value"] != other[1].cells["value"]) & ~shown
    assert moved.sum() > 5000, "the districts differ"
    assert differing(written(district, tmp_path / "one"), written(other, tmp_path / "two")) == set()


def hidden_number(counts: PublicCounts) -> float:
    """One number of a school's program that nobody may see."""
    cells = counts.cells
    small = cells[(cells["level"] == "unit") & (cells["cost"] > 0) & cells["most"].notna() & ~cells["shown"]]
    return float(small.sort_values("cell")["value"].iloc[0])


def in_a_sentence(patch: pytest.MonkeyPatch, secret: Callable[[RoundTables], float]) -> None:
    honest = site_pages.sentences
    patch.setattr(site_pages, "sentences", lambda site: [*honest(site), f"其中一届 {secret(site.tables):g} 人。"])


def in_a_chart(patch: pytest.MonkeyPatch, secret: Callable[[RoundTables], float]) -> None:
    honest = site_pages.match

    def leaking(site: site_pages.Site) -> site_pages.Page:
        page = honest(site)
        next(iter(page.figures.values()))["data"][0]["customdata"] = [secret(site.tables)]
        return page

    patch.setattr(site_pages, "match", leaking)


def in_the_search(patch: pytest.MonkeyPatch, secret: Callable[[RoundTables], float]) -> None:
    honest = public_site.entries
    patch.setattr(public_site, "entries", lambda tables: [{**one, "size": secret(tables)} for one in honest(tables)])


def in_parquet(patch: pytest.MonkeyPatch, secret: Callable[[RoundTables], float]) -> None:
    honest = open_data.pq.write_table

    def leaking(table: pa.Table, *rest: object) -> None:
        honest(table.replace_schema_metadata({"graduates": f"{secret(SEEN[-1])}"}), *rest)

    patch.setattr(open_data.pq, "write_table", leaking)


def in_the_package(patch: pytest.MonkeyPatch, secret: Callable[[RoundTables], float]) -> None:
    honest = open_data.package_of
    patch.setattr(open_data, "package_of", lambda *given: {**honest(*given), "smallest": secret(SEEN[-1])})


def in_a_name(patch: pytest.MonkeyPatch, secret: Callable[[RoundTables], float]) -> None:
    honest = site_pages.data
    patch.setattr(site_pages, "data", lambda site: replace(honest(site), path=f"data-{secret(site.tables):g}.html"))


def in_the_order(patch: pytest.MonkeyPatch, secret: Callable[[RoundTables], float]) -> None:
    honest = site_pages.listed

    def leaking(site: site_pages.Site) -> site_pages.Page:
        page = honest(site)
        both = [Block("甲"), Block("乙")]
        return replace(page, blocks=[*page.blocks, *(both if secret(site.tables) % 2 else both[::-1])])

    patch.setattr(site_pages, "listed", leaking)


SEEN: list[RoundTables] = []  # the tables that are being written


@pytest.mark.parametrize(
    ("leak", "where"),
    [
        (in_a_sentence, "index.html"),
        (in_a_chart, "match.html"),
        (in_the_search, "assets/search-data.js"),
        (in_parquet, "data/outcomes_by_unit.parquet"),
        (in_the_package, "data/datapackage.json"),
        (in_a_name, "data-"),
        (in_the_order, "listed.html"),
    ],
)
def test_a_leak_anywhere_makes_the_folders_differ(
    district: Public, other: Public, leak: Callable, where: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    few = site_pages.known
    monkeypatch.setattr(site_pages, "known", lambda tables, kind: few(tables, kind)[:1])
    counts = {id(one[0]): one[1] for one in (district, other)}
    leak(monkeypatch, lambda tables: hidden_number(counts[id(tables)]))
    folders = []
    for name, one in (("one", district), ("two", other)):
        SEEN.append(one[0])
        folders.append(written(one, tmp_path / name))
    assert any(file.startswith(where) for file in differing(*folders)), json.dumps(sorted(differing(*folders)))
