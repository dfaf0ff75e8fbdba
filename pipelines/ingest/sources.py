"""Which files there are and what each one is, by its content and not by its name.

Belongs here: listing the input folder, digests, the kind of a file, limits on what is opened.
Does not belong here: reading rows (`text_files`, `workbooks`) and finding tables in them (`tables`).
"""

import os
import re
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from hashlib import file_digest
from importlib.resources import files
from pathlib import Path

from pipelines.contracts import Bilingual
from pipelines.ingest.package import DamagedPackage, Package
from pipelines.ingest.personal import masked, public_name
from pipelines.problems import Problem

WORKBOOKS = {"xlsx", "xlsm", "xlsb", "xls", "ods"}
TEXTS = {"csv", "tsv"}
MAX_FILE_BYTES = 8 * 1024**3  # fifteen times the largest table of a province; such a file is sent by mistake
MAX_UNPACKED_BYTES = 4 * 1024**3  # a workbook that unpacks to more is refused: it does not fit in memory
MAX_UNPACK_RATIO = 400  # real workbooks unpack to 5 to 30 times their size
SMALL_PACKAGE = 64 * 1024**2  # below this the ratio says nothing
NOT_DATA = (".*", "~$*", "*.md", "*.tmp", "*.part", "*.yaml", "*.yml", "Thumbs.db", "desktop.ini")
PROFILE_SUFFIXES = {".yaml", ".yml"}
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
KNOWN_MAGIC = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
    b"PAR1": "Parquet",
    b"\x7fELF": "ELF",
    b"MZ": "exe",
    b"SQLite format 3": "SQLite",
}
PACKAGES = {
    "xl/workbook.xml": ("xlsx", ""),
    "xl/workbook.bin": ("xlsb", ""),
    "word/document.xml": ("unreadable", "Word"),
    "ppt/presentation.xml": ("unreadable", "PowerPoint"),
}
SAMPLE_BYTES = 65536
TEXT_CONTROLS = (1, 9, 10, 11, 12, 13, 26, 27, 31)  # delimiters of cells and lines, and what old systems leave behind
USUAL = re.compile(r"[\t\r\n -~\u2000-\u206f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")  # in Chinese or English
USUAL_SHARE = 0.95
MANY_ZEROS, ALTERNATING_SHARE = 16, 0.8  # strays keep to no order; 一 is a zero byte in the other places
LEAST_ZEROS = 0.005  # one western sign among a hundred; a stray zero byte is less


@dataclass(frozen=True)
class Source:
    """One file: where it is, what it is called in every message, and what its content says it is.

    `kind` is one of xlsx, xlsm, xlsb, xls, ods, csv (any delimited text), empty, ignored or unreadable; `problem` says
    why a file is not read, and is None when it is.
    """

    path: Path
    file: str
    digest: str
    bytes: int
    kind: str
    problem: Bilingual | None = None
    name_differs: bool = False  # the extension claims another kind


def inventory(input_dir: Path, profiles: Path | None = None) -> list[Source]:
    """All files below `input_dir`, then the data files of the `profiles` folder, each once, in the order of names.

    Nothing is opened as a table. Raises Problem when a folder does not exist.
    """
    if not input_dir.is_dir():
        raise Problem(
            f"找不到输入文件夹 {input_dir}。请写出正确的文件夹。",
            f"There is no input folder {input_dir}. Name the right one.",
        )
    if profiles is not None and not profiles.is_dir():
        raise Problem(
            f"找不到数据源配置文件夹 {profiles}。请写出正确的文件夹。",
            f"There is no profile folder {profiles}. Name the right one.",
        )
    folders = [(input_dir, "")] + ([(profiles, "profiles/")] if profiles else [])
    found: dict[str, Source] = {}
    for folder, prefix in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not (folder is profiles and path.suffix in PROFILE_SUFFIXES):
                source = source_of(path, prefix + readable(path.relative_to(folder).as_posix()))
                if source.file in found:  # differed in what is not readable, or personal
                    source = replace(source, file=f"{source.file}~{len(found)}")
                found[source.file] = source
    return list(found.values())


def readable(name: str) -> str:
    """A file's name as text: one that is not UTF-8, as old Windows archives leave behind, is read as GB18030."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", errors="replace")
    return name


def packaged_reference(table: str) -> Source | None:
    """The reference file that comes with the project for `table`, used unless the input supplies that table."""
    names = {"industry_class": "gbt4754_2017.csv"}
    if table not in names:
        return None
    path = Path(str(files("pipelines") / "reference" / names[table]))
    return source_of(path, f"reference/{names[table]}") if path.is_file() else None


def source_of(path: Path, file: str) -> Source:
    """What one file is; `file` is the name that messages use, but for personal data in it."""
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        head = stream.read(SAMPLE_BYTES)
    size = path.stat().st_size
    file = public_name(file, digest[:6])
    if any(fnmatch(path.name, pattern) for pattern in NOT_DATA):
        return Source(path, file, digest, size, "ignored", NOT_A_TABLE)
    kind, problem = kind_of(path, head)
    return Source(path, file, digest, size, kind, problem, name_differs(path, kind))


NOT_A_TABLE = Bilingual(zh="不是数据文件，未读取。", en="Not a data file; not read.")
EMPTY = Bilingual(
    zh="文件是空的。请重新导出后再放入。",
    en="The file is empty. Export it again and put it back.",
)


PROTECTED = Bilingual(
    zh="文件有打开密码，读不了。请去掉密码后再放入。",
    en="The file is protected by a password and cannot be read. Remove the password and put it back.",
)
BINARY = Bilingual(
    zh="内容不是表格也不是文字（二进制数据）。请确认文件，另存为 xlsx 或 csv 后再放入。",
    en="The content is neither a table nor text (binary data). Check the file and save it as xlsx or csv.",
)


def kind_of(path: Path, head: bytes) -> tuple[str, Bilingual | None]:
    """The kind that a file's content shows, and why it cannot be read (None when it can)."""
    if not head:
        return "empty", EMPTY
    if (size := path.stat().st_size) > MAX_FILE_BYTES:
        return "unreadable", too_large(size)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return kind_of_package(path)
    if head.startswith(OLE_MAGIC):
        return "xls", None
    problem = next((foreign(name) for magic, name in KNOWN_MAGIC.items() if head.startswith(magic)), None)
    if problem is None and looks_binary(head):
        problem = BINARY
    if problem is None and head.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        problem = foreign("HTML/XML")
    return ("unreadable", problem) if problem else ("csv", None)


