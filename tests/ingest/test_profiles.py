"""Source profiles: foreign files mapped to contracts without code, and errors in profiles named."""

import pytest

from pipelines import ingest
from pipelines.problems import Problem

SURVEY = """Published by the ministry
Year,University,Degree *,Rate,Sex
2022,North,Law #,95,MF
2022,North,Law #,93,F
2022,North,"Arts &
 Design",80.5,MF
2022,South,Law**,na,MF
"""
PROFILE = r"""
sources:
  - file: survey*.csv
    outputs:
      - contract: school
        distinct: true
        columns: {school_id: University, name: University}
      - contract: program_catalogue
        distinct: true
        filters: [{header: Sex, keep: [MF]}]
        columns:
          program_code: &degree
            header: "Degree *"
            prefix: "deg: "
            clean: [{pattern: '[\s*#]+$'}, {pattern: '\s*&\s*', by: ' and '}]
          name: *degree
          level: {header: University, map: {North: 本科}, otherwise: 本科}
        constants: {edition: "2022"}
      - contract: outcome
        filters: [{header: Sex, keep: [MF]}]
        columns:
          school_id: University
          program_code: *degree
          cohort_year: Year
          published_full_time_permanent_rate: {header: Rate, unit: "%"}
        constants: {definition: of the labour force}
ignore:
  - {file: other*, reason: {zh: 与本项目无关, en: Of no use here}}
"""


def test_one_file_feeds_several_contracts(ingested, ask):
    connection = ingested({"survey 2022.csv": SURVEY}, base=False, profiles={"p.yaml": PROFILE})
    assert ask(connection, "select school_id, name from accepted.school") == [("North", "North"), ("South", "South")]
    assert ask(connection, "select edition, program_code, name, level from accepted.program_catalogue order by 2") == [
        (2022, "deg: Arts and Design", "deg: Arts and Design", "本科"),
        (2022, "deg: Law", "deg: Law", "本科"),
    ]
    assert ask(
        connection,
        "select row_number, school_id, program_code, cohort_year, published_full_time_permanent_rate::double,"
        " definition from accepted.outcome order by 1",
    ) == [
        (3, "North", "deg: Law", 2022, 0.95, "of the labour force"),
        (5, "North", "deg: Arts and Design", 2022, 0.805, "of the labour force"),
        (6, "South", "deg: Law", 2022, None, "of the labour force"),
    ]


def test_rows_beyond_the_filter_and_repeats_are_counted_as_such(ingested, ask):
    connection = ingested({"survey 2022.csv": SURVEY}, base=False, profiles={"p.yaml": PROFILE})
    assert ask(
        connection,
        "select contract, row_number, kind from landed.non_data where kind not in ('title', 'header')"
        " and file like 'survey%' order by all",
    ) == [
        ("outcome", 4, "filtered"),
        ("program_catalogue", 4, "filtered"),
        ("program_catalogue", 6, "repeat"),
        ("school", 4, "repeat"),
        ("school", 5, "repeat"),
    ]
    assert ask(connection, "select contract, landed from landed.account where file like 'survey%' order by 1") == [
        ("outcome", 6),
        ("program_catalogue", 6),
        ("school", 6),
    ]
    assert ask(
        connection, "select sum(landed) = sum(accepted + quarantined + superseded + non_data) from landed.account"
    ) == [(True,)]


def test_wide_years_become_rows_with_their_own_cells(ingested, ask):
    profile = """
sources:
  - file: wide.csv
    header_row: 2
    outputs:
      - contract: industry
        columns: {industry_code: Series}
        constants: {region: Elsewhere}
        wide_to_long: {headers: '20\\d\\d', header_to: year, value_to: employed_persons, unit: 千人}
"""
    text = "Theme,,,\nSeries,2022,2023,note\n制造业,1.5,2,x\n教育,-1,—,\n"
    connection = ingested({"wide.csv": text}, profiles={"p.yaml": profile})
    assert ask(connection, "select industry_code, year, employed_persons from accepted.industry order by all") == [
        ("C", 2022, 1500),
        ("C", 2023, 2000),
        ("P", 2023, None),
    ]
    assert ask(connection, "select cell, rule from quarantine.finding where row_id is not null") == [
        ("B4", "below_minimum")
    ]
    assert ask(
        connection, "select landed, accepted, quarantined, non_data from landed.account where contract = 'industry'"
    ) == [(6, 3, 1, 2)]


