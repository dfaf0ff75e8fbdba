"""Text from files is text in every kind of output, and steers nothing that shows it."""

import csv
import io
import json
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.assets.table_metadata import markdown_table
from pipelines.terminal import Terminal
from reports.spreadsheet_text import plain_table, plain_text
from reports.visible_text import visible
from reports.web_page import embedded, embedded_figures, template

HOSTILE = [
    "\x1b[31m红", "\x1b]0;标题\x07", "\x9b2J", "\u202etxt.exe", "\u2066x", "甲\0乙", "\ud800", "a\rb", "[bold]x[/]",
    "[/red]", ":smile:", "=1+1", "<script>alert(1)</script>", "![x](http://a.example/x.png)", "www.a.example",
    "a|b", "`code`", "a@b.example", "<a href='http://a.example'>x</a>", "&lt;b&gt;", "</script>", "{{7*7}}",
]  # fmt: skip
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ud800-\udfff]")


@given(st.text(alphabet=st.characters(), max_size=50))
def test_nothing_visible_steers_and_ordinary_signs_stay(text: str) -> None:
    shown = visible(text)
    assert not STEERS.search(shown)
    shown.encode()
    kept = STEERS.sub("", text)
    assert visible(shown) == shown
    assert len(shown) >= len(re.sub("[\u2028\u2029]", "", kept))


@pytest.mark.parametrize("text", HOSTILE)
def test_the_terminal_shows_a_text_as_it_is_written(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().say(text)
    assert capsys.readouterr().out == visible(text) + "\n"


def test_a_table_on_the_terminal_takes_no_markup_and_keeps_its_borders(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.table import Table

    table = Table("name", title="\x1b[2J")
    for text in HOSTILE:
        table.add_row(text)
    Terminal().print(table)
    printed = capsys.readouterr().out
    assert not STEERS.search(printed)
    assert "[bold]x[/]" in printed
    assert ":smile:" in printed


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋a", "－a", "＠a"]
)
def test_a_text_that_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert plain_text(text) == f"'{visible(text)}"
    table = plain_table(pd.DataFrame({text: [text, "甲"], "n": [-1.5, 2]}))
    written = list(csv.reader(io.StringIO(table.to_csv(index=False))))
    assert written[0][0] == written[1][0] == f"'{visible(text)}"
    assert written[1][1] == "-1.5"


@pytest.mark.parametrize("text", ["-0.25", "+5", "-3.2%", "甲=乙", ""])
def test_numbers_and_other_texts_stay_as_they_are_in_csv(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_charts_hold_no_tag_and_no_end_of_their_script(text: str) -> None:
    chart = {
        "data": [{"x": [text], "name": text, "hovertemplate": "%{x}<br>%{y}"}],
        "layout": {"title": {"text": text}},
    }
    page = str(embedded_figures({"one": chart}))
    assert "<" not in page
    figure = json.loads(page)["one"]
    assert figure["data"][0]["hovertemplate"] == "%{x}<br>%{y}"
    for shown in (figure["data"][0]["x"][0], figure["data"][0]["name"], figure["layout"]["title"]["text"]):
        assert "<" not in shown
        assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == visible(text)


def test_data_in_a_page_cannot_end_their_element() -> None:
    assert json.loads(str(embedded(["</script><script>"]))) == ["</script><script>"]
    assert "<" not in str(embedded(["</script><script>"]))


@pytest.mark.parametrize("text", HOSTILE)
def test_templates_escape_every_value_and_compute_none(text: str) -> None:
    page = template("data_quality.html").environment.from_string('<p title="{{ t }}">{{ t }}</p>').render(t=text)
    assert not STEERS.search(page)
    assert page.count("<") == 2
    if "{{" in text:
        assert text in page


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_finds_nothing_in_a_cell(text: str) -> None:
    *_, line = markdown_table(["name"], [(text,)]).md_str.split("\n")
    assert re.fullmatch(r"\| (?:[^!-/:-@\[-`{-~]|\\[!-/:-@\[-`{-~])* \|", line), line
    unescaped = re.sub(r"\\(.)", r"\1", line)
    assert not re.search(r"https?://|www\.|[-.\w+]@", unescaped)
