"""A long indicator table as unit × year matrices of exact numbers, and what in it cannot be used.

Belongs here: placing values, naming input problems. Does not belong here: reading single numbers (`models.exact`),
lines and verdicts (`models.criteria`).

Counts are kept as integers in units of 10⁻ˢ persons (s = 6, more when the table has finer decimals), so that sums and
comparisons are exact. A value without counts is kept as a double: two decimals of at most 15 digits compare as their
doubles do, so that a published 0.6 is never below 0.6.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.exact import Numbers, read_numbers
from models.settings_parts import FIRST_YEAR, LAST_YEAR

MISSING = np.iinfo(np.int64).min
MOST_YEARS = 60  # years are kept as bits of one integer
PROBLEM_COLUMNS = ["unit", "year", "indicator", "problem_zh", "problem_en"]
KEYS = ("unit", "year", "indicator")
MEASURES = ("numerator", "denominator", "value")


@dataclass(frozen=True)
class Measure:
    """One indicator as unit × year matrices; MISSING or NaN where there is nothing, None where there never is.

    `numerator` and `denominator` in units of 1 / `scale`. `labels` holds text columns of the table (such as rate_type)
    as codes with their words, -1 where empty.
    """

    numerator: NDArray | None
    denominator: NDArray | None
    value: NDArray[np.float64] | None
    scale: int = 10**6
    labels: dict[str, tuple[NDArray[np.int32], list[str]]] = field(default_factory=dict)

    def rows(self, chosen: slice | NDArray) -> "Measure":
        """The same indicator for some units only."""
        cut = [None if m is None else m[chosen] for m in (self.numerator, self.denominator, self.value)]
        labels = {name: (codes[chosen], words) for name, (codes, words) in self.labels.items()}
        return Measure(cut[0], cut[1], cut[2], self.scale, labels)


@dataclass(frozen=True)
class Attribute:
    """A text or number of a unit, as codes per unit (one column) or per unit and year; -1 where it is not known."""

    codes: NDArray[np.int32]
    words: list[object]

    def rows(self, chosen: slice | NDArray) -> "Attribute":
        """The same attribute for some units only."""
        return Attribute(self.codes[chosen], self.words)


@dataclass(frozen=True)
class Panel:
    """Units (sorted), years (every calendar year from first to last), indicators and attributes over them.

    `first` is the position of the first year of which anything is known of a unit.
    """

    units: NDArray[np.object_]
    years: NDArray[np.int64]
    measures: dict[str, Measure]
    attributes: dict[str, Attribute]
    first: NDArray[np.int16]

    @property
    def shape(self) -> tuple[int, int]:
        """Units × years."""
        return len(self.units), len(self.years)

    def rows(self, chosen: slice | NDArray) -> "Panel":
        """The same panel for some units only."""
        return replace(
            self,
            units=self.units[chosen],
            measures={name: measure.rows(chosen) for name, measure in self.measures.items()},
            attributes={name: attribute.rows(chosen) for name, attribute in self.attributes.items()},
            first=self.first[chosen],
        )

    def measure(self, indicator: str) -> Measure:
        """The indicator's matrices; all missing when the table has no row of it."""
        return self.measures.get(indicator, Measure(None, None, None))


@dataclass
class Wanted:
    """What a rule-book needs of the table: indicators with their kind, text columns, attributes of units."""

    kinds: dict[str, str]
    labels: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)


