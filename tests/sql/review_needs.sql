-- Needs and panels where things go another way: the leading poster of a common need leaves, a panel is
-- given up, an expert changes sides, one person proposes and approves.
begin;
\ir fixtures/people.sql
\ir fixtures/programme.sql
select no_plan();
select fixture.city();
create function pg_temp.state(p_name text) returns text language sql as
$$ select state from workflow.item where id = fixture.id(p_name) $$;
create function pg_temp.merge(p_needs text[], p_more jsonb default '{}') returns uuid language sql as $$
  select ((api.need_merge(fixture.session('officer1'), fixture.req(), (fixture.need_body('硅片抛光共性技术') - array['batch', 'contact', 'commitments', 'secret', 'disclosure'])
    || jsonb_build_object('needs', (select jsonb_agg(fixture.id(n)) from unnest(p_needs) n), 'note', '三家企业的需求相近') || p_more)).body ->> 'id')::uuid
$$;

-- a common need
select fixture.pooled('a'), fixture.pooled('b', 'poster2'), fixture.pooled('c', 'poster3', 'county2');
select fixture.keep('ab', pg_temp.merge(array['a', 'b']));
select fixture.keep('abc', pg_temp.merge(array['ab', 'c']));
select ok((api.need_get(fixture.session('poster1'), fixture.req(), fixture.id('abc'))).body::jsonb #> '{content,contact}' is not null, 'the leading poster reads its own contact');
select is((api.need_get(fixture.session('poster3'), fixture.req(), fixture.id('abc'))).body::jsonb #> '{content,contact}', null, 'the other posters do not');
select ok((api.need_get(fixture.session('poster3'), fixture.req(), fixture.id('abc'))).body::jsonb #> '{content,indicators}' is not null, 'they read what is to be published');
select ok((api.need_versions(fixture.session('poster3'), fixture.req(), fixture.id('abc'))).body::text !~ '13800000000', 'among the versions too');
select fixture.event('poster1', 'abc', 'withdraw', '{"reason": "本企业另行解决"}');
select is(pg_temp.state('abc'), 'withdrawn', 'the leading poster withdraws the common need');
select is(pg_temp.state('c'), 'pooled', 'what another brought into it is in the library again');
select is(pg_temp.state('b'), 'pooled', 'also what came by an earlier merge');
select is(pg_temp.state('a'), 'merged', 'the leaver''s own is not');
select is((select merged_into from core.need where id = fixture.id('c')), null, 'it stands alone');
select lives_ok($$select fixture.keep('bc', pg_temp.merge(array['b', 'c']))$$, 'and may be merged anew');

-- a panel that never began takes nothing from one at work
select fixture.panel('p1', array['bc']), fixture.panel('p2', array['bc']);
select fixture.seat('p1', e) from unnest(array['expert1', 'expert2', 'expert3']) e;
select fixture.event('officer1', 'p1', 'open');
select fixture.event('officer1', 'p2', 'dissolve', '{"reason": "与另一专家组重复"}');
select is(pg_temp.state('bc'), 'arguing', 'a panel given up before it began leaves the need to the other one');

-- an expert who changes sides
select lives_ok($$select fixture.score('p1', 'expert1', 'bc', 80)$$, 'an expert scores');
select fixture.unit('示例集团', 'enterprise');
insert into party.unit_relation (unit, parent, kind, source) values
  (fixture.id('示例企业乙'), fixture.id('示例集团'), 'holding', '示例'), (fixture.id('示例大学乙'), fixture.id('示例集团'), 'subordinate', '示例');
select throws_ok($$select fixture.score('p1', 'expert2', 'bc', 80)$$, 'WF403', 'recused', 'a relation that came out since bars as one known before');
update party.membership set roles = '{member}' where person = fixture.id('expert3');
select throws_ok($$select fixture.score('p1', 'expert3', 'bc', 80)$$, 'WF403', 'role_missing', 'one who is no expert any more does not score');
select fixture.event('officer1', 'p1', 'dissolve', '{"reason": "回避后人数不足"}');
select is(pg_temp.state('bc'), 'pooled', 'the panel itself gives the need back');
update party.membership set roles = '{expert}' where person = fixture.id('expert3');
delete from party.unit_relation where parent = fixture.id('示例集团');

-- who proposes does not approve; and what is approved can be taken back by whoever approves
select fixture.person('both', '双岗甲', fixture.id('示例市科学技术局'), '{leader,officer}');
select fixture.argued('p3', array['bc']);
select api.need_word(fixture.session('both'), fixture.req(), fixture.id('bc'),
  (select core.need_content(fixture.need_body()) - array['contact', 'commitments', 'secret', 'disclosure', 'budget_fen', 'cash_fen']
     || jsonb_build_object('budget', content -> 'budget_fen', 'cash', content -> 'cash_fen', 'title', content -> 'title') from core.need where id = fixture.id('bc')));
select fixture.event('poster2', 'bc', 'agree');
select throws_ok($$select fixture.event('both', 'bc', 'approve')$$, 'WF403', 'other_person_needed', 'whoever proposed the wording does not approve it');
select lives_ok($$select fixture.event('leader1', 'bc', 'approve')$$, 'another leader does');
select lives_ok($$select fixture.event('leader1', 'bc', 'repool', '{"reason": "企业提出停产，不再入榜"}')$$, 'before it is listed a leader may take the approval back');
select lives_ok($$select fixture.event('poster2', 'bc', 'withdraw', '{"reason": "企业停产，不再需要"}')$$, 'and the poster may withdraw it');
select is(pg_temp.state('c'), 'pooled', 'and its partner is free once more');
select * from finish();
rollback;
