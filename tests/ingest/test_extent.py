"""How far a sheet reaches is found out however its XML is spelled: the limit sees what the reader would lay out."""

import struct

import pytest

from pipelines.ingest.extent import MOST_CELLS, MOST_COLUMNS, NEAR, extent, repeats_too_often
from pipelines.ingest.marks import xlsb


def sheet(rows: str) -> bytes:
    """The XML of a sheet."""
    return f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()


def test_a_sheet_up_to_column_z_is_near():
    assert extent(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="Z1"><v>1</v></c></row>')) == NEAR


def test_a_wide_sheet_reaches_to_its_last_filled_cell():
    cells = '<c r="A1"><v>1</v></c><c r="AB1"><v>1</v></c><c r="XFD1" s="1"/>'
    assert extent(sheet(f'<row r="1">{cells}</row><row r="1048576" hidden="1"/>')) == (1, 28)


@pytest.mark.parametrize(
    "place",
    [
        'r="XFD1048576"',
        "r='XFD1048576'",
        'r ="XFD1048576"',
        'r= "XFD1048576"',
        'r\n=\n"xfd1048576"',
        'x=">" r="XFD1048576"',
    ],
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_far_cell_is_seen_however_its_place_is_written(place, prefix):
    row = f'<{prefix}row r="1"><{prefix}c {place}><v>1</v></{prefix}c></{prefix}row>'
    assert extent(sheet(row)) == (1_048_576, 16_384)


@pytest.mark.parametrize("row", ["99999999999", "9" * 5000])
def test_a_row_number_that_would_wrap_around_is_far(row):
    rows, _ = extent(sheet(f'<row r="1"><c r="A{row}"><v>1</v></c></row>'))
    assert rows > MOST_CELLS


def test_cells_that_do_not_say_where_they_stand_are_counted():
    wide = f"<row>{'<c><v>1</v></c>' * (MOST_COLUMNS + 1)}</row>"
    assert extent(sheet(wide + "<row><c><v>1</v></c></row>" * 9)) == (10, MOST_COLUMNS + 1)


def test_places_in_texts_are_no_cells():
    assert extent(sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>r="XFD1048576" r =</t></is></c></row>')) == NEAR


@pytest.mark.parametrize(
    "cell",
    [
        '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="99999"/>',
        "<table:table-cell x='>' office:value='1' table:number-columns-repeated = '99999'/>",
        '<table:covered-table-cell table:number-columns-repeated="99999"><text:p>1</text:p></table:covered-table-cell>',
    ],
)
def test_a_filled_cell_of_opendocument_is_not_repeated_beyond_measure(cell):
    assert repeats_too_often(f"<table:table-row>{cell}</table:table-row>".encode())


def test_filled_rows_of_opendocument_are_not_repeated_beyond_measure():
    row = '<table:table-row table:number-rows-repeated="1048576">{}</table:table-row>'
    assert repeats_too_often(row.format('<table:table-cell office:value="1"/>').encode())
    assert not repeats_too_often(row.format('<table:table-cell table:number-columns-repeated="16384"/>').encode())


def record(kind: bytes, content: bytes = b"") -> bytes:
    """A record of an xlsb part: its kind, the size of its content, its content."""
    return kind + bytes([len(content)]) + content


def test_a_far_cell_of_an_xlsb_sheet_is_seen():
    row, cell = struct.pack("<I", 1_048_575), struct.pack("<Iid", 16_383, 0, 1.0)
    part = (
        record(b"\x81\x01") + record(b"\x91\x01") + record(b"\x00", row) + record(b"\x05", cell) + record(b"\x92\x01")
    )
    assert xlsb.extent(part) == (1_048_576, 16_384)


def test_the_texts_of_an_xlsb_workbook_are_no_cells():
    assert xlsb.extent(record(b"\x9f\x01", struct.pack("<II", 1, 1)) + record(b"\x13", b"\x00" * 9)) == (0, 0)