class Rows:
    """The table while it is read: rows that cannot be used are named and dropped."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self.named: list[pd.DataFrame] = []
        self.live = np.ones(len(table), dtype=bool)

    def name(self, mask: NDArray[np.bool_], zh: str, en: str, *, drop: bool = True) -> None:
        """Name the rows of a mask as a problem, and drop them unless told otherwise."""
        mask = mask & self.live
        if mask.any():
            rows = self.table.loc[mask, list(KEYS)].astype(object).drop_duplicates()
            self.named.append(rows.assign(problem_zh=zh, problem_en=en))
            if drop:
                self.live &= ~mask

    def problems(self) -> pd.DataFrame:
        """One row per problem, in the order of the units."""
        if not self.named:
            return pd.DataFrame(columns=PROBLEM_COLUMNS)
        found = pd.concat(self.named, ignore_index=True)
        return found.sort_values(PROBLEM_COLUMNS, key=lambda column: column.astype(str), ignore_index=True)


def read_panel(
    indicators: pd.DataFrame, wanted: Wanted, last_year: int | None, units: pd.DataFrame | None = None
) -> tuple[Panel, pd.DataFrame]:
    """The usable rows of a long table as a panel, and one row per problem (PROBLEM_COLUMNS).

    `indicators`: one row per unit × year × indicator with unit, year, indicator, and numerator and denominator and/or
    value (numbers, decimals or text); further columns carry labels and attributes. `units`: one row per unit with
    attributes. Years after `last_year` are not looked at. Raises ValueError when a needed column is absent or the
    years span more than MOST_YEARS.
    """
    absent = [name for name in KEYS if name not in indicators.columns]
    if absent or not any(name in indicators.columns for name in MEASURES):
        raise ValueError(f"the indicator table lacks {', '.join(absent) or 'numerator and denominator, or value'}")
    rows = Rows(indicators.reset_index(drop=True))
    table = rows.table
    unit_codes, unit_names = factorize_text(table["unit"])
    rows.name(unit_codes < 0, "没有单位，未采用", "no unit is given; not used")
    years = read_years(table["year"])
    rows.name(years == 0, "年份不成立，未采用", "not a year; not used")
    rows.live &= years <= (last_year if last_year is not None else LAST_YEAR)
    order = np.argsort(unit_names, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    if not rows.live.any():
        nothing = Panel(np.array([], dtype=object), np.array([], dtype=np.int64), {}, {}, np.array([], dtype=np.int16))
        return nothing, rows.problems()
    first_year = int(years[rows.live].min())
    final = last_year if last_year is not None else int(years[rows.live].max())
    if final - first_year >= MOST_YEARS:
        raise ValueError(f"the years {first_year} to {final} span more than {MOST_YEARS}")
    span = np.arange(first_year, final + 1)
    place = rank[unit_codes] * len(span) + (years - first_year)
    place[~rows.live] = 0
    seen = np.zeros((len(order), len(span)), dtype=bool)
    seen.ravel()[place if rows.live.all() else place[rows.live]] = True
    known = seen.any(axis=1)  # a unit whose rows all lie after the last year is not there yet
    first = np.where(known, seen.argmax(axis=1), len(span)).astype(np.int16)
    del unit_codes, years, seen
    attributes = read_attributes(rows, wanted.attributes, place, (len(order), len(span)), units, unit_names[order])
    measures = place_measures(rows, wanted, place, (len(order), len(span)))
    panel = Panel(unit_names[order], span, measures, attributes, first)
    return (panel if known.all() else panel.rows(np.flatnonzero(known))), rows.problems()


def factorize_text(column: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Codes of a column as text, -1 where empty, and the texts."""
    codes, words = pd.factorize(column)
    texts = np.array([str(word) for word in words], dtype=object)
    blank = np.array([not text.strip() for text in texts], dtype=bool)
    again, unique = pd.factorize(texts)
    lookup = np.where(blank, -1, again)
    if (lookup == np.arange(len(lookup))).all():
        return codes, unique.astype(object)
    return (np.where(codes < 0, -1, lookup[codes.clip(min=0)]) if len(texts) else codes), unique.astype(object)


