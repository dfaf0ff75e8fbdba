"""Names from files never lead out of the folder they are meant for."""

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.file_names import file_name

HOSTILE = [
    "../../etc/x", "..\\..\\x", "CON", "nul.txt", "a\tb\r\nc", "<script>", "x" * 300, "学校" * 100, "\u202egpj.exe",
    "a\0b", "\ud800x", "", "..", " . ", "/", "C:\\x", "a:b", '"*?|', "-rf", "=1+1",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_becomes_one_plain_name(text: str, tmp_path: Path) -> None:
    name = file_name(text)
    assert name
    file = tmp_path / f"{name}.xlsx"
    file.write_bytes(b"x")
    assert file.resolve().parent == tmp_path.resolve()
    assert not PureWindowsPath(name).is_reserved()
    assert not set(name) & set('/\\:*?"<>|\t\r\n\0\u202e')


def test_an_ordinary_name_stays_as_it_is() -> None:
    assert file_name("云枫职教中心（虚构）_毕业生") == "云枫职教中心（虚构）_毕业生"


@given(st.text(max_size=200), st.text(max_size=200))
def test_different_names_stay_different_and_short(one: str, other: str) -> None:
    assert len(file_name(one).encode()) <= 130
    if one != other:
        assert file_name(one) != file_name(other)
