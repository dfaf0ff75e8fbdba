"""What a workbook file is made of: the parts of a zip package, the one stream of an old xls.

Belongs here: unpacking, once although several questions are asked of a part, and telling damage from everything else.
Does not belong here: what stands in the parts (`extent`, `marks`), the cells (`workbooks`).
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import olefile

MOST_KEPT = 256 * 1024**2  # bytes of unpacked parts; larger workbooks have their parts unpacked anew
STREAM = "Workbook"
# What zipfile and olefile raise on damaged files: NotImplementedError is an unknown way of packing, KeyError a missing
# part, the others are offsets, lengths and names that make no sense. Encryption is asked for before.
RAISED_ON_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, LookupError, ValueError, NotImplementedError,
)  # fmt: skip
ENCRYPTED = 0x1  # flag of a part of a zip package


class DamagedPackage(Exception):
    """A file that cannot be unpacked; the text says what is wrong with it."""


@dataclass(frozen=True)
class Package:
    """A workbook at `path`, of which nothing is opened before it is asked for. All answers may raise DamagedPackage."""

    path: Path
    kept: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Name of every part of a zip package -> its unpacked size in bytes, as the package states it."""
        with damage_named(), zipfile.ZipFile(self.path) as package:
            return {entry.filename: entry.file_size for entry in package.infolist()}

    def part(self, name: str) -> bytes:
        """A part of a zip package, unpacked."""
        if name in self.kept:
            return self.kept[name]
        with damage_named(), zipfile.ZipFile(self.path) as package:
            if package.getinfo(name).flag_bits & ENCRYPTED:
                raise DamagedPackage(f"{name}: encrypted")
            content = package.read(name)
        if len(content) + sum(map(len, self.kept.values())) <= MOST_KEPT:
            self.kept[name] = content
        return content

    @cached_property
    def stream(self) -> bytes:
        """The records of an xls workbook; b"" where it has none (Excel 95 and older)."""
        with damage_named(), olefile.OleFileIO(self.path) as container:
            return container.openstream(STREAM).read() if container.exists(STREAM) else b""


@contextmanager
def damage_named() -> Iterator[None]:
    """Raise DamagedPackage for whatever the readers of packages raise. Nothing else belongs inside."""
    try:
        yield
    except RAISED_ON_DAMAGE as error:
        raise DamagedPackage(str(error)) from error
