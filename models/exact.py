"""Exact numbers in bulk: columns of decimals as scaled integers, comparisons and roundings without floating point.

Belongs here: reading and comparing numbers. Does not belong here: what they mean (`models.panel`, `models.criteria`).
Integers are int64 while the largest product fits, Python integers in object arrays otherwise; the same expressions
serve both.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

COUNT_DIGITS = 6  # shares of split programs are stored with six decimals
FINE_DIGITS = 12  # rates are ranked, averaged and rounded at 10⁻¹²
QUANTUM = 10**FINE_DIGITS
SAFE = 2**62


@dataclass(frozen=True)
class Numbers:
    """A column of numbers: nearest doubles (NaN where empty), and the exact decimals behind them.

    `digits` after the point that the finest number needs; `bad` marks what is no number; `long` what has more than 15
    significant digits. `codes` and `exact` give each row's decimal when the column was text or decimals.
    """

    real: NDArray[np.float64]
    digits: int
    bad: NDArray[np.bool_]
    long: NDArray[np.bool_]
    codes: NDArray[np.int64] | None = None
    exact: tuple[Decimal | None, ...] = ()

    @classmethod
    def nothing(cls, length: int) -> "Numbers":
        """A column that is not there."""
        no = np.zeros(length, dtype=bool)
        return cls(np.full(length, np.nan), 0, no, no)

    @property
    def scale(self) -> int:
        """Units per 1 that keep every number whole."""
        return int(10 ** max(COUNT_DIGITS, self.digits))

    def without(self, mask: NDArray[np.bool_]) -> "Numbers":
        """The same column with some rows empty."""
        if not mask.any():
            return self
        return Numbers(np.where(mask, np.nan, self.real), self.digits, self.bad, self.long, self.codes, self.exact)

    def scaled(self, scale: int) -> NDArray:
        """The numbers × scale as integers (0 where empty): int64, or Python integers where they would not fit."""
        known = ~np.isnan(self.real)
        largest = np.abs(self.real[known]).max(initial=0.0)
        fits = largest * scale < SAFE
        if self.codes is not None:
            whole = [0 if number is None else int(number * scale) for number in self.exact]
            table = np.array([*whole, 0], dtype=np.int64 if fits else object)
            found: NDArray = table[np.where(known, self.codes, len(whole))]
            return found
        if fits:
            return np.rint(np.where(known, self.real, 0.0) * scale).astype(np.int64)
        whole = [int(Decimal(repr(float(x))) * scale) if k else 0 for x, k in zip(self.real, known, strict=True)]
        return np.array(whole, dtype=object)


def read_numbers(column: pd.Series) -> Numbers:
    """A column of integers, floats, decimals or text ("0.6", "60 %", "") as exact numbers.

    Floats are taken as the decimals that they print as, up to nine digits after the point.
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return Numbers(np.full(len(column), np.nan), 0, np.ones(len(column), bool), np.zeros(len(column), bool))
    if pd.api.types.is_integer_dtype(column.dtype) or pd.api.types.is_float_dtype(column.dtype):
        real = column.to_numpy(dtype=np.float64, na_value=np.nan)
        bad = np.isinf(real)
        if bad.any():
            real = np.where(bad, np.nan, real)
        return Numbers(real, float_digits(real), bad, np.zeros(len(real), dtype=bool))
    codes, words = pd.factorize(column)
    exact = tuple(decimal_of(word) for word in words)
    blank = np.array([isinstance(word, str) and not word.strip() for word in words], dtype=bool)
    wrong = np.array([number is None for number in exact], dtype=bool) & ~blank
    long = np.array([number is not None and significant(number) > 15 for number in exact], dtype=bool)
    nearest = np.array([np.nan if number is None else float(number) for number in exact], dtype=np.float64)
    digits = max((-exponent(number) for number in exact if number is not None), default=0)

    real = np.append(nearest, np.nan)[codes]  # the code -1, for an empty cell, takes the last
    bad, too_long = (np.append(flags, [False])[codes] for flags in (wrong, long))
    return Numbers(real, max(digits, 0), bad, too_long, codes, exact)


