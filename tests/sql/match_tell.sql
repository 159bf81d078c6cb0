-- What is made of the engine's answer: documents without what the asker may not see, reasons in words,
-- suggestions on record; and what there is to say without the engine.
begin;
\ir fixtures/people.sql
\ir fixtures/programme.sql
select no_plan();
set client_min_messages = error;
select fixture.city();
select fixture.pooled('m', 'poster3', 'county2');
select fixture.published(array['n']);

create function pg_temp.record(p_kind text, p_title text, p_data jsonb, p_state text default 'active') returns uuid language sql as $$
  insert into lib.record (id, kind, key, title, unit, data, state, source, refreshed_at, created_at)
  values (md5(p_title)::uuid, p_kind, p_title, p_title, null, p_data, p_state, '示例', now(), now()) returning id
$$;
select set_config('jb.context', 'system', true);
select pg_temp.record('expert', '专家子', '{"name": "专家子", "unit_name": "示例大学甲", "fields": ["material"], "title_level": "senior"}'),
       pg_temp.record('patent', '一种抛光液', '{"title": "一种抛光液", "number": "CN201410234381.X", "unit_name": "示例大学甲"}'),
       pg_temp.record('expert', '专家丑', '{"name": "专家丑", "fields": ["material"], "title_level": "senior"}', 'removed');
select lib.project(id) from lib.record where title in ('专家子', '一种抛光液');

create function pg_temp.question(p_login text, p_name text, p_id uuid, p_given jsonb default '{}') returns jsonb language sql as $$
  select (api.match_ask(case when p_login <> '' then fixture.session(p_login) end, fixture.req(), p_name, p_id, p_given)).body::jsonb
