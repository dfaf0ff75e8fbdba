"""What reports say, before anybody decides what it looks like.

    report = match_report(tables)              # reports.content.match_report: the whole report, in both languages
    for section in [report.first_page, *report.sections, report.annex]:
        for block in section.blocks:           # Paragraph | Heading | Table | Chart, see reports.content.parts
            ...
    report.evidence[key]                       # where a number, a row or a chart comes from

Every text is Chinese and English at once (`Words`); `say(text, lang)` gives one of them. A `Figure` inside a paragraph,
a row of a table and a chart carry the key of an `Evidence`: definition, numerator and denominator (or what was
counted), and the cells of the files. A document that shows numbers shows the way to their evidence too.

Belongs here: sections, sentences, tables, charts and evidence as plain data. Does not belong here: HTML
(`reports.match_report`), Word, files.
"""