def float_digits(real: NDArray[np.float64]) -> int:
    """Digits after the point that doubles need, at most nine."""
    known = real[~np.isnan(real)]
    for digits in (0, COUNT_DIGITS):
        # most columns that need more digits show it in their first rows
        if all((np.rint(some * 10**digits) / 10**digits == some).all() for some in (known[:1000], known)):
            return digits
    return 9


def decimal_of(word: object) -> Decimal | None:
    """A number or its text as a decimal; None when it is none."""
    if isinstance(word, bool | np.bool_):
        return None
    if isinstance(word, float | np.floating):
        word = repr(float(word))
    text = str(word).strip()
    percent = text.endswith(("%", "％"))
    try:
        number = Decimal(text[:-1].strip() if percent else text)
    except InvalidOperation:
        return None
    if not number.is_finite() or "_" in text:
        return None
    if number == 0:
        return Decimal(0)
    if not -30 <= number.adjusted() <= 30:
        return None
    return number.scaleb(-2) if percent else number


def exponent(number: Decimal) -> int:
    """Power of ten of a decimal's last digit that is not zero."""
    return int(number.normalize().as_tuple().exponent)


def significant(number: Decimal) -> int:
    """Significant digits of a decimal."""
    return len(number.normalize().as_tuple().digits)


def widen(*arrays: NDArray, factor: int) -> list[NDArray]:
    """The arrays as they are when all stay below 2⁶² after × factor, as Python integers otherwise."""
    largest = max((int(np.abs(a).max(initial=0)) for a in arrays), default=0)
    if largest * max(factor, 1) < SAFE:
        return list(arrays)
    return [a.astype(object) for a in arrays]


def compare(left: NDArray, right: NDArray, comparison: str) -> NDArray[np.bool_]:
    """left below / at_most / above / at_least right, element by element."""
    match comparison:
        case "below":
            return (left < right).astype(bool)
        case "at_most":
            return (left <= right).astype(bool)
        case "above":
            return (left > right).astype(bool)
    return (left >= right).astype(bool)


def quotient_beyond(num: NDArray, den: NDArray, line: Fraction, comparison: str) -> NDArray[np.bool_]:
    """Whether num / den (den > 0) lies below (at_most, above, at_least) a line, by exact integers.

    18 of 30 is never below 0.6: 18 × 5 is not less than 30 × 3.
    """
    num, den = widen(num, den, factor=max(abs(line.numerator), line.denominator))
    return compare(num * line.denominator, den * line.numerator, comparison)


def in_quanta(num: NDArray, den: NDArray, digits: int = FINE_DIGITS, how: str = "half_up") -> NDArray:
    """num / den (den > 0, num ≥ 0) rounded or truncated to `digits`, as integers in units of 10⁻¹².

    Long division, so that nothing is lost on the way.
    """
    num, den = widen(num, den, factor=10**6)
    found, rest = num // den, num % den
    done = 0
    while done < digits:
        step = min(6, digits - done)
        rest = rest * 10**step
        found, rest = found * 10**step + rest // den, rest % den
        done += step
    if how == "half_up":
        found = found + (2 * rest >= den)
    return found * 10 ** (FINE_DIGITS - digits)


def value_in_quanta(value: NDArray[np.float64], digits: int = FINE_DIGITS, how: str = "half_up") -> NDArray:
    """Printed values (NaN as 0) rounded or truncated to `digits`, as integers in units of 10⁻¹²."""
    known = np.nan_to_num(value)
    if np.abs(known).max(initial=0.0) * QUANTUM < SAFE:
        fine: NDArray = np.rint(known * QUANTUM).astype(np.int64)
    else:
        fine = np.array([round(Fraction(repr(float(x))) * QUANTUM) for x in known.ravel()], dtype=object)
        fine = fine.reshape(known.shape)
    if digits == FINE_DIGITS:
        return fine
    unit = 10 ** (FINE_DIGITS - digits)
    return ((fine + (unit // 2 if how == "half_up" else 0)) // unit) * unit


def quanta_bound(line: Fraction, comparison: str) -> int:
    """The integer bound b in units of 10⁻¹² with: x is beyond the line ⟺ x ≤ b (low is bad) or x ≥ b (high is bad)."""
    exact = line * QUANTUM
    match comparison:
        case "below":
            return ceil(exact) - 1
        case "at_most":
            return floor(exact)
        case "above":
            return floor(exact) + 1
    return ceil(exact)
