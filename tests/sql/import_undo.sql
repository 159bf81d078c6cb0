-- Taking an import back.
begin;
select no_plan();
\ir fixtures/people.sql
select fixture.unit('示例市科学技术局', 'government');
select fixture.person('officer', '经办甲', fixture.id('示例市科学技术局'), '{officer}');
select fixture.session('officer');
select fixture.at('2026-05-06 10:00+08');
select ops.import_csv('expert', E'姓名,单位,职称级别,技术领域,手机,研究方向\n专家甲,示例大学甲,副高级,海洋,13800000000,海参\n专家乙,示例大学甲,中级,海洋,,花生\n');
create temp view image as
  select r.title, r.key, r.unit, r.data, r.state, r.source, r.source_date, r.refreshed_at, p.data as private, s.terms, s.fields
    from lib.record r left join lib.private p on p.record = r.id left join lib.search s on s.record = r.id;
create temp table before as select * from image;

-- a second file changes one, adds one and leaves one
select fixture.at('2026-06-01 10:00+08');
create temp table i as select (api.import_check(fixture.session('officer'), fixture.req(), 'expert',
  E'姓名,单位,职称级别,技术领域,手机\n专家甲,示例大学甲,正高级,海洋,13900000000\n专家乙,示例大学甲,中级,海洋,\n专家丙,示例大学丙,中级,海洋,\n')).body::jsonb as d;
select is((select d -> 'counts' from i), '{"insert": 1, "update": 1, "same": 1, "repeat": 0, "bad": 0}', 'a row is new, changes a record or is the same');
select throws_ok($$select api.import_undo(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from i))$$, 'WF409', 'import_state', 'what was not applied cannot be undone');
select is((api.import_apply(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from i), '{}')).status, 200, 'it is applied');
select is((select data ->> 'title_level' || ' ' || (private ->> 'phone') from image where title = '专家甲'), 'senior 13900000000', 'the record is changed');
select is((select data ->> 'research' from image where title = '专家甲'), '海参', 'but for the columns that the file has not');
select is((select count(*) from lib.record), 3::bigint, 'and one is new');
select throws_ok($$select api.import_undo(fixture.session('officer'), fixture.req(1), (select (d ->> 'id')::uuid from i))$$, 'WF409', 'version_conflict', 'undoing needs the current version, when one is given');
savepoint applied;
select is((api.import_undo(fixture.session('officer'), fixture.req(2), (select (d ->> 'id')::uuid from i))).body ->> 'state', 'undone', 'it is taken back');
select results_eq('select * from image order by title', 'select * from before order by title', 'everything is as it was, to the last member');
select is((select version from lib.record where title = '专家甲'), 3, 'only the version has moved on');
select is((select count(*) from lib.version where why = 'undo'), 2::bigint, 'and the past tells of it');
select throws_ok($$select api.import_undo(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from i))$$, 'WF409', 'import_state', 'once');
rollback to applied;
select api.record_edit(fixture.session('officer'), fixture.req(), 'expert', (select id from lib.record where title = '专家甲'),
  '{"name": "专家甲", "unit_name": "示例大学甲", "title_level": "none", "fields": ["marine"]}');
select throws_ok($$select api.import_undo(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from i))$$, 'WF409', 'import_changed', 'not over somebody''s later work');

-- the library moves between check and apply
create temp table j as select (api.import_check(fixture.session('officer'), fixture.req(), 'expert', E'姓名,单位,职称级别,技术领域\n专家乙,示例大学甲,正高级,海洋\n')).body::jsonb as d;
select api.record_edit(fixture.session('officer'), fixture.req(), 'expert', (select id from lib.record where title = '专家乙'),
  '{"name": "专家乙", "unit_name": "示例大学甲", "title_level": "none", "fields": ["marine"]}');
select throws_ok($$select api.import_apply(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from j), '{}')$$, 'WF409', 'import_stale', 'what was checked must still hold');
create temp table k as select (api.import_check(fixture.session('officer'), fixture.req(), 'expert', E'姓名,单位,职称级别,技术领域\n专家丁,示例大学甲,正高级,海洋\n')).body::jsonb as d;
select api.record_add(fixture.session('officer'), fixture.req(), 'expert', '{"name": "专家丁", "unit_name": "示例大学甲", "title_level": "none", "fields": ["marine"]}');
select throws_ok($$select api.import_apply(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from k), '{}')$$, 'WF409', 'import_stale', 'also that a record was new');

-- units
create temp table units as select to_jsonb(u) - 'version' as u from party.unit u;
create temp table u as select ops.import_csv('unit', E'统一社会信用代码,机构全称,机构属性\n91110000600037341L,示例企业辰,企业\n' || fixture.code('示例市科学技术局') || E',示例市科技局,政府机关\n') as d;
select is((select d -> 'counts' ->> 'insert' || (d -> 'counts' ->> 'update') from u), '11', 'a unit is new, another changes');
select is((select state from party.unit where name = '示例市科技局'), 'pending', 'another name has to be verified again');
savepoint units;
select fixture.person('somebody', '某人', (select id from party.unit where name = '示例企业辰'), '{member}');
select throws_ok($$select api.import_undo(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from u))$$, 'WF409', 'import_in_use', 'a unit with people stays');
rollback to units;
select is((api.import_undo(fixture.session('officer'), fixture.req(), (select (d ->> 'id')::uuid from u))).status, 200, 'else it goes');
select results_eq('select to_jsonb(u) - ''version'' from party.unit u order by u.id', 'select u from units order by (u ->> ''id'')::uuid', 'and the units are as they were');

select * from finish();
rollback;
