-- Code lists and calendars: what is loaded, what is asked for, what is refused.
begin;
select no_plan();
\ir fixtures/people.sql
select fixture.unit('示例市科学技术局', 'government');
select fixture.unit('示例企业甲');
select fixture.person('officer', '经办甲', fixture.id('示例市科学技术局'), '{officer}');
select fixture.person('sysadmin', '系统管理员', fixture.id('示例市科学技术局'), '{sysadmin}');
select fixture.person('poster', '企业甲', fixture.id('示例企业甲'), '{member,signatory}');
select fixture.session('officer'), fixture.session('sysadmin'), fixture.session('poster');

select is((select count(*) from ref.code where list = 'division' and level = 2), 14::bigint, 'Liaoning has 14 cities');
select is((select count(*) from ref.code where list = 'division' and level = 3 and valid_to is null), 100::bigint, 'and 100 counties and districts');
select is((select count(*) from ref.code where list = 'discipline' and level = 1), 62::bigint, 'there are 62 disciplines of the first level');
select is((select count(*) from ref.code where list = 'industry' and level = 1), 20::bigint, 'there are 20 industry sections');
select is((select count(*) from ref.code where list = 'industry' and parent = 'C'), 31::bigint, 'and 31 divisions of manufacturing');
select is((select name_zh from ref.code where list = 'industry' and code = 'C25'), '石油、煤炭及其他燃料加工业', 'C25 has its name of 2017');
select isnt((select name_zh from ref.code where list = 'trl' and edition = '2022' and code = '3'),
            (select name_zh from ref.code where list = 'trl' and edition = '2009' and code = '3'), 'level 3 differs between the scales');
select is((select count(*) from ref.code c where c.parent is not null
            and not exists (select from ref.code p where (p.list, p.edition, p.code) = (c.list, c.edition, c.parent))), 0::bigint, 'every parent is in its list');

select ok((api.code_lists()).body::text like '%GB/T 13745-2009%', 'the lists name their standards');
select is(jsonb_array_length((api.code_list('division', '{"parent": "210700"}')).body::jsonb -> 'items'), 7, 'a city has its counties');
select is((api.code_list('trl', '{"edition": "2009"}')).body::jsonb ->> 'current', 'false', 'an older edition can be asked for');
select throws_ok($$select api.code_list('nothing')$$, 'WF404', 'not_found', 'a list that is not there is refused');

-- a new edition
create temp table doc as select '{"edition": "2", "standard": "s1", "title_zh": "学位", "title_en": "degree", "source": "试验",
  "codes": [{"code": "a", "name_zh": "甲"}, {"code": "b", "name_zh": "乙", "parent": "a"}]}'::jsonb as d;
select throws_ok($$select api.code_list_put(fixture.session('poster'), fixture.req(), 'degree', (select d from doc))$$,
                 'WF403', 'role_missing', 'an enterprise loads no code list');
select throws_ok($$select api.code_list_put(fixture.session('officer'), fixture.req(), 'nothing', (select d from doc))$$,
                 'WF404', 'not_found', 'a list that nothing uses is not made');
select throws_ok($$select api.code_list_put(fixture.session('officer'), fixture.req(), 'degree',
                   (select jsonb_set(d, '{codes,1,code}', '"a"') from doc))$$, 'WF422', 'invalid', 'a code twice is refused');
select throws_ok($$select api.code_list_put(fixture.session('officer'), fixture.req(), 'degree',
                   (select jsonb_set(d, '{codes,0,parent}', '"b"') from doc))$$, 'WF422', 'invalid', 'parents in a circle are refused');
select is((api.code_list_put(fixture.session('sysadmin'), fixture.req(), 'degree', (select d from doc))).status, 200, 'an administrator loads an edition');
select is((api.code_list('degree')).body::jsonb ->> 'edition', '2', 'which is the current one then');
select is((select level from ref.code where list = 'degree' and edition = '2' and code = 'b'), 2, 'levels follow the parents');
select is((select count(*) from ref.code where list = 'degree' and edition = '1'), 4::bigint, 'the old edition stays');
select is(lib.label_of('degree', 'doctor'), '博士', 'so that old records keep their names');
select is(lib.code_of('degree', 'doctor'), null, 'while new ones take the current codes');
select throws_ok($$select api.code_list_put(fixture.session('officer'), fixture.req(), 'degree', (select d from doc))$$,
                 'WF409', 'edition_exists', 'an edition is not rewritten');
update auth.session set reauth_at = now() - interval '11 minutes' where hash = fixture.session('officer');
select throws_ok($$select api.code_list_put(fixture.session('officer'), fixture.req(), 'degree', (select jsonb_set(d, '{edition}', '"3"') from doc))$$,
                 'WF403', 'reauth_needed', 'it takes a fresh password');
update auth.session set reauth_at = now() where hash = fixture.session('officer');

-- calendars
select is(jsonb_array_length((api.calendar('2026')).body::jsonb -> 'days'), 25, '2026 has 25 days that differ');
select is((select count(*) from ref.calendar_day where not off and extract(isodow from day) < 6), 0::bigint, 'make-up days are on weekends');
select throws_ok($$select api.calendar('2027')$$, 'WF404', 'not_found', '2027 is not there: nothing is guessed');
select throws_ok($$select api.calendar('hello')$$, 'WF404', 'not_found', 'a year that is none is not there');
create temp table year as select '{"source": "试验文件", "days": [{"day": "2027-01-01", "off": true, "name": "元旦"},
  {"day": "2027-01-02", "off": true, "name": "元旦"}, {"day": "2027-01-09", "off": false, "name": "元旦"}]}'::jsonb as d;
select throws_ok($$select api.calendar_put(fixture.session('poster'), fixture.req(), '2027', (select d from year))$$,
                 'WF403', 'role_missing', 'an enterprise loads no calendar');
select throws_ok($$select api.calendar_put(fixture.session('officer'), fixture.req(), '2028', (select d from year))$$,
                 'WF422', 'invalid', 'days of another year are refused');
select throws_ok($$select api.calendar_put(fixture.session('officer'), fixture.req(), '2027', (select jsonb_set(d, '{days,2,day}', '"2027-01-08"') from year))$$,
                 'WF422', 'invalid', 'a weekday that "works" is refused');
select throws_ok($$select api.calendar_put(fixture.session('officer'), fixture.req(), '2027', (select jsonb_set(d, '{days,1,day}', '"2027-01-01"') from year))$$,
                 'WF422', 'invalid', 'a day twice is refused');
select throws_ok($$select api.calendar_put(fixture.session('officer'), fixture.req(), 'soon', (select d from year))$$,
                 'WF404', 'not_found', 'a year that is none is refused');
select is((api.calendar_put(fixture.session('officer'), fixture.req(), '2027', (select d from year))).status, 200, 'an officer loads a year');
select is((select array_agg(day::text order by day) from ref.calendar_day where day >= '2027-01-01'), '{2027-01-01,2027-01-09}',
          'a holiday on a Saturday is understood and not kept');
select is(ops.load_calendar((select d || '{"year": 2027}' from year)), '2027: 2 days differ', 'the operator''s command loads the same');
select alike(ops.load_codes((select d || '{"list": "degree", "edition": "9"}' from doc)), 'degree 9:%', 'and code lists');

select * from finish();
rollback;
