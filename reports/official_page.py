"""Paper, text block, fonts and styles of GB/T 9704-2012 (党政机关公文格式).

Belongs here: what holds for every page, and which font stands for which. Does not belong here: what is written on the
pages (`official_document`), tables (`official_table`).

A4; text block 156 mm × 225 mm with 37 mm above and 28 mm on the left (5.2); 22 lines of 28 characters a page in 3号
仿宋, title 2号小标宋 (5.2.2, 7.3.1); page number 4号半角宋体 between dashes, on the outer side of the page (7.5).
Each font names free ones that may stand for it.
"""

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

PAGE, MARGINS = (Mm(210), Mm(297)), {"top": Mm(37), "bottom": Mm(35), "left": Mm(28), "right": Mm(26)}
LINES, CHARACTERS = 22, 28
LINE_PITCH = Pt(28.95)  # 225 mm / 22 lines
CONDENSED = -5  # twentieths of a point: 156 mm / 28 characters is 15.79 pt, 3号 is 16 pt
TITLE, BODY, PAGE_NUMBER, TABLE = Pt(22), Pt(16), Pt(14), Pt(10.5)
RED = RGBColor(0xC0, 0x00, 0x00)
# Each font with the ones that may stand for it, and the family by which a program without any of them chooses.
FONTS = {
    "仿宋_GB2312": ("roman", "仿宋, FangSong, FZFangSong-Z02, Noto Serif CJK SC"),
    "方正小标宋简体": ("roman", "方正小标宋_GBK, 小标宋体, STZhongsong, Noto Serif CJK SC"),
    "黑体": ("swiss", "SimHei, Source Han Sans SC, Noto Sans CJK SC"),
    "楷体_GB2312": ("roman", "楷体, KaiTi, LXGW WenKai, Noto Serif CJK SC"),
    "宋体": ("roman", "SimSun, Source Han Serif SC, Noto Serif CJK SC"),
}
FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI = FONTS
LATIN = "Times New Roman"
FONT_TABLE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"


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
    """A font table that names what may stand for a font that is not installed (ECMA-376, part 1, 17.8.3.1)."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, (family, others) in FONTS.items()
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
