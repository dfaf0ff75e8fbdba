-- 英文名称：一行一个种类的一个代码。One row per kind (program, occupation, school, industry) × code.
-- Used by the public site: names and search in English.
select kind, code, name_en from accepted.english_name
