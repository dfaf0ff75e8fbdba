"""Files at random: good tables, what happens to them, how they are written, and what must be found again afterwards.

File `number` is the same file everywhere: `plan_of(number)` draws a good table, the mutations that it suffers, the form
in which it is written and the damage to its bytes; `built` carries the plan out. Does not belong here: the mutations
themselves (`mutations`), writing the bytes (`forms`), the law (`test_law`).
"""

import random
from dataclasses import dataclass, replace

from tests.ingest import forms
from tests.ingest.good_tables import TABLES
from tests.ingest.mutations import MUTATIONS, RARE, Book

BLANK = " \t\r\n\x0b\x0c　\u00a0\u200b\u200c\u200d\u2060\ufeff\x00"
DELIMITERS = ",，;；、\t|^~:"


@dataclass(frozen=True)
class Step:
    """One mutation and the seed of what it draws, so that leaving out another step changes nothing here."""

    name: str
    seed: int


@dataclass(frozen=True)
class Plan:
    """Everything that was drawn for one file. `damage` names what happens to the finished bytes, "" nothing."""

    number: int
    seed: int
    steps: tuple[Step, ...]
    form: str
    extension: str
    damage: str = ""


@dataclass(frozen=True)
class Mutated:
    """One mutated file.

    `rows` are the places (sheet, row number) that hold something besides blanks, `data` those among them that still
    are the rows of data that they were in the good file; None where bytes were damaged and nobody can know. `doubtful`
    are rows of a text that hold nothing but blanks and signs that can be delimiters.
    """

    plan: Plan
    name: str
    content: bytes
    rows: frozenset[tuple[str, int]] | None
    data: frozenset[tuple[str, int]] = frozenset()
    doubtful: frozenset[tuple[str, int]] = frozenset()


def plan_of(number: int) -> Plan:
    """What was drawn for file `number`: up to eight mutations, a form, and for one in four damage to its bytes."""
    draw = random.Random(f"mutated file {number}")
    names = [name for name in MUTATIONS for _ in range(1 if name in RARE else 4)]
    steps = tuple(Step(draw.choice(names), draw.getrandbits(32)) for _ in range(draw.randrange(9)))
    form = draw.choice([*("xlsx", "xlsx", "xlsm", "xls", "ods"), *forms.ENCODINGS])
    workbook = form in forms.WORKBOOKS
    right = form if workbook else draw.choice(["csv", "csv", "tsv", "txt"])
    wrong = draw.choice(["xlsx", "csv", "xls", "ods", "txt", "xlsm", "dat"])
    damage = draw.choice(forms.DAMAGES_OF_WORKBOOKS if workbook else forms.DAMAGES) if draw.random() < 0.25 else ""
    return Plan(number, draw.getrandbits(32), steps, form, right if draw.random() < 0.9 else wrong, damage)


def built(plan: Plan) -> Mutated:
    """The file of a plan, and what of it must be found again."""
    draw = random.Random(plan.seed)
    book = Book([draw.choice(TABLES)(draw)], delimiter=draw.choice(",,,\t;|"))
    for step in plan.steps:
        MUTATIONS[step.name](random.Random(step.seed), book)
    name = f"{plan.number}.{plan.extension}"
    pages = book.pages if plan.form in forms.WORKBOOKS else [replace(book.pages[0], name="")]
    content = forms.written(pages, plan.form, book.delimiter, random.Random(plan.seed + 1))
    if plan.damage:
        return Mutated(plan, name, forms.damaged(content, plan.damage, random.Random(plan.seed + 2)), None)
    rows = {
        (one.name, number): (row, "".join(forms.shown(cell, plan.form) for cell in row.cells).strip(BLANK))
        for one in pages
        for number, row in enumerate(one.rows, start=1)
    }
    doubtful = set()
    if plan.form not in forms.WORKBOOKS:
        doubtful = {place for place, (_, text) in rows.items() if not text.strip(BLANK + DELIMITERS)}
    return Mutated(
        plan,
        name,
        content,
        rows=frozenset(place for place, (_, text) in rows.items() if text) - doubtful,
        data=frozenset(place for place, (row, text) in rows.items() if text and row.data) - doubtful,
        doubtful=frozenset(doubtful),
    )


def without_step(plan: Plan, place: int) -> Plan:
    """The same plan with one mutation less."""
    return replace(plan, steps=plan.steps[:place] + plan.steps[place + 1 :])