def read_years(column: pd.Series) -> NDArray[np.int64]:
    """The years of a column, 0 where it holds none; each different cell is read once."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        stated = column.to_numpy()
        return np.where((stated >= FIRST_YEAR) & (stated <= LAST_YEAR), stated, 0).astype(np.int64)
    codes, words = pd.factorize(column)
    real = read_numbers(pd.Series(words)).real
    whole = (real >= FIRST_YEAR) & (real <= LAST_YEAR) & (real == np.floor(real))
    found: NDArray[np.int64] = np.append(np.where(whole, real, 0), 0).astype(np.int64)[codes]
    return found


def place_measures(rows: Rows, wanted: Wanted, place: NDArray[np.int64], shape: tuple[int, int]) -> dict[str, Measure]:
    """The matrices of every wanted indicator, at most one row per place."""
    codes, names = factorize_text(rows.table["indicator"])
    measures = {}
    for code, name in enumerate(names):
        if name in wanted.kinds:
            chosen = np.flatnonzero((codes == code) & rows.live)
            if len(chosen):
                measures[str(name)] = place_measure(rows, chosen, place, shape, wanted.kinds[name], wanted.labels)
    return measures


def place_measure(
    rows: Rows, chosen: NDArray[np.int64], place: NDArray[np.int64], shape: tuple[int, int], kind: str, labels: set[str]
) -> Measure:
    """One indicator: its usable rows as matrices; the others are named in `rows`."""
    table = rows.table

    def name(of: NDArray[np.bool_], zh: str, en: str, *, drop: bool = True) -> None:
        if of.any():
            full = np.zeros(len(table), dtype=bool)
            full[chosen[of]] = True
            rows.name(full, zh, en, drop=drop)

    numbers: dict[str, Numbers] = {
        column: read_numbers(table[column].iloc[chosen]) if column in table.columns else Numbers.nothing(len(chosen))
        for column in MEASURES
    }
    at = place[chosen]
    twice, same = repeated(at, [numbers[column] for column in MEASURES])
    name(
        twice & ~same,
        "同一单位、年份、指标有多行且数值不同，均未采用",
        "several rows for one unit, year and indicator, with different values; none is used",
    )
    name(
        twice & same,
        "同一单位、年份、指标有多行，数值相同，只采用一次",
        "several rows for one unit, year and indicator, with the same values; used once",
        drop=False,
    )
    num, den, value = (numbers[column] for column in MEASURES)
    name(num.bad | den.bad | value.bad, "不是数，未采用", "not a number; not used")
    negative = (num.real < 0) | (den.real < 0)
    name(negative, "人数为负，未采用", "a negative count; not used")
    if kind == "rate":
        over = (num.real > den.real) | (value.real > 1)
        name(over & (den.real != 0), "比率高于 100 %，未采用", "a rate above 100 %; not used")
        name(value.real < 0, "比率为负，未采用", "a negative rate; not used")
    if "rate_only" in table.columns:
        published = table["rate_only"].iloc[chosen].astype(str).str.lower().isin(["true", "1", "1.0"]).to_numpy()
        published = published & ~np.isnan(value.real)
        num, den = num.without(published), den.without(published)
    name(den.real == 0, "分母为 0，按缺失处理", "the denominator is 0: taken as missing", drop=False)
    counted = ~np.isnan(num.real) & (den.real > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = counted & (np.abs(value.real - num.real / den.real) > 0.005 * np.maximum(1, np.abs(value.real)))
    name(
        apart,
        "比率与分子、分母不符，采用分子和分母",
        "the value differs from numerator / denominator; the counts are used",
        drop=False,
    )
    name(
        value.long & ~counted,
        "数值超过 15 位有效数字，按最接近的 15 位比较",
        "more than 15 significant digits: compared at the nearest double",
        drop=False,
    )
    live = rows.live[chosen]
    scale = max(num.scale, den.scale)
    has_counts = live & ~(np.isnan(num.real) & np.isnan(den.real))
    has_value = live & ~np.isnan(value.real) & ~counted
    numerator: NDArray | None = None
    denominator: NDArray | None = None
    values: NDArray | None = None
    if has_counts.any():
        numerator = place_counts(num, scale, at, live, shape)
        denominator = place_counts(den, scale, at, live, shape)
    if has_value.any():
        values = np.full(shape[0] * shape[1], np.nan)
        values[at[has_value]] = value.real[has_value]
        values = values.reshape(shape)
    found = {}
    for label in sorted(labels & set(table.columns)):
        codes, words = factorize_text(table[label].iloc[chosen])
        matrix = np.full(shape[0] * shape[1], -1, dtype=np.int32)
        matrix[at[live]] = codes[live]
        found[label] = (matrix.reshape(shape), [str(word) for word in words])
    return Measure(numerator, denominator, values, scale, found)


def place_counts(
    numbers: Numbers, scale: int, at: NDArray[np.int64], live: NDArray[np.bool_], shape: tuple[int, int]
) -> NDArray:
    """Counts in units of 1 / scale as a matrix."""
    known = live & ~np.isnan(numbers.real)
    scaled = numbers.scaled(scale)
    filled = np.full(shape[0] * shape[1], MISSING, dtype=scaled.dtype)
    filled[at[known]] = scaled[known]
    return filled.reshape(shape)


def repeated(place: NDArray[np.int64], numbers: Iterable[Numbers]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows that share their place with another row, and of these the ones whose numbers all agree."""
    seen = np.zeros(place.max(initial=-1) + 1, dtype=bool)
    seen[place] = True
    if np.count_nonzero(seen) == len(place):
        none = np.zeros(len(place), dtype=bool)
        return none, none
    twice = pd.Series(place).duplicated(keep=False).to_numpy()
    same = twice.copy()
    if twice.any():
        where = np.flatnonzero(twice)
        frame = pd.DataFrame({str(n): number.real[where] for n, number in enumerate(numbers)})
        spread = frame.fillna(-1.5).groupby(place[where]).transform("nunique")
        same[where] = (spread == 1).all(axis=1).to_numpy()
    return twice, same


