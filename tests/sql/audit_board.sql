-- The record of all steps for those who audit, and the board of what is open for claims.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select fixture.city();
select fixture.person('audit1', '审计甲', fixture.id('示例市科学技术局'), '{auditor}');
select fixture.challenge('item', 'jinzhou', '{"claims": {"sealed": true}}'), fixture.challenge('other');
create function pg_temp.record(p_login text, p_query jsonb default '{}') returns jsonb language sql as $$
  select body::jsonb from api.audit(fixture.session(p_login), fixture.req(null, p_query)) $$;
create function pg_temp.board(p_login text, p_query jsonb default '{}') returns jsonb language sql as $$
  select body::jsonb from api.matchmaking(fixture.session(p_login), fixture.req(null, p_query)) $$;
create function pg_temp.line(p_item text) returns jsonb language sql as $$
  select l from jsonb_array_elements(pg_temp.board('officer') -> 'items') l where l ->> 'id' = fixture.is(p_item)::text $$;

-- the board
select is(pg_temp.board('officer') -> 'counts', '{"open": 2, "intents": 0, "without": 2, "quiet": 2}', 'two challenges are open and nobody has come');
select throws_ok($$select pg_temp.board('team')$$, 'WF403', 'role_missing', 'it is the bureau''s');
select api.item_intend(fixture.session('team'), fixture.req(), fixture.is('item'), '{"statement": "拟对接后揭榜。"}');
select api.item_contact(fixture.session('officer'), fixture.req(), fixture.is('item'), jsonb_build_object('kind', 'visit', 'held_at', '2026-09-01T09:00:00+08:00',
  'place', '示例厂区', 'people', '双方负责人', 'summary', '核对指标与试验条件。', 'unit', fixture.id('team单位')));
select is(pg_temp.line('item') - array['id', 'number', 'title', 'state', 'claim_until', 'last'],
  '{"posters": ["poster单位"], "intents": 1, "teams": ["team单位"], "claims": 0, "contacts": 1, "quiet": false}', 'who is interested, and that somebody was there');
select is(pg_temp.line('item') -> 'last' ->> 'unit', 'team单位', 'who with');
select is(jsonb_array_length(pg_temp.board('officer', '{"quiet": true}') -> 'items'), 1, 'what is quiet can be looked at alone');
select is(pg_temp.board('officer', '{"quiet": true}') ->> 'total', '1', 'and counted');
select fixture.at('2026-09-16 10:00+08');
select is(pg_temp.line('item') ->> 'quiet', 'true', 'after a fortnight it is quiet again');
select fixture.at('2026-09-01 11:00+08');

-- the record
select throws_ok($$select pg_temp.record('poster')$$, 'WF403', 'role_missing', 'the record is the bureau''s and the auditor''s');
select fixture.claim('item', 'team');
select fixture.submit('item', 'team');
select is(pg_temp.record('audit1', '{"machine": "claim"}') #> '{items,0,withheld}', 'true', 'who hands in a sealed claim is not said');
select is(pg_temp.record('audit1', '{"machine": "claim"}') #> '{items,0,person}', 'null', 'not even to the auditor');
select is(pg_temp.record('officer', '{"machine": "claim"}') #> '{items,0,unit}', 'null', 'nor whose it is');
select fixture.until('2026-09-15 17:00+08');
select api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('item'), fixture.key('item'));
select api.item_opening(fixture.session('officer2'), fixture.req(), fixture.is('item'), fixture.key('item'));
select is(pg_temp.record('audit1', '{"machine": "claim"}') #>> '{items,0,person,name}', 'team签署人', 'after the opening it is');
select is((select count(distinct l ->> 'machine')::int from jsonb_array_elements(pg_temp.record('audit1', '{"machine": "list_item"}') -> 'items') l), 1, 'of one kind');
select is((select count(distinct l #>> '{item,id}')::int from jsonb_array_elements(pg_temp.record('audit1', jsonb_build_object('item', fixture.is('item'))) -> 'items') l), 1, 'or of one thing');
select ok((select bool_and(l #>> '{person,id}' = fixture.id('team')::text) and count(*) > 0 from jsonb_array_elements(pg_temp.record('audit1', jsonb_build_object('person', fixture.id('team'))) -> 'items') l), 'or of one person');
select is(fixture.refusal($$select pg_temp.record('officer', jsonb_build_object('person', fixture.id('team')))$$), '422 invalid', 'which is for the auditor to ask');
select is(pg_temp.record('officer', jsonb_build_object('person', fixture.id('officer'))) ? 'items', true, 'of oneself anybody of the bureau may');
select is(jsonb_array_length(pg_temp.record('audit1', '{"until": "2026-08-31"}') -> 'items'), 0, 'until a day');
select ok(jsonb_array_length(pg_temp.record('audit1', '{"from": "2026-09-15", "until": "2026-09-15"}') -> 'items') > 0, 'or of a day');
select is(jsonb_array_length(pg_temp.record('audit1', '{"event": "nothing"}') -> 'items'), 0, 'or of one step');
select is((pg_temp.record('audit1', '{"size": 2}') #> '{items,1,seq}')::text, pg_temp.record('audit1', '{"size": 2}') ->> 'next', 'a page says where the next begins');
select is(pg_temp.record('audit1', jsonb_build_object('size', 1, 'before', pg_temp.record('audit1', '{"size": 2}') #> '{items,0,seq}')) #> '{items,0,seq}',
  pg_temp.record('audit1', '{"size": 2}') #> '{items,1,seq}', 'and it does');
select is(pg_temp.record('audit1', '{"size": 200}') -> 'next', 'null', 'the last has none');
select * from finish();
rollback;
