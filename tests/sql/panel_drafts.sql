-- Sheets that are not finished: kept for their expert alone, and read from a table filled in offline.
begin;
select no_plan();
\ir fixtures/people.sql
\ir fixtures/programme.sql
select fixture.city();
select fixture.pooled('a'), fixture.pooled('b', 'poster2');
select fixture.unit('示例集团', 'enterprise');
insert into party.unit_relation (unit, parent, kind, source) values
  (fixture.id('示例企业甲'), fixture.id('示例集团'), 'holding', '示例'), (fixture.id('示例大学己'), fixture.id('示例集团'), 'subordinate', '示例');
select fixture.panel('p', array['a', 'b'], array['expert1', 'expert2', 'expert3', 'expert4', 'expert6']);
select fixture.seat('p', e) from unnest(array['expert1', 'expert2', 'expert3', 'expert6']) e;

create function pg_temp.draft(p_expert text, p_subject text, p_body jsonb) returns api.answer language sql as $$
  select api.panel_draft(fixture.session(p_expert), fixture.req(), fixture.id('p'), fixture.id(p_subject), p_body)
$$;
create function pg_temp.paper(p_expert text, p_subject text) returns jsonb language sql as $$
  select (api.panel_get(fixture.session(p_expert), fixture.req(), fixture.id('p'))).body::jsonb #> array['papers', fixture.id(p_subject)::text]
$$;
create function pg_temp.csv(p_expert text) returns text language sql as $$
  select text from api.panel_sheets_csv(fixture.session(p_expert), fixture.req(), fixture.id('p'))
$$;
create function pg_temp.read(p_expert text, p_text text) returns api.answer language sql as $$
  select api.panel_sheets_read(fixture.session(p_expert), fixture.req(), fixture.id('p'), p_text)
$$;

