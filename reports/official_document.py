"""Word documents in the layout of GB/T 9704-2012 (党政机关公文格式).

Belongs here: paper, text block, fonts, headings, tables, page numbers. Does not belong here: what a document says.

A4; text block 156 mm × 225 mm with 37 mm above and 28 mm on the left (5.2); 22 lines of 28 characters a page in 3号
仿宋, title 2号小标宋 (5.2.2, 7.3.1); page number 4号半角宋体 between dashes, on the outer side of the page (7.5).
Number, seal and signature are left blank for the authority. Each font names free ones that may stand for it.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from reports.wording import texts

PAGE, MARGINS = (Mm(210), Mm(297)), {"top": Mm(37), "bottom": Mm(35), "left": Mm(28), "right": Mm(26)}
LINES, CHARACTERS = 22, 28
LINE_PITCH = Pt(28.95)  # 225 mm / 22 lines
CONDENSED = -5  # twentieths of a point: 156 mm / 28 characters is 15.79 pt, 3号 is 16 pt
TITLE, BODY, PAGE_NUMBER, TABLE = Pt(22), Pt(16), Pt(14), Pt(10.5)
RED = RGBColor(0xC0, 0x00, 0x00)
FONTS = {
    "仿宋_GB2312": "仿宋;FangSong;FZFangSong-Z02;Noto Serif CJK SC",
    "方正小标宋简体": "方正小标宋_GBK;小标宋体;STZhongsong;Noto Serif CJK SC",
    "黑体": "SimHei;Source Han Sans SC;Noto Sans CJK SC",
    "楷体_GB2312": "楷体;KaiTi;LXGW WenKai;Noto Serif CJK SC",
    "宋体": "SimSun;Source Han Serif SC;Noto Serif CJK SC",
}
FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI = FONTS
LATIN = "Times New Roman"
TWIP = 635  # English metric units
SHORT = 12  # characters; a cell of fewer is centred
HYPERLINK = RGBColor(0x1F, 0x4E, 0x9E)
TABLE_PROPERTIES = (
    '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr>"
)
FONT_TABLE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"
# Characters that XML 1.0 cannot carry: they come from files and say nothing.
UNWRITABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF))


@dataclass(frozen=True)
class Reference:
    """A raised number in the text that leads to a bookmark."""

    number: int
    bookmark: str

    def xml(self) -> str:
        """The link with its number in brackets."""
        return (
            f'<w:hyperlink {nsdecls("w")} w:anchor="{self.bookmark}" w:history="1"><w:r><w:rPr>'
            f'<w:color w:val="{HYPERLINK}"/><w:vertAlign w:val="superscript"/></w:rPr>'
            f"<w:t>[{self.number}]</w:t></w:r></w:hyperlink>"
        )


class OfficialDocument:
    """One document, written from top to bottom. `lang` is "zh" or "en"; a draft is marked 征求意见稿."""

    def __init__(self, lang: str, *, draft: bool) -> None:
        self.lang, self.draft = lang, draft
        self.document = Document()
        self.width: int = PAGE[0] - MARGINS["left"] - MARGINS["right"]
        set_page(self.document.sections[0])
        set_styles(self.document)
        set_fonts(self.document)
        self.document.settings.odd_and_even_pages_header_footer = True
        number_pages(self.document.sections[0].footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
        number_pages(self.document.sections[0].even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)

    def letterhead(self, authority: str) -> None:
        """Issuer in red above a red line (版头); the document number is left blank."""
        if self.draft:
            self.write(texts(self.lang)["notice"]["draft"], font=HEITI, indent=False)
        issuer = self.write(authority, font=XIAOBIAOSONG, size=TITLE, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False)
        issuer.runs[0].font.color.rgb = RED
        number = self.write(
            texts(self.lang)["notice"]["number"], align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, font=FANGSONG
        )
        number._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="12" w:space="4" w:color="C00000"/></w:pBdr>'
            )
        )

    def title(self, text: str) -> None:
        """The title, 2号小标宋, centred, with an empty line before and after; a draft says so beneath."""
        self.write("", indent=False)
        title = self.write(text, font=XIAOBIAOSONG, size=TITLE, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False)
        title.style = self.document.styles["Title"]
        if self.draft:
            mark = texts(self.lang)["notice"]["draft_in_brackets"]
            self.write(mark, font=KAITI, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False)
        self.write("", indent=False)

    def recipient(self, text: str) -> None:
        """To whom (主送机关), at the left edge."""
        self.write(text, indent=False)

    def heading(self, text: str, level: int = 1) -> None:
        """A heading: level 1 in 黑体, level 2 in 楷体."""
        paragraph = self.write(text, font=HEITI if level == 1 else KAITI)
        paragraph.style = self.document.styles[f"Heading {level}"]
        paragraph.paragraph_format.keep_with_next = True

    def paragraph(self, text: str) -> None:
        """A paragraph of the text, two characters in."""
        self.write(text)

    def run(self, parts: Sequence[str | Reference]) -> None:
        """A paragraph of texts, and of raised numbers that lead to a place in the document."""
        paragraph = self.write("")
        for part in parts:
            if isinstance(part, Reference):
                paragraph._p.append(parse_xml(part.xml()))
            else:
                paragraph.add_run(writable(part))

    def turn(self, *, landscape: bool) -> None:
        """Go on with a new page across or upright; nothing where it is so already."""
        if (self.document.sections[-1].orientation == WD_ORIENT.LANDSCAPE) == landscape:
            return
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        set_page(section, landscape=landscape)
        self.width = section.page_width - section.left_margin - section.right_margin

    def mark_pages(self, text: str) -> None:
        """A mark at the head of every page, in 楷体 on the right."""
        section = self.document.sections[0]
        for header in (section.header, section.even_page_header):
            paragraph = header.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = paragraph.add_run(writable(text))
            run.font.size = PAGE_NUMBER
            set_font(run._r.get_or_add_rPr(), KAITI)

    def chart_place(self) -> Paragraph:
        """An empty paragraph, as high as what is put into it, that stays with its caption."""
        paragraph = self.write("", indent=False, align=WD_ALIGN_PARAGRAPH.CENTER)
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def caption(self, text: str, *, keep: bool = True) -> None:
        """What the table beneath shows; with `keep` false, the chart above."""
        self.write(text, font=HEITI, size=Pt(12), align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, keep=keep)

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[object]],
        widths: Sequence[float] | None = None,
        size: Pt = TABLE,
        bookmarks: Sequence[str] = (),
    ) -> None:
        """A ruled table; its header is repeated on every page and no row is cut.

        `widths` are shares of the width; `bookmarks` name the rows that references lead to.
        """
        shares = widths or [1.0] * len(heads)
        lengths = [round(self.width / TWIP * share / sum(shares)) for share in shares]
        grid = "".join(f'<w:gridCol w:w="{length}"/>' for length in lengths)
        lines = row_xml(heads, lengths, head=True, size=size)
        for number, row in enumerate(rows):
            name = bookmarks[number] if bookmarks else ""
            lines += row_xml(row, lengths, head=False, size=size, bookmark=name)
        # One piece of XML: adding cell by cell takes a hundred times as long.
        table = parse_xml(f"<w:tbl {nsdecls('w')}>{TABLE_PROPERTIES}<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>")
        self.document.element.body.insert_element_before(table, "w:sectPr")
        self.write("", size=TABLE, indent=False)

    def signature(self, authority: str, date: str) -> None:
        """Issuer and date on the right (发文机关署名、成文日期); the seal is left to the authority.

        They stand on no page without text (7.3.5.4): the last paragraph goes with them.
        """
        last = self.document.paragraphs[-1].paragraph_format
        last.keep_with_next = last.keep_together = True
        for text, characters in ((authority, 4), (date, 4)):
            paragraph = self.write(text, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False, keep=text == authority)
            paragraph.paragraph_format.right_indent = BODY * characters

    def break_page(self) -> None:
        """Go on with a new page."""
        self.document.add_page_break()

    def write(
        self,
        text: str,
        *,
        font: str | None = None,
        size: Pt | None = None,
        align: WD_ALIGN_PARAGRAPH | None = None,
        indent: bool = True,
        keep: bool = False,
    ) -> Paragraph:
        """One paragraph; without a font it has that of the text."""
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(writable(text))
        if font:
            set_font(run._r.get_or_add_rPr(), font)
        if size:
            run.font.size = size
        if size and size > BODY:
            paragraph.paragraph_format.line_spacing = Pt(36)
        if align is not None:
            paragraph.alignment = align
        if indent:
            indent_first_line(paragraph)
        paragraph.paragraph_format.keep_with_next = keep or None
        return paragraph

    def save(self, file: Path) -> None:
        """Write the document."""
        content = BytesIO()
        self.document.save(content)
        file.write_bytes(content.getvalue())


def writable(value: object) -> str:
    """Text as a Word file can hold it."""
    return str(value).translate(UNWRITABLE)


def set_page(section: Any, *, landscape: bool = False) -> None:
    """Paper, margins, and the grid of lines (docGrid); across, the upper margin of the page becomes the left one."""
    sides = ("right", "left", "top", "bottom") if landscape else ("top", "bottom", "left", "right")
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = PAGE[::-1] if landscape else PAGE
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        MARGINS[side] for side in sides
    )
    section.footer_distance = Mm(35 - 7 - 5)  # the number stands 7 mm beneath the text block (7.5)
    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    properties.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{int(LINE_PITCH.pt * 20)}"/>'))


def set_styles(document: Any) -> None:
    """The text's font and line pitch, and headings that look like text but are known as headings."""
    # 28 characters a line by condensing, not by a grid of characters: not every program reckons that grid alike.
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(defaults):
        defaults.remove(child)
    set_font(defaults, FANGSONG)
    defaults.append(parse_xml(f'<w:spacing {nsdecls("w")} w:val="{CONDENSED}"/>'))
    half_points = int(BODY.pt * 2)
    defaults.append(parse_xml(f'<w:sz {nsdecls("w")} w:val="{half_points}"/>'))
    defaults.append(parse_xml(f'<w:szCs {nsdecls("w")} w:val="{half_points}"/>'))
    defaults.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-US" w:eastAsia="zh-CN"/>'))
    normal: ParagraphStyle = document.styles["Normal"]
    normal.font.size = BODY
    set_font(normal.element.get_or_add_rPr(), FANGSONG)
    spacing = normal.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, LINE_PITCH
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.widow_control = False  # every page has 22 lines
    for name, font, size in (("Title", XIAOBIAOSONG, TITLE), ("Heading 1", HEITI, BODY), ("Heading 2", KAITI, BODY)):
        style = document.styles[name]
        properties = style.element.get_or_add_rPr()
        for child in list(properties):
            properties.remove(child)
        set_font(properties, font)
        style.font.size, style.font.bold, style.font.color.rgb = size, False, RGBColor(0, 0, 0)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
        if border is not None:
            border.getparent().remove(border)


