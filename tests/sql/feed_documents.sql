-- What is fed of each kind: what its readers may read, and nothing else (services/match/serve/doc.c).
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select auth.enter_system('test');
create function pg_temp.doc(p_kind text, p_id uuid) returns jsonb language sql as $$ select doc from feed.documents(p_kind, array[p_id]) $$;
create function pg_temp.keep(p_kind text, p_doc jsonb) returns uuid language sql as $$ select lib.save(p_kind, null, p_doc) $$;
create function pg_temp.weight(p_doc jsonb, p_to uuid) returns numeric language sql as $$
  select (l ->> 'weight')::numeric from jsonb_array_elements(p_doc -> 'links') l where l ->> 'to' = p_to::text
$$;
create function pg_temp.strangers(p_doc jsonb) returns text[] language sql as $$
  select array(select jsonb_object_keys(p_doc) except select unnest(array['title', 'keywords', 'body', 'name', 'unit', 'person', 'division', 'state',
                 'level', 'trl', 'year', 'barred', 'fields', 'scopes', 'links']))
$$;

-- experts
select fixture.name('expert', pg_temp.keep('expert', '{"name": "专家甲", "unit_name": "team单位", "title_level": "senior", "fields": ["material"],
  "discipline": ["43040"], "research": "大尺寸碳化硅单晶生长", "keywords": ["碳化硅", "单晶"], "phone": "13812345678", "birth_month": "1970-03", "division": "210702"}'));
create temp table expert as select pg_temp.doc('expert', fixture.is('expert')) as d;
select is((select d ->> 'title' from expert), '专家甲', 'an expert goes by the name');
select is((select d -> 'keywords' from expert), '["碳化硅", "单晶"]', 'with keywords');
select alike((select d ->> 'body' from expert), '%大尺寸碳化硅单晶生长%', 'and research');
select unalike((select d::text from expert), '%13812345678%', 'never with a telephone');
select unalike((select d::text from expert), '%1970%', 'nor the month of birth');
select is((select d -> 'fields' from expert), '["field:material", "discipline:43040"]', 'fields and disciplines as codes');
select is((select d ->> 'level' from expert), 'senior', 'the level of the title');
select is((select d ->> 'unit' from expert), fixture.id('team单位')::text, 'the unit');
select is((select pg_temp.weight(d, feed.label_id('field', 'material')) from expert), 1::numeric, 'an example of the field');
select is((select pg_temp.weight(d, feed.label_id('discipline', '43040')) from expert), 1::numeric, 'of the discipline');
select is((select pg_temp.weight(d, feed.label_id('discipline', '430')) from expert), .6, 'and somewhat of the one above');
select is((select pg_temp.strangers(d) from expert), '{}', 'no member that the engine does not know');
select is(pg_temp.doc('achievement', fixture.is('expert')), null, 'a record is of one kind');

-- what experts and units have made
select fixture.name('achievement', pg_temp.keep('achievement', '{"title": "碳化硅单晶炉", "unit_name": "team单位", "fields": ["material"], "trl": 6,
  "holder": "专家乙、专家甲", "innovation": "热场设计", "industry": "C39", "phone": "13812345678"}'));
create temp table made as select pg_temp.doc('achievement', fixture.is('achievement')) as d;
select is((select pg_temp.weight(d, fixture.id('team单位')) from made), 1::numeric, 'an achievement counts for its unit');
select is((select pg_temp.weight(d, fixture.is('expert')) from made), .6, 'and for the second named with less weight');
select is((select (d ->> 'trl')::int from made), 6, 'its readiness');
select ok((select d -> 'fields' ? 'industry:C39' from made), 'its industry');
select unalike((select d::text from made), '%13812345678%', 'no telephone');
select fixture.name('elsewhere', pg_temp.keep('patent', '{"number": "CN202110000001X", "title": "一种单晶炉", "unit_name": "team2单位", "inventors": ["专家甲"], "filed_on": "2021-03-04"}'));
select is(pg_temp.weight(pg_temp.doc('patent', fixture.is('elsewhere')), fixture.is('expert')), null, 'a namesake of another unit is somebody else');
select is((pg_temp.doc('patent', fixture.is('elsewhere')) ->> 'year')::int, 2021, 'the year of filing');
select fixture.name('earlier', pg_temp.keep('need', '{"title": "大尺寸碳化硅衬底", "nature": "list", "year": 2023, "unit_name": "某企业", "claimant": "team2单位、别的单位"}'));
select is(pg_temp.weight(pg_temp.doc('earlier', fixture.is('earlier')), fixture.id('team2单位')), 1::numeric, 'an earlier project counts for who carried it out');
select is((pg_temp.doc('earlier', fixture.is('earlier')) ->> 'year')::int, 2023, 'in its year');

-- credit
select is((select d -> 'barred' from expert), 'false', 'nothing stands against the expert''s unit');
insert into party.credit (unit, name, level, decision, starts, ends, source) values (fixture.id('team单位'), 'team单位', 'serious', '示例决字1号', '2026-08-01', '2027-08-01', '示例');
select is(pg_temp.doc('expert', fixture.is('expert')) -> 'barred', 'true', 'a serious record bars its expert');
select is(pg_temp.doc('achievement', fixture.is('achievement')) -> 'barred', 'true', 'its achievement');
select is(pg_temp.doc('unit', fixture.id('team单位')) -> 'barred', 'true', 'and itself');
select fixture.at('2027-08-01 10:00+08');
select is(pg_temp.doc('unit', fixture.id('team单位')) -> 'barred', 'false', 'until the day on which it ends');
select fixture.at('2026-09-01 10:00+08');
update party.credit set level = 'general';
select is(pg_temp.doc('unit', fixture.id('team单位')) -> 'barred', 'false', 'a general one does not');
update party.unit set state = 'suspended' where id = fixture.id('team2单位');
select is(pg_temp.doc('unit', fixture.id('team2单位')) -> 'barred', 'true', 'a suspended unit is never proposed');
update party.unit set state = 'verified' where id = fixture.id('team2单位');

-- units
insert into party.unit_alias values (fixture.id('team单位'), '示例旧名');
select alike(pg_temp.doc('unit', fixture.id('team单位')) ->> 'body', '%示例旧名%', 'a unit is found by its former name');
update party.unit set state = 'pending' where id = fixture.id('partner单位');
select is(pg_temp.doc('unit', fixture.id('partner单位')), null, 'one that waits to be verified is not there');

select is(pg_temp.doc('unit', fixture.id('示例市人民政府')) -> 'barred', 'true', 'an authority is found, and proposed to nobody');

-- needs and challenges
select fixture.challenge('named'), fixture.challenge('masked', 'jinzhou', '{}', 'masked');
select auth.enter_system('test');
create temp table work as
  select pg_temp.doc('item', fixture.is('named')) as named, pg_temp.doc('item', fixture.is('masked')) as masked,
         (select pg_temp.doc('need', l.need) from core.list_item l where l.id = fixture.is('masked')) as need;
select alike((select named ->> 'body' from work), '%表面颗粒 ≤30个/片 激光扫描%', 'indicators are fed with value, unit and method');
select alike((select named ->> 'body' from work), '%poster单位%', 'a challenge is found by its poster');
select is((select named ->> 'unit' from work), fixture.id('poster单位')::text, 'and belongs to it');
select unalike((select masked - 'scopes' from work)::text, '%poster单位%', 'a masked poster is not named');
select is((select masked -> 'unit' from work), null, 'nor told by its id');
select is((select masked -> 'scopes' from work), '["public"]', 'the challenge itself is public');
select is((select need -> 'fields' from work), '["field:material"]', 'the field of a form is told by its code');
select unalike((select need::text from work), '%13800000001%', 'a need is fed without the contact');
select unalike((select need::text from work), '%自行试制未成%', 'and without what is the poster''s own');
select is((select pg_temp.strangers(need) || pg_temp.strangers(named) from work), '{}', 'no member that the engine does not know');
update workflow.item set state = 'draft' where id = (select need from core.list_item where id = fixture.is('named'));
select is((select pg_temp.doc('need', l.need) from core.list_item l where l.id = fixture.is('named')), null, 'a draft is nobody''s but its poster''s');
update workflow.item set state = 'published' where id = (select need from core.list_item where id = fixture.is('named'));

-- claims and projects
select lib.save('expert', null, '{"name": "team负责人", "unit_name": "team单位", "title_level": "senior", "fields": ["material"]}') as leader \gset
select fixture.to_matching('named', 'team');
select auth.enter_system('test');
create temp table claim as select pg_temp.doc('claim', fixture.is('named team')) as d;
select alike((select d ->> 'body' from claim), '%小试和中试%', 'an opened claim is fed with its plan');
select is((select pg_temp.weight(d, fixture.id('team单位')) from claim), 1::numeric, 'for its unit');
select is((select pg_temp.weight(d, :'leader') from claim), 1::numeric, 'and its leader, who is in the library');
select ok(not (select d -> 'scopes' ? 'public' from claim), 'never to the public');
select ok(not (select d -> 'scopes' ? ('unit:' || fixture.id('team2单位')) from claim), 'nor to a competitor');
select unalike((select d::text from claim), '%600000000%', 'without its money');
select * from finish();
rollback;
