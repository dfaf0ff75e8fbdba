"""Word documents in the layout of GB/T 9704-2012 (党政机关公文格式), written from top to bottom.

Belongs here: letterhead, title, headings, paragraphs, captions, signature, annex. Does not belong here: what a document
says, paper and fonts (`official_page`), tables (`official_table`).

The number of the document, the seal and the date are left blank for the authority.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from reports.official_page import (
    BODY,
    FANGSONG,
    HEITI,
    KAITI,
    LINE_PITCH,
    MARGINS,
    PAGE,
    PAGE_NUMBER,
    TITLE,
    XIAOBIAOSONG,
    indent_first_line,
    number_pages,
    set_font,
    set_fonts,
    set_page,
    set_styles,
)
from reports.official_table import table_xml
from reports.official_text import writable
from reports.sheets import text_width
from reports.wording import texts

RED = RGBColor(0xC0, 0x00, 0x00)
LINK = RGBColor(0x1F, 0x4E, 0x9E)
TABLE = Pt(10.5)
ISSUER, ISSUER_TOP, RULE_BELOW = Pt(36), Mm(35), 11  # 7.2.4: 35 mm beneath the block's edge; 7.2.7: the rule 4 mm below
DATE_CHARACTERS, DATE_INDENT = 9, 4  # of the date in the signature, and from the right edge (7.3.5.1)


@dataclass(frozen=True)
class Reference:
    """A raised number in the text that leads to a bookmark."""

    number: int
    bookmark: str

    def xml(self) -> str:
        """The link with its number in brackets."""
        return (
            f'<w:hyperlink {nsdecls("w")} w:anchor="{self.bookmark}" w:history="1"><w:r><w:rPr>'
            f'<w:color w:val="{LINK}"/><w:vertAlign w:val="superscript"/></w:rPr>'
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
        """Issuer in red, 35 mm beneath the edge of the text block, number two lines below, red rule (7.2.4–7.2.7).

        The number is left blank; a draft says so in the first line.
        """
        text = texts(self.lang)["notice"]
        self.write(text["draft"] if self.draft else "", font=HEITI, indent=False)
        fitting = Pt(min(ISSUER.pt, int(self.width / 12700 / (text_width(authority) / 2))))
        centre = WD_ALIGN_PARAGRAPH.CENTER
        issuer = self.write(authority, font=XIAOBIAOSONG, size=fitting, align=centre, indent=False)
        issuer.runs[0].font.color.rgb = RED
        issuer.paragraph_format.line_spacing = Pt(fitting.pt * 1.25)
        issuer.paragraph_format.space_before = Pt(ISSUER_TOP.pt - LINE_PITCH.pt)
        self.blank(2)
        number = self.write(text["number"], align=centre, indent=False, font=FANGSONG)
        number._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="12" w:space="{RULE_BELOW}" w:color="{RED}"/>'
                "</w:pBdr>"
            )
        )

    def blank(self, lines: int = 1) -> None:
        """Empty lines."""
        for _ in range(lines):
            self.write("", indent=False)

    def title(self, text: str) -> None:
        """The title, 2号小标宋, centred, two lines beneath the rule, an empty line after (7.3.1); a draft says so.

        A line break parts it where the sense does.
        """
        self.blank(2)
        title = self.write(text, font=XIAOBIAOSONG, size=TITLE, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False)
        title.style = self.document.styles["Title"]
        if self.draft:
            mark = texts(self.lang)["notice"]["draft_in_brackets"]
            self.write(mark, font=KAITI, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False)
        self.blank()

    def recipient(self, text: str) -> None:
        """To whom (主送机关), at the left edge."""
        self.write(text, indent=False)

    def heading(self, text: str, level: int = 1) -> None:
        """A heading: level 1 in 黑体, level 2 in 楷体."""
        paragraph = self.write(text, font=HEITI if level == 1 else KAITI)
        paragraph.style = self.document.styles[f"Heading {level}"]
        paragraph.paragraph_format.keep_with_next = True

    def paragraph(self, text: str, head: str = "") -> None:
        """A paragraph of the text, two characters in; with a `head` in 楷体 that it begins with."""
        if not head:
            self.write(text)
            return
        paragraph = self.write(head, font=KAITI)
        paragraph.add_run(writable(text))

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
        size: Pt = TABLE,
        bookmarks: Sequence[str] = (),
        shades: Sequence[Sequence[str]] = (),
        widths: Sequence[float] = (),
    ) -> None:
        """A ruled table as wide as the text; its header is repeated on every page, no row is cut, short ones are whole.

        `bookmarks` name the rows that references lead to; `shades` are the fills of the cells, `widths` shares of
        the width where they do not follow from the cells.
        """
        table = table_xml(heads, rows, self.width, size, bookmarks, shades, widths)
        self.document.element.body.insert_element_before(table, "w:sectPr")
        space = self.write("", indent=False)
        space.paragraph_format.line_spacing = TABLE

    def keep_last(self) -> None:
        """Keep the last paragraph with what follows."""
        last = next(paragraph for paragraph in reversed(self.document.paragraphs) if paragraph.text)
        last.paragraph_format.keep_with_next = last.paragraph_format.keep_together = True

    def attachment(self, text: str) -> None:
        """What is attached (附件说明): a line beneath the text, two characters in (7.3.4), with its last paragraph."""
        self.keep_last()
        self.write("", indent=False, keep=True)
        self.write(text)

    def signature(self, authority: str, date: str) -> None:
        """Issuer and date (发文机关署名、成文日期): the date four characters in, the issuer centred above it (7.3.5.1).

        The seal is left to the authority: its place is two lines beneath the text. They stand on no page without text:
        the last paragraph goes with them.
        """
        self.keep_last()
        for _ in range(2):
            self.write("", indent=False, keep=True)
        issuer = self.write(authority, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False, keep=True)
        beyond = (text_width(authority) / 2 - DATE_CHARACTERS) / 2
        issuer.paragraph_format.right_indent = Pt(BODY.pt * max(0.0, DATE_INDENT - beyond))
        dated = self.write(date, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
        dated.paragraph_format.right_indent = Pt(BODY.pt * DATE_INDENT)

    def annex(self, mark: str, title: str) -> None:
        """A new page that begins with 附件 in 黑体 at the left edge, its title centred in the third line (7.3.7)."""
        begins = self.write(mark, font=HEITI, indent=False)
        begins.paragraph_format.page_break_before = True
        self.blank()
        self.write(title, font=XIAOBIAOSONG, size=TITLE, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False)
        self.blank()

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
