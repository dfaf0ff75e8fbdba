-- 需培训人数 = 招聘岗位 − 求职 − 本区毕业生，且达到界线。Persons to train are vacancies less seekers less local graduates, and reach the line.
-- Of marts.training_occupation. Reckoned from the balance, not from the supply–demand information.
select t.year, t.occupation_code, t.persons_to_train, b.vacancies, b.job_seekers, b.graduates
from marts.training_occupation as t
cross join core.catalogue_line as l
left join marts.occupation_balance as b
    on b.year = t.year and b.occupation_code = t.occupation_code and b.basis = 'vacancies'
where
    b.vacancies is null or b.job_seekers is null or t.persons_to_train < l.persons_to_train
    or abs(t.persons_to_train - (b.vacancies - b.job_seekers - b.graduates)) > 0.01