def read_attributes(
    rows: Rows,
    names: set[str],
    place: NDArray[np.int64],
    shape: tuple[int, int],
    units: pd.DataFrame | None,
    unit_names: NDArray[np.object_],
) -> dict[str, Attribute]:
    """Attributes of units: from `units` (for all years) or from columns of the table (carried to later years)."""
    found = {}
    for name in sorted(names):
        if units is not None and name in units.columns:
            listed = units[["unit", name]].drop_duplicates()
            twice = listed["unit"].duplicated(keep=False)
            for unit in listed.loc[twice, "unit"].unique():
                rows.named.append(contradiction(str(unit), None, name))
            column = listed[~twice].assign(unit=lambda frame: frame["unit"].astype(str)).set_index("unit")[name]
            codes, words = pd.factorize(column.reindex(unit_names))
            found[name] = Attribute(codes.astype(np.int32)[:, None], list(words))
        elif name in rows.table.columns:
            codes, words = pd.factorize(rows.table[name])
            stated = np.flatnonzero((codes >= 0) & rows.live)
            pairs = pd.DataFrame({"place": place[stated], "code": codes[stated]}).drop_duplicates()
            twice = pairs["place"].duplicated(keep=False)
            for at in pairs.loc[twice, "place"].unique():
                rows.named.append(contradiction(str(unit_names[at // shape[1]]), None, name))
            matrix = np.full(shape[0] * shape[1], -1, dtype=np.int32)
            matrix[pairs["place"][~twice]] = pairs["code"][~twice]
            matrix = matrix.reshape(shape)
            for year in range(1, shape[1]):
                unknown = matrix[:, year] < 0
                matrix[unknown, year] = matrix[unknown, year - 1]
            found[name] = Attribute(matrix, list(words))
    return found


def contradiction(unit: str, year: int | None, attribute: str) -> pd.DataFrame:
    """A problem row: one unit with two values of an attribute."""
    return pd.DataFrame(
        {
            "unit": [unit],
            "year": [year],
            "indicator": [attribute],
            "problem_zh": [f"属性 {attribute} 有不同的值，视为未知"],
            "problem_en": [f"different values of the attribute {attribute}: taken as not known"],
        }
    )