select throws_ok($$select pg_temp.draft('expert1', 'a', '{}')$$, 'WF409', 'step_not_allowed', 'there are no drafts before the panel is at work');
select fixture.event('officer1', 'p', 'open');
select is((pg_temp.draft('expert1', 'a', '{"scores": {"necessity": 80, "novelty": "", "benefit": null}, "comment": ""}')).status, 200, 'a draft may have gaps');
select is(pg_temp.paper('expert1', 'a') - 'at', '{"scores": {"necessity": 80}, "comment": null, "draft": true, "given": 1, "of": 4}', 'and its expert goes on from it');
select is((api.panel_get(fixture.session('expert1'), fixture.req(), fixture.id('p'))).body::jsonb -> 'sheets', '{}', 'it is no sheet');
select is((api.panel_get(fixture.session('officer1'), fixture.req(), fixture.id('p'))).body::jsonb #>> '{conclusion,missing}', '7', 'and counts for none');
select is((api.panel_get(fixture.session('officer1'), fixture.req(), fixture.id('p'))).body::jsonb -> 'papers', '{}', 'nobody else sees it');
select is(pg_temp.paper('expert2', 'a'), null, 'no other expert either');
select is(fixture.errors($$select pg_temp.draft('expert1', 'a', '{"scores": {"necessity": 101, "colour": 3}}')$$), 'scores.necessity too_large, scores.colour unknown_field', 'a mark is one of its criterion, or none');
select throws_ok($$select pg_temp.draft('expert4', 'a', '{}')$$, 'WF403', 'not_accepted', 'who has not accepted drafts nothing');
select throws_ok($$select pg_temp.draft('expert6', 'a', '{}')$$, 'WF403', 'recused', 'nor who is recused');
select throws_ok($$select api.panel_draft(fixture.session('expert1'), fixture.req(), fixture.id('p'), gen_random_uuid(), '{}')$$, 'WF404', 'not_found', 'nor of anything that is not before the panel');
select fixture.score('p', 'expert1', 'a', 85);
select is(pg_temp.paper('expert1', 'a') ->> 'draft', 'false', 'a sheet handed in ends its draft');
select pg_temp.draft('expert1', 'a', '{"scores": {"necessity": 10}}');
select is((select total from core.score where person = fixture.id('expert1')), 85.00, 'and a new draft changes no sheet');

select is(core.draft_scores('{"a": 200}', '[{"code": "a", "name": "必要性"}]', 'x.') #> '{errors,0,label}', '{"zh": "必要性", "en": "必要性"}', 'a refused mark is named by its criterion');
select is(core.draft_scores('{"a": 200}', '[{"code": "a", "name": "必要性"}]', 'x.', 3) #> '{errors,0,label}', '{"zh": "第3行必要性", "en": "line 3, 必要性"}', 'and by its line');

-- offline
select is((regexp_split_to_array(pg_temp.csv('expert2'), E'\r\n'))[1], E'\uFEFF序号,项目,单位,' || (select string_agg(format('%s（%s%%）', c ->> 'name', c ->> 'weight'), ',' order by n)
  from core.panel, jsonb_array_elements(criteria) with ordinality t (c, n) where id = fixture.id('p')) || ',意见,id', 'the table names its criteria and their weights');
select is(cardinality(regexp_split_to_array(pg_temp.csv('expert2'), E'\r\n')), 4, 'a line for each subject');
select is(cardinality(regexp_split_to_array(pg_temp.csv('expert6'), E'\r\n')), 3, 'but not for one with a conflict');
select throws_ok($$select pg_temp.csv('expert5')$$, 'WF404', 'not_found', 'it is for members');
create function pg_temp.filled(p_a text, p_b text) returns text language sql as $$
  select (regexp_split_to_array(pg_temp.csv('expert2'), E'\r\n'))[1] || E'\r\n1,甲,,' || p_a || ',' || fixture.id('a') || E'\r\n2,乙,,' || p_b || ',' || fixture.id('b') || E'\r\n'
$$;
select is((pg_temp.read('expert2', pg_temp.filled('80,70.5,,90,"指标可测，建议支持。"', ',,,,'))).status, 200, 'it comes back with gaps');
select is(pg_temp.paper('expert2', 'a') - array['at', 'of'], '{"scores": {"necessity": 80, "novelty": 70.5, "benefit": 90}, "comment": "指标可测，建议支持。", "draft": true, "given": 3}', 'as a draft');
select is(pg_temp.paper('expert2', 'b'), null, 'an empty line is passed over');
select ok(pg_temp.csv('expert2') like '%,80,70.5,,90,指标可测，建议支持。,%', 'and what was brought back is taken along again');
select fixture.score('p', 'expert2', 'b', 90);
select is((pg_temp.read('expert2', pg_temp.csv('expert2'))).status, 200, 'a line that says what stands there already');
select is(pg_temp.paper('expert2', 'b') ->> 'draft', 'false', 'makes no draft');
select is((select count(*)::int from core.score where person = fixture.id('expert2')), 1, 'nothing is handed in by that');
select is(fixture.errors($$select pg_temp.read('expert2', pg_temp.filled('八十,120,1.25,,', ',,,,'))$$), 'rows[2].necessity not_a_number, rows[2].novelty too_large, rows[2].feasibility too_many_decimals', 'each bad cell is named by its line');
select is(fixture.errors($$select pg_temp.read('expert2', 'a,b' || E'\n1,2\n')$$), (select string_agg(format('%s（%s%%） missing_column', c ->> 'name', c ->> 'weight'), ', ' order by n)
  from core.panel, jsonb_array_elements(criteria) with ordinality t (c, n) where id = fixture.id('p')) || ', 意见 missing_column, id missing_column', 'a table without its columns');
select is(fixture.errors($$select pg_temp.read('expert2', replace(pg_temp.filled('80,,,,', ',,,,'), fixture.id('a')::text, 'zz'))$$), 'rows[2].id not_known', 'a line of nothing');
select is(fixture.errors($$select pg_temp.read('expert6', pg_temp.filled('80,,,,', ',,,,'))$$), 'rows[2].id not_known', 'nor of what one is recused from');
select is(fixture.errors($$select pg_temp.read('expert2', pg_temp.filled(',,,,' || repeat('长', 2001), ',,,,'))$$), 'rows[2].comment too_long', 'an opinion has an end');
select throws_ok($$select pg_temp.read('expert2', pg_temp.filled(',,,,', ',,,,'))$$, 'WF422', 'import_empty', 'an empty table is none');
select throws_ok($$select pg_temp.read('expert2', 'a"b')$$, 'WF422', 'csv_malformed', 'nor is what is no table');
select throws_ok($$select pg_temp.read('expert4', 'a')$$, 'WF403', 'not_accepted', 'only who has accepted brings sheets back');
select api.panel_recuse(fixture.session('expert2'), fixture.req(), fixture.id('p'), jsonb_build_object('subject', fixture.id('a'), 'reason', '曾参与该企业前期咨询'));
select is(pg_temp.paper('expert2', 'a'), null, 'a declared conflict ends the draft');
select * from finish();
rollback;
