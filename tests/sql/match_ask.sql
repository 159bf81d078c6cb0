-- What the engine is asked: whose scopes, which filters, and who is left out before anything is ranked.
begin;
\ir fixtures/people.sql
\ir fixtures/programme.sql
select no_plan();
select fixture.city();
select fixture.pooled('n', 'poster1');

create function pg_temp.ask(p_login text, p_name text, p_id uuid default null, p_given jsonb default '{}') returns jsonb language sql as $$
  select (api.match_ask(case when p_login <> '' then fixture.session(p_login) end, fixture.req(), p_name, p_id, p_given)).body::jsonb
$$;

-- scopes
select is(pg_temp.ask('officer1', 'need_experts', fixture.id('n')) #> '{filter,scopes}',
          jsonb_build_array('public', 'signed', 'bureau', 'unit:' || fixture.id('示例市科学技术局'), 'person:' || fixture.id('officer1')), 'an officer asks as the bureau');
select is(pg_temp.ask('poster1', 'need_experts', fixture.id('n')) #> '{filter,scopes}',
          jsonb_build_array('public', 'signed', 'unit:' || fixture.id('示例企业甲'), 'person:' || fixture.id('poster1')), 'a poster as its unit');
select ok(pg_temp.ask('county1', 'need_experts', fixture.id('n')) #> '{filter,scopes}'
          ? ('recommender:' || (select id from party.recommender where code_local = 'SLJ')), 'a county as the recommender it is');
