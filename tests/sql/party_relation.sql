-- Affiliation (DOMAIN 0.6) and credit (DOMAIN 10).
begin;
\ir fixtures/people.sql
select no_plan();
select fixture.unit(n) from unnest(array['集团', '子一', '子二', '孙一', '曾孙', '外人', '小股东', '友商']) n;
select fixture.unit('国资委', 'government');
select fixture.unit('国企一'), fixture.unit('国企二');
select fixture.person('boss', '甲', fixture.id('子一'), '{member,signatory}');
select fixture.person('outsider', '乙', fixture.id('外人'), '{member,signatory}');
select fixture.person('officer', '局甲', fixture.unit('示例市科技局', 'government'), '{officer}');
select fixture.session(login) from auth.account;
create function pg_temp.rel(p_unit text, p_parent text, p_kind text, p_share numeric default null) returns void language sql as
$$ insert into party.unit_relation (unit, parent, kind, share, source) values (fixture.id(p_unit), fixture.id(p_parent), p_kind, p_share, 'test') $$;
select pg_temp.rel('子一', '集团', 'holding', 60), pg_temp.rel('子二', '集团', 'subordinate'), pg_temp.rel('孙一', '子一', 'branch'),
       pg_temp.rel('曾孙', '孙一', 'holding', 25), pg_temp.rel('小股东', '集团', 'holding', 24.99), pg_temp.rel('友商', '外人', 'related'),
       pg_temp.rel('国企一', '国资委', 'subordinate'), pg_temp.rel('国企二', '国资委', 'holding', 100);
create function pg_temp.kind(p_a text, p_b text) returns text language sql as $$ select party.affiliated(fixture.id(p_a), fixture.id(p_b)) ->> 'kind' $$;

select auth.enter_public();
select is(pg_temp.kind(a, b), want, a || ' and ' || b)
  from (values ('子一', '子一', 'same'), ('子一', '集团', 'above'), ('集团', '子一', 'above'), ('曾孙', '集团', 'above'), ('子一', '子二', 'common'),
               ('曾孙', '子二', 'common'), ('小股东', '集团', null), ('小股东', '子一', null), ('外人', '子一', null),
               ('友商', '外人', 'related'), ('外人', '友商', 'related'), ('国企一', '国资委', 'above'), ('国企一', '国企二', null)) v (a, b, want);
select is((select array_agg(p ->> 'name' order by n) from jsonb_array_elements(party.affiliated(fixture.id('曾孙'), fixture.id('子二')) -> 'path') with ordinality x (p, n)),
          '{曾孙,孙一,子一,集团,子二}', 'the way from one to the other is told');
select is((select array_agg(p ->> 'name' order by n) from jsonb_array_elements(party.affiliated(fixture.id('集团'), fixture.id('孙一')) -> 'path') with ordinality x (p, n)),
          '{集团,子一,孙一}', 'downward too');
select is(auth.context(), 'public', 'looking that far leaves the context as it was');
select pg_temp.rel('集团', '孙一', 'holding', 30);
select is(pg_temp.kind('集团', '外人'), null, 'circles of cross-holding end');
update party.unit_relation set until = workflow.today() where unit = fixture.id('子一');
select is(pg_temp.kind('子一', '集团'), 'above', 'through the circle it still holds');
delete from party.unit_relation where unit = fixture.id('集团');
select is(pg_temp.kind('子一', '集团'), null, 'a relation that has ended counts no more');
update party.unit_relation set until = workflow.today() + 1 where unit = fixture.id('子一');
select is(pg_temp.kind('子一', '集团'), 'above', 'until its last day it does');
update party.unit_relation set since = workflow.today() + 1, until = null where unit = fixture.id('子一');
select is(pg_temp.kind('子一', '集团'), null, 'nor does one that has not begun');

-- recording
create function pg_temp.record(p_by text, p_unit text, p_parent text, p_kind text default 'holding') returns api.answer language sql as
$$ select api.relation_put(fixture.session(p_by), fixture.req(), fixture.id(p_unit), jsonb_build_object('parent', fixture.id(p_parent), 'kind', p_kind, 'source', '企查示例', 'share', '51')) $$;
select is((pg_temp.record('boss', '子一', '友商')).status, 201, 'a unit declares its owners');
select is((select source from party.unit_relation where unit = fixture.id('子一') and parent = fixture.id('友商')), 'declared', 'as declared, whatever it says');
select is(pg_temp.kind('子一', '友商'), 'above', 'and it counts');
select throws_ok($$ select pg_temp.record('boss', '外人', '友商') $$, 'WF403', 'role_missing', 'not for others');
select throws_ok($$ select pg_temp.record('boss', '子一', '子一') $$, 'WF422', 'invalid', 'not itself');
select is((pg_temp.record('officer', '外人', '集团')).status, 201, 'the bureau records for any');
select is((select source from party.unit_relation where unit = fixture.id('外人') and kind = 'holding'), '企查示例', 'with its source');
select throws_ok($$ select api.relation_end(fixture.session('boss'), fixture.req(), fixture.id('子一'), fixture.id('友商')) $$, 'WF403', 'role_missing', 'a unit does not talk itself free');
select is((api.relation_end(fixture.session('officer'), fixture.req(), fixture.id('子一'), fixture.id('友商'))).status, 204, 'the bureau ends a relation');
select is(pg_temp.kind('子一', '友商'), null, 'which then is over');
select throws_ok($$ select api.relation_end(fixture.session('officer'), fixture.req(), fixture.id('子一'), fixture.id('友商')) $$, 'WF404', 'not_found', 'once');
select is(json_array_length((api.relations_list(fixture.session('boss'), fixture.req(), fixture.id('子一'))).body -> 'items'), 3, 'a unit sees both sides of its own');
select is(json_array_length((api.relations_list(fixture.session('outsider'), fixture.req(), fixture.id('子一'))).body -> 'items'), 0, 'and nothing of others');
select throws_ok($$ select api.relations_list(fixture.session('boss'), fixture.req(), gen_random_uuid()) $$, 'WF404', 'not_found', 'a unit that is not there has none');

