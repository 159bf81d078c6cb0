-- A bureau that begins with nothing: units without people yet, recommenders, whom to invite to a panel.
begin;
\ir fixtures/people.sql
select no_plan();
select fixture.person('officer', '局甲', fixture.unit('示例市科技局', 'government'), '{officer}');
select fixture.person('sys', '管甲', fixture.id('示例市科技局'), '{sysadmin}');
select fixture.person('boss', '企业甲', fixture.unit('示例企业甲'), '{member,signatory}');
select fixture.person('expert1', '专家甲', fixture.unit('示例大学甲', 'university'), '{expert}');
select fixture.person('expert2', '专家乙', fixture.id('示例大学甲'), '{expert}');
select fixture.session(login) from auth.account;
create function pg_temp.unit(p_by text, p_name text) returns api.answer language sql as
$$ select api.unit_create(fixture.session(p_by), fixture.req(), jsonb_build_object('name', p_name, 'kind', 'government', 'code', fixture.code(p_name))) $$;
create function pg_temp.recommender(p_by text, p_more jsonb, p_id uuid default null) returns api.answer language sql as $$
  select case when p_id is null then api.recommender_create(fixture.session(p_by), fixture.req(), b)
              else api.recommender_put(fixture.session(p_by), fixture.req(), p_id, b) end
    from (select '{"code": "X1", "name": "示例县科技局", "kind": "county"}'::jsonb || p_more) x (b) $$;
create function pg_temp.candidates(p_by text, p_query jsonb default '{}') returns jsonb language sql as
$$ select (api.panel_candidates(fixture.session(p_by), fixture.req(null, p_query))).body::jsonb $$;

-- units
select is((pg_temp.unit('officer', '示例县科技局')).body ->> 'state', 'verified', 'a unit that an officer enters is verified');
select ok(not exists (select from party.membership where unit = (select id from party.unit where name = '示例县科技局')), 'and the officer does not belong to it');
select is((pg_temp.unit('sys', '示例市人民政府')).body ->> 'state', 'pending', 'one that an administrator enters waits for the bureau');
select is((select array_agg(unit) from party.membership where person = fixture.id('sys')), array[fixture.id('示例市科技局')], 'and the administrator gets no business of its own');
select throws_ok($$ select pg_temp.unit('officer', '示例县科技局') $$, 'WF409', 'unit_exists', 'a unit is entered once');
select is((pg_temp.unit('boss', '示例新单位')).body ->> 'state', 'pending', 'whoever else registers a unit');
select ok(exists (select from party.membership where person = fixture.id('boss') and unit = (select id from party.unit where name = '示例新单位')), 'belongs to it');

-- recommenders
create temp table county as select ((pg_temp.recommender('officer', '{}')).body ->> 'id')::uuid as id;
select is((select unit from party.recommender where id = (select id from county)), null, 'a recommender may be there before its people');
select is((pg_temp.recommender('officer', jsonb_build_object('unit', (select id from party.unit where name = '示例县科技局')), (select id from county))).status, 200, 'and gets them later');
select is((select u.name from party.recommender r join party.unit u on u.id = r.unit where r.id = (select id from county)), '示例县科技局', 'who act for it from then on');
select throws_ok($$ select pg_temp.recommender('boss', '{}', (select id from county)) $$, 'WF403', 'role_missing', 'not by anybody');
select throws_ok($$ select pg_temp.recommender('officer', '{}', gen_random_uuid()) $$, 'WF404', 'not_found', 'one that is not there is not changed');
select throws_ok($$ select pg_temp.recommender('officer', jsonb_build_object('unit', gen_random_uuid()), (select id from county)) $$, 'WF422', 'invalid', 'nor given to nobody');
select pg_temp.recommender('officer', '{"code": "X2", "name": "示例区管委会", "kind": "zone"}');
select throws_ok($$ select pg_temp.recommender('officer', '{"code": "X2"}', (select id from county)) $$, 'WF409', 'recommender_exists', 'a code belongs to one');

-- experts
select is((select array_agg(i #>> '{person,name}') from jsonb_array_elements(pg_temp.candidates('officer') -> 'items') i), '{专家乙,专家甲}', 'an officer finds the experts');
select is((select array_agg(i #>> '{person,id}') from jsonb_array_elements(pg_temp.candidates('officer', '{"q": "乙"}') -> 'items') i), array[fixture.id('expert2')::text], 'by name');
select is(pg_temp.candidates('officer') #>> '{items,1,units,0,name}', '示例大学甲', 'with where they work');
select ok(pg_temp.candidates('officer')::text not like '%13800000000%', 'without how to reach them');
select throws_ok($$ select pg_temp.candidates('boss') $$, 'WF403', 'role_missing', 'an enterprise does not');
update auth.account set state = 'disabled' where id = fixture.id('expert1');
select is((pg_temp.candidates('officer') ->> 'total')::int, 1, 'a disabled account is not among them');
select is(auth.context(), 'person', 'and the look leaves nobody with the rights of the service');
select * from finish();
rollback;