def set_font(properties: Any, name: str) -> None:
    """The font of Chinese text, with Times New Roman for Latin letters and digits."""
    found = properties.find(qn("w:rFonts"))
    if found is not None:
        properties.remove(found)
    properties.insert(
        0,
        parse_xml(
            f'<w:rFonts {nsdecls("w")} w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{name}"'
            ' w:hint="eastAsia"/>'
        ),
    )


def set_fonts(document: Any) -> None:
    """A font table that names what may stand for a font that is not installed."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
        for name, others in FONTS.items()
    )
    content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{entries}</w:fonts>'
    part = document.part
    for relation in list(part.rels.values()):
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            relation.target_part._blob = content.encode()
            return
    table = Part(PackURI("/word/fontTable.xml"), FONT_TABLE, content.encode(), part.package)
    part.relate_to(table, RELATIONSHIP_TYPE.FONT_TABLE)


def indent_first_line(paragraph: Paragraph) -> None:
    """Two characters in, whatever the size of the character grid."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:ind {nsdecls("w")} w:firstLineChars="200" w:firstLine="{int(BODY.pt * 2 * 20)}"/>')
    )


def row_xml(
    cells: Sequence[object], lengths: Sequence[int], *, head: bool, size: Pt = TABLE, bookmark: str = ""
) -> str:
    """One row of a table, never cut by a page's end; a head is centred, in 黑体, and repeated on every page.

    A line break in a cell begins a new line; a `bookmark` names the row.
    """
    repeat = "<w:tblHeader/>" if head else ""
    font = HEITI if head else SONGTI
    pitch = round(size.pt * 20 * 4 / 3)
    written = []
    for place, (value, length) in enumerate(zip(cells, lengths, strict=True)):
        text = writable(value)
        align = "center" if head or len(text) < SHORT else "left"
        mark = bookmark_xml(bookmark) if bookmark and place == 0 else ""
        lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
        written.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{length}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
            f'<w:snapToGrid w:val="0"/><w:spacing w:line="{pitch}" w:lineRule="exact"/><w:jc w:val="{align}"/></w:pPr>'
            f"{mark}<w:r>"
            f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}" w:hint="eastAsia"/>'
            f'<w:sz w:val="{int(size.pt * 2)}"/></w:rPr>{lines}</w:r></w:p></w:tc>'
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(written)}</w:tr>"


def bookmark_xml(name: str) -> str:
    """A bookmark around nothing, with an id made from its name."""
    number = zlib.crc32(name.encode()) & 0x7FFFFFFF
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>'


def number_pages(paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH) -> None:
    """The page number between dashes, one character in from the outer edge."""
    paragraph.alignment = align
    for kind in ("— ", "begin", "PAGE", "end", " —"):
        run = paragraph.add_run()
        run.font.size = PAGE_NUMBER
        set_font(run._r.get_or_add_rPr(), SONGTI)
        if kind in ("begin", "end"):
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
        elif kind == "PAGE":
            run._r.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve">PAGE</w:instrText>'))
        else:
            run.text = kind
    if align == WD_ALIGN_PARAGRAPH.RIGHT:
        paragraph.paragraph_format.right_indent = PAGE_NUMBER
    else:
        paragraph.paragraph_format.left_indent = PAGE_NUMBER