-- credit
create function pg_temp.credit(p_by text, p_body jsonb) returns api.answer language sql as
$$ select api.credit_create(fixture.session(p_by), fixture.req(), '{"name": "子一", "level": "serious", "decision": "示例〔2026〕1 号", "starts": "2026-01-01", "ends": "2027-01-01", "source": "示例"}' || p_body) $$;
create function pg_temp.problem(p_on date) returns boolean language sql as $$ select party.credit_problem(fixture.id('子一'), null, p_on) is not null $$;
select is((pg_temp.credit('officer', jsonb_build_object('unit', fixture.id('子一')))).status, 201, 'the bureau records a decision');
select throws_ok($$ select pg_temp.credit('boss', jsonb_build_object('unit', fixture.id('外人'))) $$, 'WF403', 'role_missing', 'nobody else does');
select throws_ok($$ select pg_temp.credit('officer', '{}') $$, 'WF422', 'invalid', 'it is about somebody');
select throws_ok($$ select pg_temp.credit('officer', jsonb_build_object('unit', fixture.id('子一'), 'person', fixture.id('boss'))) $$, 'WF422', 'invalid', 'and about one');
select throws_ok($$ select pg_temp.credit('officer', jsonb_build_object('unit', fixture.id('子一'), 'ends', '2026-01-01')) $$, 'WF422', 'invalid', 'and lasts a day at least');
select throws_ok($$ select pg_temp.credit('officer', '{"unit": "00000000-0000-0000-0000-000000000000"}') $$, 'WF422', 'invalid', 'and about somebody who is there');
select auth.enter(fixture.session('outsider'), fixture.req());
select is(pg_temp.problem(d::date), want, 'on ' || d) from (values ('2025-12-31', false), ('2026-01-01', true), ('2026-12-31', true), ('2027-01-01', false)) v (d, want);
select is(party.credit_problem(fixture.id('子一'), null, '2026-06-01') -> 'records' -> 0 ->> 'decision', '示例〔2026〕1 号', 'the decision is named');
select is(party.credit_problem(fixture.id('外人'), null, '2026-06-01'), null, 'nothing stands against others');
select is(json_array_length((api.credits_list(fixture.session('boss'), fixture.req())).body -> 'items'), 1, 'a unit reads what stands against it');
select is(json_array_length((api.credits_list(fixture.session('outsider'), fixture.req())).body -> 'items'), 0, 'nobody else does');
select throws_ok($$ select api.credit_revoke(fixture.session('boss'), fixture.req(), (select id from party.credit), '{"note": "x"}') $$, 'WF403', 'role_missing', 'no unit takes a record back');
select throws_ok($$ select api.credit_revoke(fixture.session('officer'), fixture.req(), gen_random_uuid(), '{"note": "x"}') $$, 'WF404', 'not_found', 'nor one that is not there');
select isnt((api.credit_revoke(fixture.session('officer'), fixture.req(), (select id from party.credit), '{"note": "复议撤销"}')).body ->> 'revoked_at', null, 'the bureau does');
select is(pg_temp.problem('2026-06-01'), false, 'then it bars no more');
select throws_ok($$ select api.credit_revoke(fixture.session('officer'), fixture.req(), (select id from party.credit), '{"note": "x"}') $$, 'WF409', 'already_decided', 'once');
select pg_temp.credit('officer', jsonb_build_object('person', fixture.id('boss'), 'level', 'blacklist'));
select isnt(party.credit_problem(null, fixture.id('boss'), '2026-06-01'), null, 'a leader''s own record bars too');
select pg_temp.credit('officer', jsonb_build_object('unit', fixture.id('外人'), 'level', 'general'));
select is(party.credit_problem(fixture.id('外人'), null, '2026-06-01'), null, 'a general one does not');
select isnt(party.credit_problem(fixture.id('外人'), null, '2026-06-01', '{general}'), null, 'unless the programme asks for it');
select finish();
rollback;
