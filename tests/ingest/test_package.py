"""The parts of a package: what cannot be unpacked is named, whatever is wrong with it."""

import io
import zipfile
from pathlib import Path

import pytest

from pipelines.ingest.package import DamagedPackage, Package

PART = "xl/workbook.xml"


def package(path: Path, change: tuple[int, int] | None = None) -> Package:
    """A package of one part; `change` sets a byte, counted from the record of the part in the directory at its end."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(PART, "<workbook/>")
    content = bytearray(stream.getvalue())
    if change:
        content[content.index(b"PK\x01\x02") + change[0]] = change[1]
    path.write_bytes(content)
    return Package(path)


def test_a_part_is_unpacked(tmp_path: Path) -> None:
    assert package(tmp_path / "a.xlsx").part(PART) == b"<workbook/>"


@pytest.mark.parametrize(
    ("change", "said"), [((8, 0x1), "encrypted"), ((10, 99), "compression"), ((16, 0), "CRC")],
    ids=["encrypted", "unknown packing", "wrong checksum"],
)  # fmt: skip
def test_a_part_that_cannot_be_unpacked_is_named(tmp_path: Path, change: tuple[int, int], said: str) -> None:
    with pytest.raises(DamagedPackage, match=said):
        package(tmp_path / "a.xlsx", change).part(PART)


def test_a_part_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedPackage, match=r"no\.xml"):
        package(tmp_path / "a.xlsx").part("no.xml")