select ok(pg_temp.ask('expert1', 'text', null, '{"text": "抛光"}') #>> '{filter,scopes}' !~ 'recommender|bureau', 'an expert as neither');
select is(pg_temp.ask('', 'search_expert', null, '{"q": "抛光"}') #> '{filter,scopes}', '["public"]', 'whoever has not signed in sees what is public');
select is(pg_temp.ask('officer1', 'search_expert', null, '{"q": "抛光"}') #> '{filter,scopes}', '["public"]', 'and a search is the same for everybody');
select throws_ok($$select pg_temp.ask('', 'need_experts', fixture.id('n'))$$, 'WF401', 'session_missing', 'suggestions are for those who have signed in');
select throws_ok($$select pg_temp.ask('poster2', 'need_experts', fixture.id('n'))$$, 'WF404', 'not_found', 'of a need that one may not see nothing is asked');
select throws_ok($$select pg_temp.ask('officer1', 'item_experts', fixture.id('n'))$$, 'WF404', 'not_found', 'nor of one thing as if it were another');

-- the question
select is(pg_temp.ask('officer1', 'need_units', fixture.id('n')) -> 'subject', jsonb_build_object('id', fixture.id('n')), 'a record is named by its id');
select is(pg_temp.ask('officer1', 'need_units', fixture.id('n')) #> '{filter,kinds}', '["unit"]', 'with what is looked for');
select fixture.draft('d', 'poster1');
select is(pg_temp.ask('poster1', 'need_experts', fixture.id('d')) #>> '{subject,title}', '低缺陷半导体级抛光硅片制备技术', 'a draft, which no index holds, is sent as text');
select ok(pg_temp.ask('poster1', 'need_experts', fixture.id('d')) #>> '{subject,body}' like '%表面颗粒数 ≤30个/片%', 'with its indicators');
select is(pg_temp.ask('officer1', 'text', null, '{"text": "抛光工艺", "title": "硅片"}') -> 'subject', '{"title": "硅片", "body": "抛光工艺"}', 'words go as they were sent');
select is((pg_temp.ask('officer1', 'need_experts', fixture.id('n'), '{"field": "material", "division": "210700", "title_level": "senior", "trl_min": 3, "year_min": 2015}')
            -> 'filter') - '{scopes,kinds,not_ids,not_units,not_persons}'::text[],
          '{"fields": ["field:material"], "division": "2107", "levels": ["senior"], "trl_min": 3, "year_min": 2015}', 'filters are the engine''s own');
select is(pg_temp.ask('officer1', 'need_experts', fixture.id('n'), '{"near": "210700", "near_weight": 80}') -> 'near_weight', '0.8', 'a preference is weighed');
select is(pg_temp.ask('officer1', 'need_experts', fixture.id('n')) -> 'near', null, 'and there is none that nobody asked for');
select is(pg_temp.ask('officer1', 'need_experts', fixture.id('n'), '{"page": 3, "size": 10}') -> 'offset', '20', 'pages are offsets');
select throws_ok($$select pg_temp.ask('officer1', 'need_experts', fixture.id('n'), '{"page": 100, "size": 50}')$$, 'WF422', 'page_too_deep', 'that end at a thousand');
select is(jsonb_array_length(pg_temp.ask('officer1', 'need_teams', fixture.id('n')) -> 'parts'), 2, 'a team is asked for by indicators');
select is(pg_temp.ask('poster1', 'need_teams', fixture.draft('bare', 'poster1', '{"indicators": null}')) - 'filters' - 'engine',
          '{"by": "unit", "team": [], "uncovered": [], "indicators": []}', 'without any nobody is asked');
select is(pg_temp.ask('officer1', 'batch_groups', fixture.id('batch')) #> '{filter,units}', jsonb_build_array(fixture.id('n')), 'groups are made of the needs of the batch, without drafts');

-- who is too near
select ok(pg_temp.ask('officer1', 'need_experts', fixture.id('n')) #> '{filter,not_units}' ? fixture.id('示例企业甲')::text, 'the poster is left out');
select ok(pg_temp.ask('officer1', 'need_experts', fixture.id('n')) #> '{filter,not_persons}' ? fixture.id('clerk1')::text, 'with its people');
insert into party.unit_relation (unit, parent, kind, share, source) values
  (fixture.unit('示例子公司'), fixture.id('示例企业甲'), 'holding', 60, '示例'), (fixture.unit('示例孙公司'), fixture.id('示例子公司'), 'branch', null, '示例'),
  (fixture.id('示例企业甲'), fixture.unit('示例集团'), 'subordinate', null, '示例'), (fixture.unit('示例兄弟公司'), fixture.id('示例集团'), 'subordinate', null, '示例'),
  (fixture.unit('示例参股公司'), fixture.id('示例企业甲'), 'holding', 10, '示例'),
  (fixture.id('示例集团'), fixture.unit('示例国资委', 'government'), 'subordinate', null, '示例'), (fixture.unit('示例国企'), fixture.id('示例国资委'), 'subordinate', null, '示例'),
  (fixture.unit('示例关联方'), fixture.id('示例企业甲'), 'related', null, '示例');
create temp table out as select jsonb_array_elements_text(pg_temp.ask('officer1', 'need_units', fixture.id('n')) #> '{filter,not_units}')::uuid as unit;
select is(array(select u.name from out o join party.unit u on u.id = o.unit order by 1), array(select unnest(array['示例企业甲', '示例子公司', '示例孙公司',
          '示例集团', '示例兄弟公司', '示例国资委', '示例关联方']) order by 1), 'and all that belong together with it; not those of a small share, nor by the state alone');
select fixture.panel('p', array['n']), fixture.seat('p', 'expert2');
insert into core.recusal (panel, person, subject, reason, source, at) values (fixture.id('p'), fixture.id('expert2'), fixture.id('n'), '曾任顾问', 'declared', now());
select ok(pg_temp.ask('officer1', 'need_experts', fixture.id('n')) #> '{filter,not_persons}' ? fixture.id('expert2')::text, 'whoever was recused is left out');
select ok(not pg_temp.ask('officer1', 'need_experts', fixture.id('n')) #> '{filter,not_persons}' ? fixture.id('expert3')::text, 'whoever was not is not');
select is(pg_temp.ask('officer1', 'need_duplicates', fixture.id('n')) #> '{filter,not_units}', null, 'duplicates are looked for among the poster''s own too');
select is(pg_temp.ask('poster1', 'unit_challenges', fixture.id('示例企业甲')) #> '{filter,states}', '["open", "interested"]', 'challenges are open ones');
select * from finish();
rollback;