$$;
create function pg_temp.one(p_kind text, p_id uuid, p_score numeric, p_more jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('id', p_id, 'kind', p_kind, 'version', 1, 'score', p_score, 'strength', 'strong', 'reasons', '[]'::jsonb,
           'passages', '[]'::jsonb, 'asked', '[]'::jsonb, 'missing', '[]'::jsonb) || p_more
$$;
create function pg_temp.answer(p_list jsonb, p_more jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('engine', '{"available": true, "version": "v1"}'::jsonb, 'known', true, 'total', 2, 'more', false, 'list', p_list, 'facets', '[]'::jsonb,
           'groups', '[]'::jsonb, 'cover', '{"chosen": [], "covered": [], "uncovered": []}'::jsonb) || p_more
$$;
create function pg_temp.tell(p_login text, p_name text, p_id uuid, p_answer jsonb, p_given jsonb default '{}') returns jsonb language sql as $$
  select (api.match_tell(case when p_login <> '' then fixture.session(p_login) end, fixture.req(), p_name,
           pg_temp.question(p_login, p_name, p_id, p_given), p_answer)).body::jsonb
$$;
create function pg_temp.none() returns jsonb language sql as $$ select '{"engine": {"available": false, "why": "down"}}'::jsonb $$;

-- candidates
create temp table told as select pg_temp.tell('officer1', 'need_experts', fixture.id('n'), pg_temp.answer(jsonb_build_array(
  pg_temp.one('expert', md5('专家子')::uuid, 1, jsonb_build_object('reasons', jsonb_build_array(
    jsonb_build_object('kind', 'term', 'share', 0.4, 'term', '抛光'),
    jsonb_build_object('kind', 'evidence', 'share', 0.6, 'id', md5('一种抛光液')::uuid, 'parts', '[{"kind": "alike", "share": 0.6, "term": "硅片", "other": "晶圆"}]'::jsonb)),
    'missing', '["颗粒"]'::jsonb)),
  pg_temp.one('expert', md5('专家丑')::uuid, 0.5),
  pg_temp.one('expert', md5('nobody')::uuid, 0.4)))) as doc;
select is((select jsonb_array_length(doc -> 'items') from told), 1, 'what is removed or not there is not told');
select is((select doc #>> '{items,0,record,name}' from told), '专家子', 'the record is told as the library has it');
select is((select doc #>> '{items,0,strength,zh}' from told), '匹配度高', 'strength in words');
select is((select doc #>> '{items,0,reasons,0,text,zh}' from told), '双方都提到“抛光”', 'a reason in Chinese');
select is((select doc #>> '{items,0,reasons,0,text,en}' from told), 'both mention "抛光"', 'and in English');
select is((select doc #>> '{items,0,reasons,1,record,title}' from told), '一种抛光液', 'evidence names its record');
select is((select doc #>> '{items,0,reasons,1,parts,0,text,zh}' from told), '“硅片”与“晶圆”含义相近', 'with reasons of its own');
select is((select sum((r ->> 'share')::numeric) from told, jsonb_array_elements(doc #> '{items,0,reasons}') r), 1.0, 'shares are passed on as they are');
select is((select doc #> '{items,0,missing}' from told), '["颗粒"]', 'what is missing is said');
select is((select array(select f ->> 'name' from jsonb_array_elements(doc -> 'filters') f) from told), '{credit,conflicts}', 'and which filters were passed');
select is((select doc #> '{engine,known}' from told), 'true', 'the subject was known');
select is((pg_temp.tell('officer1', 'need_experts', fixture.id('n'), pg_temp.answer(jsonb_build_array(pg_temp.one('expert', md5('专家子')::uuid, 1,
  jsonb_build_object('reasons', jsonb_build_array(jsonb_build_object('kind', 'evidence', 'share', 1, 'id', md5('专家丑')::uuid,
    'parts', '[{"kind": "term", "share": 1, "term": "密"}]'::jsonb))))))) #> '{items,0,reasons,0}')::text !~ '密|专家丑', true, 'evidence that the asker may not see tells nothing');

-- nobody is told of what is another's
select is(jsonb_array_length(pg_temp.tell('poster1', 'text', null, pg_temp.answer(jsonb_build_array(pg_temp.one('need', fixture.id('m'), 1))), '{"text": "抛光"}') -> 'items'), 0,
          'a need is not told to another enterprise');
select is(jsonb_array_length(pg_temp.tell('poster3', 'text', null, pg_temp.answer(jsonb_build_array(pg_temp.one('need', fixture.id('m'), 1))), '{"text": "抛光"}') -> 'items'), 1,
          'to its own it is');

-- on record
select is((select array_agg(row(subject_kind, kind, rank, strength, engine, person = fixture.id('officer1'), item = fixture.id('n'), unit = fixture.id('示例大学甲'))::text order by rank)
             from core.suggestion), array['(need,expert,1,strong,v1,t,t,t)'], 'what was shown is on record, once');
select fixture.at(workflow.now() + interval '1 day');
select is((pg_temp.tell('poster1', 'need_experts', fixture.id('n'), pg_temp.answer(jsonb_build_array(pg_temp.one('expert', md5('专家子')::uuid, 1))))
             #>> '{items,0,rank}'), '1', 'the next day');
select is((select count(*) from core.suggestion), 2::bigint, 'it is recorded again');
select pg_temp.tell('poster1', 'need_experts', fixture.id('n'), pg_temp.answer(jsonb_build_array(pg_temp.one('expert', md5('专家子')::uuid, 1)), '{"engine": {"available": true, "version": "v2"}}'));
select is((select array_agg(engine order by engine) from core.suggestion), '{v1,v1,v2}', 'and for another version of the engine');
select pg_temp.tell('officer1', 'text', null, pg_temp.answer(jsonb_build_array(pg_temp.one('expert', md5('专家子')::uuid, 1))), '{"text": "抛光"}');
select is((select count(*) from core.suggestion), 3::bigint, 'a free text leaves no record');
select is(has_table_privilege('jb_api', 'core.suggestion', 'update') or has_table_privilege('jb_api', 'core.suggestion', 'delete'), false, 'no function may change what is on record');
select is(pg_temp.tell('', 'expert_similar', md5('专家子')::uuid, pg_temp.answer('[]')) -> 'items', '[]', 'more like this is for everybody');

-- marks
create temp table item as select fixture.id('item n') as id;
select is(pg_temp.tell('officer1', 'item_units', (select id from item), pg_temp.answer(jsonb_build_array(pg_temp.one('unit', fixture.id('示例大学甲'), 1)))) #> '{items,0,marks}', '[]', 'no mark at first');
insert into core.contact (item, unit, kind, held_at, people, summary, by, at)
  select id, fixture.id('示例大学甲'), 'visit', workflow.now() + interval '1 hour', '专家子', '现场对接', fixture.id('poster1'), workflow.now() from item;
select is(pg_temp.tell('officer1', 'item_units', (select id from item), pg_temp.answer(jsonb_build_array(pg_temp.one('unit', fixture.id('示例大学甲'), 1)))) #> '{items,0,marks}', '["contacted"]', 'a contact is marked');
select is(pg_temp.tell('poster3', 'item_units', (select id from item), pg_temp.answer(jsonb_build_array(pg_temp.one('unit', fixture.id('示例大学甲'), 1)))) #> '{items,0,marks}', '[]', 'not for those whom it is no business of');

-- a poster that is not named
select ok(pg_temp.question('poster3', 'item_units', (select id from item)) #> '{filter,not_units}' ? fixture.id('示例企业甲')::text, 'a named poster is left out of everybody''s list');
select set_config('jb.context', 'system', true);
update core.list_item set masking = 'masked' where id = (select id from item);
select core.refresh_face(id) from item;
select is(pg_temp.question('poster3', 'item_units', (select id from item)) #> '{filter,not_units}', null, 'one that is masked is not: who is missing would be known for the poster');
select is(pg_temp.tell('poster3', 'item_units', (select id from item), pg_temp.answer('[]')) @? '$.filters[*] ? (@.name == "conflicts")', false, 'nor is it said to be');
select ok(pg_temp.question('officer1', 'item_units', (select id from item)) #> '{filter,not_units}' ? fixture.id('示例企业甲')::text, 'for those who know it, it is');

-- groups, teams
select is(pg_temp.tell('officer1', 'batch_groups', fixture.id('batch'), pg_temp.answer(
  jsonb_build_array(pg_temp.one('need', fixture.id('n'), 0), pg_temp.one('need', fixture.id('m'), 0)),
  '{"groups": [{"members": [0, 1], "shared": ["抛光"], "likeness": 0.9}]}')) #> '{items,0,shared}', '["抛光"]', 'a group says what its needs share');
create temp table team as select pg_temp.tell('officer1', 'need_teams', fixture.id('n'), pg_temp.answer(jsonb_build_array(pg_temp.one('unit', fixture.id('示例大学乙'), 1)),
  '{"cover": {"chosen": [0], "covered": [{"part": 0, "by": 0, "score": 0.7}], "uncovered": [1]}}')) as doc;
select is((select doc #>> '{team,0,covers,0,indicator}' from team), '表面颗粒数', 'a team says who takes which indicator');
select is((select doc -> 'uncovered' from team), '["局部平整度"]', 'and which nobody does');

-- without the engine
select is(pg_temp.tell('officer1', 'need_experts', fixture.id('n'), pg_temp.none()) -> 'items', '[]', 'without the engine nothing is suggested');
select is(pg_temp.tell('officer1', 'need_experts', fixture.id('n'), pg_temp.none()) #>> '{engine,why}', 'down', 'and the answer says so');
select is(pg_temp.tell('', 'search_expert', null, pg_temp.none(), '{"q": "专家子"}') #>> '{items,0,name}', '专家子', 'libraries are searched by PostgreSQL then');
select is(pg_temp.tell('', 'search', null, pg_temp.none(), '{"q": "抛光"}') #>> '{items,0,kind}', 'item', 'all of them, and challenges');
select is(pg_temp.tell('', 'search', null, pg_temp.none(), '{"q": "抛光"}') -> 'total', '2', 'with their count');
select ok(core.match_engine('{"available": true, "vectors": "down"}') ? 'note', 'what it had to do without is said');
select ok(not core.match_engine('{"available": true, "vectors": "used"}') ? 'note', 'and only that');

-- searching
select is(pg_temp.tell('', 'search_expert', null, pg_temp.answer(jsonb_build_array(pg_temp.one('expert', md5('专家子')::uuid, 1)),
  '{"facets": [{"facet": "field", "value": "field:material", "n": 2}, {"facet": "field", "value": "discipline:430", "n": 1}, {"facet": "kind", "value": "4", "n": 2}]}'),
  '{"q": "zjz", "facets": true}') -> 'facets' -> 'field' -> 0 ->> 'count', '2', 'facets are the engine''s');
select is(core.match_kind(4), 'expert', 'a kind is named by its bit');

-- the report
select is((core.match_measures('{"outcome": "contact"}') #> '{items,0}') - '{suggestions,subjects}'::text[],
  '{"engine": "*", "kind": "expert", "asked": 1, "outcomes": 1, "mrr": 1, "recall_5": 1, "recall_10": 1, "recall_20": 1, "coverage": 1}',
  'a contact after a need''s suggestion counts for the challenge that it became');
select is(core.match_measures('{"outcome": "claim"}') #> '{items,0,asked}', '0', 'what did not happen is not counted');
select is(core.match_measures('{"outcome": "contact", "from": "2020-01-01", "until": "2020-12-31"}') -> 'outcomes', '0', 'nor what happened at another time');
select throws_ok($$select api.match_report(fixture.session('poster1'), fixture.req())$$, 'WF403', null, 'the report is the bureau''s');
select matches((select text from api.match_report_csv(fixture.session('officer1'), fixture.req(null, '{"outcome": "contact"}'))), 'v1,expert,2,1,1,1,1', 'it is there as a table');
select * from finish();
rollback;