def test_a_text_can_be_made_of_two_columns_and_sums_left_out_by_their_codes(ingested, ask):
    profile = """
sources:
  - file: regions.csv
    outputs:
      - contract: school
        filters: [{header: Code, drop_matching: '\\d\\d-0000'}]
        columns:
          school_id: &place
            header: Region
            map: {NA: unknown}
            prefix: "region "
            followed_by: {header: Level, prefix: ", level "}
          name: *place
"""
    text = "Code,Region,Level\n11-1000,1,a\n11-0000,1,b\n11-1001,NA,a\n11-1002,2,\n"
    connection = ingested({"regions.csv": text}, base=False, profiles={"p.yaml": profile})
    assert ask(connection, "select school_id from accepted.school order by all") == [
        ("region 1, level a",),
        ("region unknown, level a",),
    ]
    assert ask(connection, "select kind from landed.non_data where row_number = 3 and file = 'regions.csv'") == [
        ("filtered",)
    ]
    # The row without a level has no name and is refused, not lost.
    assert ask(
        connection, "select distinct rule, row_number from quarantine.finding join landed.school using (row_id)"
    ) == [("missing", 5)]


def test_supplementary_files_of_the_profile_folder_are_read(ingested, ask):
    more = "学校代码,学校名称\n7,第七中学\n"
    connection = ingested({}, profiles={"p.yaml": "", "schools.csv": more})
    assert ask(connection, "select file from accepted.school where school_id = '7'") == [("profiles/schools.csv",)]


def test_ignored_files_are_listed_with_the_reason(ingested, ask):
    connection = ingested({"other.csv": "a,b\n1,2\n"}, profiles={"p.yaml": PROFILE})
    assert ask(connection, "select status, message_zh, message_en from landed.file where file = 'other.csv'") == [
        ("ignored", "与本项目无关", "Of no use here")
    ]


def test_a_file_without_the_profiles_headers_is_quarantined_and_told(ingested, ask, messages):
    connection = ingested({"survey.csv": SURVEY.replace("Rate", "Quote")}, base=False, profiles={"p.yaml": PROFILE})
    assert messages(connection, "missing_header") == [
        "survey.csv A1：数据源配置要求的列不在这张表里：Rate。请核对配置或文件，整张表已隔离。"
    ]
    assert ask(connection, "select landed, quarantined from landed.account where file = 'survey.csv'") == [(6, 6)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("sources: [", "YAML"),
        ("source: []", "source"),
        ("sources: [{file: x, outputs: []}]", "sources.0.outputs"),
        ("sources: [{file: x, outputs: [{contract: pupils, columns: {}}]}]", "'pupils'"),
        ("sources: [{file: x, outputs: [{contract: school, columns: {school_id: a, nom: b}}]}]", "nom"),
        ("sources: [{file: x, outputs: [{contract: school, columns: {school_id: a}}]}]", "school needs name"),
        (
            "sources: [{file: x, outputs: [{contract: school, columns: {school_id: a, name: b},"
            " filters: [{header: a, drop_matching: '['}]}]}]",
            "regular expression",
        ),
        (
            "sources: [{file: x, outputs: [{contract: school,"
            " columns: {school_id: a, name: {header: b, clean: [{pattern: '('}]}}}]}]",
            "regular expression",
        ),
    ],
)
def test_a_wrong_profile_is_told_with_its_field(ingested, text, named):
    with pytest.raises(Problem, match=named) as problem:
        ingested({}, profiles={"p.yaml": text})
    assert "p.yaml" in problem.value.zh
    assert "p.yaml" in problem.value.en


def test_a_missing_profile_folder_is_named(tmp_path):
    with pytest.raises(Problem, match="数据源配置文件夹"):
        ingest.inventory(tmp_path, tmp_path / "none")