def foreign(name: str) -> Bilingual:
    """Message for a file of a known kind that is not a table."""
    return Bilingual(
        zh=f"这是 {name} 文件，不是表格。请另存为 xlsx 或 csv 后再放入。",
        en=f"This is a {name} file, not a table. Save it as xlsx or csv and put it back.",
    )


def kind_of_package(path: Path) -> tuple[str, Bilingual | None]:
    """The kind of a zip package: xlsx, xlsm, xlsb, ods, or unreadable with the reason."""
    package = Package(path)
    try:
        unpacked = sum(package.sizes.values())
        if unpacked > MAX_UNPACKED_BYTES or (
            unpacked > SMALL_PACKAGE and unpacked > MAX_UNPACK_RATIO * path.stat().st_size
        ):
            return "unreadable", too_large_unpacked(unpacked)
        names = package.sizes.keys()
        mimetype = package.part("mimetype") if "mimetype" in names else b""
    except DamagedPackage as error:
        return "unreadable", corrupted(str(error))
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods", None
    if "xl/workbook.xml" in names and "xl/vbaProject.bin" in names:
        return "xlsm", None
    for part, (kind, name) in PACKAGES.items():
        if part in names:
            return kind, foreign(name) if name else None
    return "unreadable", foreign("zip")


def too_large(size: int) -> Bilingual:
    """Message for a file that is not read because of its size."""
    found, most = f"{size / 1024**2:,.0f} MB", f"{MAX_FILE_BYTES / 1024**2:,.0f} MB"
    return Bilingual(
        zh=f"文件有 {found}，超过限度（{most}），未读取。请拆分成较小的文件后再放入。",
        en=f"The file has {found}, over the limit ({most}), and was not read. Split it and put it back.",
    )


def too_large_unpacked(size: int) -> Bilingual:
    """Message for a package that is not opened because of what would come out of it."""
    most = MAX_UNPACKED_BYTES / 1024**2
    return Bilingual(
        zh=f"解压后有 {size / 1024**2:,.0f} MB，超过限度（{most:,.0f} MB，或文件大小的 {MAX_UNPACK_RATIO} 倍），"
        "未打开。请拆分成较小的文件后再放入。",
        en=f"It would unpack to {size / 1024**2:,.0f} MB, over the limit ({most:,.0f} MB, or {MAX_UNPACK_RATIO} times"
        " the size of the file), and was not opened. Split the file and put it back.",
    )


def corrupted(detail: str) -> Bilingual:
    """Message for a workbook that does not open."""
    return Bilingual(
        zh=f"文件已损坏，打不开（{masked(detail)}）。请在 Excel 中重新保存后再放入。",
        en=f"The file is damaged and does not open ({masked(detail)}). Save it again in Excel and put it back.",
    )


def utf16_without_mark(data: bytes) -> str | None:
    """utf-16-le or utf-16-be when bytes without byte order mark read like text in it, else None.

    The zero bytes of its figures, line ends and delimiters, which no other encoding has, tell it apart.
    """
    if data.count(0) < len(data) * LEAST_ZEROS and not zeros_alternate(data):
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data[: len(data) // 2 * 2].decode(encoding, errors="replace")
        if len(USUAL.findall(text)) > USUAL_SHARE * len(text):
            return encoding
    return None


def zeros_alternate(data: bytes) -> bool:
    """Whether zero bytes, however few, stand in every second place, as beside western signs in Chinese text."""
    odd, zeros = data[1::2].count(0), data.count(0)
    return zeros >= MANY_ZEROS and max(odd, zeros - odd) > ALTERNATING_SHARE * zeros


def looks_binary(head: bytes) -> bool:
    """Whether bytes are not text in any of the encodings that are read: many control characters, not UTF-16."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or utf16_without_mark(head):
        return False
    controls = sum(1 for byte in head if byte < 32 and byte not in TEXT_CONTROLS)
    if head.count(0) > len(head) // 5:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        return not (max(even, odd) > 0.4 * len(head) / 2 and min(even, odd) < 0.05 * len(head) / 2)
    return controls > len(head) // 50 + 2


def name_differs(path: Path, kind: str) -> bool:
    """Whether the file's extension claims a kind that its content is not."""
    claimed = path.suffix.lower().lstrip(".")
    if claimed in {"txt", "tab", "dat", ""}:
        claimed = "csv"
    same = {"tsv": "csv", "xlsm": "xlsx", "xltx": "xlsx", "et": "xls"}
    return kind in WORKBOOKS | TEXTS and same.get(claimed, claimed) != same.get(kind, kind)
