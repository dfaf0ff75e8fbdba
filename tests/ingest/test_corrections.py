"""Rows that come back corrected, and rows that restate earlier ones: which one stands, where the others are kept."""

from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.corrections import Row, settle
from reports.workbook_marks import row_mark

HEADER = "学校,专业,毕业年份,毕业生数,单位就业,对口就业"
GOOD = "5001,710201,2023,50,30,20"
WRONG = "5001,660301,2023,若干,30,20"
RIGHT = "5001,660301,2023,40,30,20"
ACCOUNT = (
    "select file, landed, accepted, quarantined, superseded, non_data from landed.account where contract = 'outcome'"
)
HISTORY = "select file, row_number, how, by_file, by_row_number from landed.superseded order by all"


def sheet(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def copy_of(original: str, *rows: str | None) -> str:
    """The original's rows as they come back, each signed; None for a row that is no longer there."""
    digest = sha256(original.encode()).hexdigest()
    lines = [(number, row) for number, row in enumerate([HEADER, *rows], start=1) if row is not None]
    return "\n".join(f"{row},{row_mark(digest, 0, number)}" for number, row in lines) + "\n"


ORIGINAL = sheet(GOOD, WRONG)


def test_a_corrected_row_replaces_exactly_the_row_it_corrects(ingested, ask) -> None:
    connection = ingested({"b原.csv": ORIGINAL, "a更正.csv": copy_of(ORIGINAL, GOOD, RIGHT)})
    assert ask(connection, "select file, row_number, graduates from accepted.outcome order by all") == [
        ("a更正.csv", 3, 40),
        ("b原.csv", 2, 50),
    ]
    assert ask(connection, HISTORY) == [
        ("a更正.csv", 2, "unchanged", "b原.csv", 2),
        ("b原.csv", 3, "corrected", "a更正.csv", 3),
    ]
    assert ask(connection, ACCOUNT) == [("a更正.csv", 3, 1, 0, 1, 1), ("b原.csv", 3, 1, 0, 1, 1)]
    assert ask(connection, "select count(*) from quarantine.finding where severity = 'refuse'") == [(0,)]


def test_the_row_that_was_replaced_is_kept_as_it_stood(ingested, ask) -> None:
    connection = ingested({"原.csv": ORIGINAL, "更正.csv": copy_of(ORIGINAL, GOOD, RIGHT)})
    kept = ask(connection, "select cells->>'graduates' from landed.superseded where how = 'corrected'")
    assert kept == [("若干",)]


def test_a_row_left_as_it_was_is_refused_again_where_it_came_back(ingested, ask, messages) -> None:
    connection = ingested({"原.csv": ORIGINAL, "更正.csv": copy_of(ORIGINAL, GOOD, WRONG)})
    (message,) = messages(connection, "not_a_number")
    assert message.startswith("更正.csv D3：")
    assert ask(connection, "select file, row_number from quarantine.row") == [("更正.csv", 3)]
    assert ("原.csv", 3, "unchanged", "更正.csv", 3) in ask(connection, HISTORY)


def test_an_accepted_row_may_be_corrected_too(ingested, ask) -> None:
    connection = ingested({"原.csv": ORIGINAL, "更正.csv": copy_of(ORIGINAL, GOOD.replace(",50,", ",51,"), RIGHT)})
    assert ask(connection, "select distinct file from accepted.outcome") == [("更正.csv",)]


def test_a_wrong_correction_does_not_take_an_accepted_row_away(ingested, ask) -> None:
    connection = ingested({"原.csv": ORIGINAL, "更正.csv": copy_of(ORIGINAL, GOOD.replace(",50,", ",五十一,"), RIGHT)})
    assert ask(connection, "select file, graduates from accepted.outcome order by all") == [
        ("原.csv", 50),
        ("更正.csv", 40),
    ]
    assert ask(connection, "select file, row_number from quarantine.row") == [("更正.csv", 2)]


def test_the_key_itself_may_be_corrected(ingested, ask) -> None:
    original = sheet("谁,710201,2023,50,30,20")
    connection = ingested({"原.csv": original, "更正.csv": copy_of(original, "5002,740201,2023,50,30,20")})
    assert ask(connection, "select school_id, program_code from accepted.outcome") == [("5002", "740201")]
    assert ask(connection, "select count(*) from quarantine.row") == [(0,)]


def test_different_corrections_of_one_row_are_refused_and_the_order_of_files_decides_nothing(
    ingested, ask, messages
) -> None:
    files = {
        "原.csv": ORIGINAL,
        "更正1.csv": copy_of(ORIGINAL, GOOD, RIGHT),
        "更正2.csv": copy_of(ORIGINAL, GOOD, RIGHT.replace("40", "41")),
    }
    connection = ingested(files)
    assert len(messages(connection, "disputed_correction")) == 2
    assert ask(connection, "select graduates from accepted.outcome") == [(50,)]


def test_the_same_correction_twice_counts_once(ingested, ask) -> None:
    files = {
        "原.csv": ORIGINAL,
        "更正1.csv": copy_of(ORIGINAL, GOOD, RIGHT),
        "更正2.csv": copy_of(ORIGINAL, GOOD, RIGHT.replace("40", "４０")),
    }
    connection = ingested(files)
    assert ask(connection, "select graduates from accepted.outcome order by 1") == [(40,), (50,)]
    assert ask(connection, "select distinct rule from quarantine.finding where severity = 'refuse'") == [
        ("duplicate_row",)
    ]


def test_one_copy_corrects_what_another_left_as_it_was(ingested, ask) -> None:
    files = {
        "原.csv": ORIGINAL,
        "更正1.csv": copy_of(ORIGINAL, GOOD, WRONG),
        "更正2.csv": copy_of(ORIGINAL, GOOD, RIGHT),
    }
    connection = ingested(files)
    assert ask(connection, "select count(*) from quarantine.row") == [(0,)]
    assert ask(connection, "select graduates from accepted.outcome order by 1") == [(40,), (50,)]


def test_a_correction_may_be_corrected_again(ingested, ask) -> None:
    first = copy_of(ORIGINAL, GOOD, WRONG.replace("若干", "四十"))
    connection = ingested({"c原.csv": ORIGINAL, "b更正.csv": first, "a再更正.csv": copy_of(first, GOOD, RIGHT)})
    assert ask(connection, "select file, graduates from accepted.outcome order by 2") == [
        ("a再更正.csv", 40),
        ("c原.csv", 50),
    ]
    assert ask(connection, "select count(*) from quarantine.row") == [(0,)]
    assert all(landed == sum(parts) for _, landed, *parts in ask(connection, ACCOUNT))


def test_a_correction_of_a_copy_left_as_it_was_reaches_the_row_that_stands(ingested, ask) -> None:
    first = copy_of(ORIGINAL, GOOD, WRONG)
    second = copy_of(first, GOOD.replace(",50,", ",52,"), RIGHT)
    connection = ingested({"原.csv": ORIGINAL, "更正.csv": first, "再更正.csv": second})
    assert ask(connection, "select file, graduates from accepted.outcome order by 2") == [
        ("再更正.csv", 40),
        ("再更正.csv", 52),
    ]


def test_of_two_rows_that_contradict_each_other_one_may_be_corrected(ingested, ask) -> None:
    original = sheet(GOOD, GOOD.replace(",50,", ",60,"))
    again = copy_of(original, GOOD, "5001,660301,2023,60,30,20")
    connection = ingested({"原.csv": original, "更正.csv": again})
    assert ask(connection, "select program_code, graduates from accepted.outcome order by 2") == [
        ("710201", 50),
        ("660301", 60),
    ]
    assert ask(connection, "select count(*) from quarantine.row") == [(0,)]


def test_a_table_without_header_is_replaced_by_its_corrected_copy(ingested, ask) -> None:
    original = f"谁,何物,何时,多少,几个,几多\n{GOOD}\n"
    digest = sha256(original.encode()).hexdigest()
    again = f"{HEADER},{row_mark(digest, 0, 1)}\n{GOOD},{row_mark(digest, 0, 2)}\n"
    connection = ingested({"原.csv": original, "更正.csv": again})
    assert ask(connection, "select file from accepted.outcome") == [("更正.csv",)]
    assert ask(connection, "select count(*) from quarantine.row") == [(0,)]
    assert ask(connection, "select count(*) from quarantine.finding where severity = 'refuse'") == [(0,)]
    assert all(
        landed == accepted + quarantined + superseded + non_data
        for landed, accepted, quarantined, superseded, non_data in ask(
            connection, "select landed, accepted, quarantined, superseded, non_data from landed.account"
        )
    )


def test_signs_of_a_file_that_is_not_there_say_nothing(ingested, ask) -> None:
    connection = ingested({"更正.csv": copy_of("another file", GOOD, RIGHT)})
    assert ask(connection, "select count(*) from accepted.outcome") == [(2,)]
    assert ask(connection, "select count(*) from landed.superseded") == [(0,)]


def test_accepting_again_settles_again(ingested, ask) -> None:
    from pipelines import ingest
    from pipelines.contracts import contracts

    connection = ingested({"原.csv": ORIGINAL, "更正.csv": copy_of(ORIGINAL, GOOD, RIGHT)})
    tables = ("accepted.outcome", "quarantine.row", "landed.superseded")
    before = [ask(connection, f"from {table} order by all") for table in tables]
    ingest.accept(connection, contracts()["outcome"])
    assert [ask(connection, f"from {table} order by all") for table in tables] == before


def test_a_total_covers_rows_that_were_replaced_and_rows_that_came_back_unchanged(ingested, ask) -> None:
    original = sheet(GOOD, RIGHT, "合计,,,90,60,40")
    again = copy_of(original, GOOD, RIGHT.removesuffix("20") + "25", "合计,,,90,60,45")
    connection = ingested({"原.csv": original, "更正.csv": again})
    assert ask(connection, "select matched from accepted.outcome order by 1") == [(20,), (25,)]
    assert ask(connection, "select matched from superseded.outcome order by 1") == [(20,), (20,)]
    assert ask(connection, "select rule from quarantine.finding") == []


def restated(*lines: str) -> dict[str, str]:
    return {
        f"{number}.csv": f"学校,专业,毕业年份,毕业生数,单位就业,更正日期\n{line}\n" for number, line in enumerate(lines)
    }


def test_a_dated_restatement_takes_the_place_of_the_row_whatever_the_order_of_files(ingested_anew, ask) -> None:
    lines = ["5001,710201,2023,50,30,", "5001,710201,2023,50,35,2025-03-01", "5001,710201,2023,50,40,2025-02-01"]
    for order in (lines, lines[::-1], lines[1:] + lines[:1]):
        connection = ingested_anew(restated(*order))
        assert ask(connection, "select employed from accepted.outcome") == [(35,)]
        assert ask(connection, "select how, count(*) from landed.superseded group by all") == [("restated", 2)]
        assert ask(connection, "select count(*) from quarantine.row") == [(0,)]


def test_without_a_date_rows_of_one_key_contradict_each_other(ingested, ask, messages) -> None:
    connection = ingested(restated("5001,710201,2023,50,30,", "5001,710201,2023,50,35,"))
    assert len(messages(connection, "conflicting_rows")) == 2
    assert ask(connection, "select count(*) from accepted.outcome") == [(0,)]


def test_two_restatements_of_one_day_settle_nothing(ingested, messages) -> None:
    days = ["5001,710201,2023,50,30,", "5001,710201,2023,50,35,2025-03-01", "5001,710201,2023,50,36,2025-03-01"]
    assert len(messages(ingested(restated(*days)), "conflicting_rows")) == 3


def test_a_restatement_that_is_refused_restates_nothing(ingested, ask) -> None:
    connection = ingested(restated("5001,710201,2023,50,30,", "5001,710201,2023,50,99,2025-03-01"))
    assert ask(connection, "select employed from accepted.outcome") == [(30,)]


copies = st.lists(
    st.builds(
        lambda ordinal, refused, content: Row(ordinal, f"c{ordinal}", refused, content, content, "o"),
        st.integers(1, 1000), st.booleans(), st.integers(0, 3),
    ),
    min_size=1, max_size=6, unique_by=lambda row: row.ordinal,
)  # fmt: skip


@settings(max_examples=300)
@given(st.booleans(), st.booleans(), copies)
def test_of_a_row_and_its_copies_something_always_stands_and_nothing_twice(by_cell, by_other_row, copies) -> None:
    original = Row(0, "o", by_cell, 0, 0)
    copies = [  # what says the same as the original is refused for the same cells
        Row(c.ordinal, c.row_id, by_cell if c.texts == 0 else c.refused, c.texts, c.values, "o") for c in copies
    ]
    settled = settle(original, by_cell or by_other_row, copies)
    gone = [row for row, _, _ in settled.superseded]
    assert len(gone) == len(set(gone))
    standing = [row for row in (original, *copies) if row not in gone]
    assert standing
    assert all(heir in standing for _, _, heir in settled.superseded)
    assert not set(settled.disputed) & set(gone)
    taken = [row for row in standing if row not in settled.disputed and not row.refused]
    assert len({row.values for row in taken}) <= 1, "two versions of one row are never accepted together"
