-- From the programme to the running project in one go: what the first half publishes is what the second
-- half works on.
begin;
\ir fixtures/people.sql
\ir fixtures/programme.sql
select no_plan();
select fixture.city();
select fixture.published(array['n1', 'n2']);
create function pg_temp.item() returns uuid language sql as $$ select id from core.list_item order by number limit 1 $$;
select is((select status from api.item_public(pg_temp.item())), 200, 'the challenge that the list published can be read');
select is((select body #>> '{content,indicators,0,name}' is not null from api.item_public(pg_temp.item())), true, 'with its indicators');
select is((select body::text ~ '1[3-9][0-9]{9}' from api.item_public(pg_temp.item())), false, 'and no telephone');
select fixture.person('wteam', '揭榜签署人', fixture.unit('示例大学丙', 'university'), '{member,signatory}');
create function pg_temp.body() returns jsonb language sql as $$
  select jsonb_build_object('leader', '{"name": "负责人丙", "in_post": true}'::jsonb, 'plan', '第一阶段完成设计，第二阶段完成中试，第三阶段交付并验证。',
    'risk', '技术路线可能受设备条件影响，已备选第二条路线。', 'ip', '{"choice": "joint"}'::jsonb,
    'commitments', '{"integrity": true, "no_ip_dispute": true, "clean_credit": true}'::jsonb,
    'milestones', '[{"name": "小试", "due": "2027-03-31"}]'::jsonb, 'budget', '[{"source": "poster", "amount": 600000000}]'::jsonb,
    'responses', (select jsonb_agg(jsonb_build_object('indicator', n::text, 'commit', 'yes', 'value', '1')) from core.list_item l,
                   jsonb_array_elements(l.content -> 'indicators') with ordinality e (i, n) where l.id = pg_temp.item())) $$;
create temp table made as select (api.claim_create(fixture.session('wteam'), fixture.req(), pg_temp.item(), pg_temp.body())).body ->> 'id' as claim;
select is((select (api.claim_submit(fixture.session('wteam'), fixture.req(), pg_temp.item(), claim::uuid, 'aa')).status from made), 201, 'a claim answers them');
select fixture.at((select claim_until from core.list_item where id = pg_temp.item()));
select ok(job.run_timers(10) > 0, 'its deadline fires');
select is((select state from workflow.item where id = pg_temp.item()), 'sealed', 'and the claims wait to be opened');
select is((select count(*)::int from workflow.item i where i.machine = 'batch' and i.state = 'claims_closed'), 1, 'with all of them past it the batch says so');
select * from finish();
rollback;
