-- Who is told of units, their people and roles; and what goes out by mail.
begin;
\ir fixtures/people.sql
select no_plan();
select fixture.recommender('示例县科技局', 'X1');
select fixture.recommender('示例区管委会', 'X2', 'zone');
select fixture.person('boss', '企业甲', fixture.unit('示例企业甲', p_state => 'rejected', p_recommender => fixture.id('recommender 示例县科技局')), '{member,signatory}');
select fixture.person('clerk', '企业甲二', fixture.id('示例企业甲'), '{member}');
select fixture.person('newbie', '新人', fixture.unit('示例大学', 'university'), '{member}');
select fixture.person('other', '旁人', fixture.id('示例大学'), '{member}');
select fixture.person('officer', '局甲', fixture.unit('示例市科技局', 'government'), '{officer}');
select fixture.person('sys', '管甲', fixture.id('示例市科技局'), '{sysadmin}');
select fixture.person('sec', '管乙', fixture.id('示例市科技局'), '{secadmin}');
select fixture.person('county', '县甲', fixture.id('示例县科技局'), '{county}');
select fixture.person('zone', '区甲', fixture.id('示例区管委会'), '{county}');
select fixture.session(login) from auth.account;

-- delivers what waits; "login kind" of whom it told
create function pg_temp.told() returns text[] language plpgsql as $$
declare
  v_ret text[];
begin
  perform job.deliver_inbox(o.id) from (select id from workflow.outbox where kind = 'inbox' and done_at is null order by id) o;
  select coalesce(array_agg(a.login || ' ' || n.kind order by a.login, n.kind), '{}') into v_ret
    from workflow.inbox n join auth.account a on a.id = n.person join workflow.outbox o on o.id = n.outbox where o.done_at is null;
  update workflow.outbox set done_at = now() where kind = 'inbox';
  return v_ret;
end; $$;
create function pg_temp.put(p_unit text) returns api.answer language sql as $$
  select api.unit_put(fixture.session('boss'), fixture.req(version), id, jsonb_build_object('code', code, 'name', name, 'kind', kind, 'recommender', recommender))
    from party.unit where id = fixture.id(p_unit) $$;
create function pg_temp.decide(p_decision text, p_reason text default null) returns api.answer language sql as $$
  select api.unit_decide(fixture.session('officer'), fixture.req(), fixture.id('示例企业甲'), jsonb_build_object('decision', p_decision, 'reason', p_reason)) $$;
create function pg_temp.m(p_login text) returns uuid language sql as
$$ select id from party.membership where person = fixture.id(p_login) and unit = fixture.id('示例企业甲') and state <> 'ended' $$;
create function pg_temp.mails() returns setof jsonb language sql as
$$ select payload from workflow.outbox where kind = 'mail' order by id $$;
create function pg_temp.mail(p_login text, p_on boolean) returns api.answer language sql as
$$ select api.notifications_put(fixture.session(p_login), fixture.req(), jsonb_build_object('mail', p_on)) $$;

-- units
select api.register('$argon2id$x', jsonb_build_object('login', 'fresh', 'name', '新企业', 'consent_version', '1', 'unit', jsonb_build_object(
  'code', fixture.code('示例企业新'), 'name', '示例企业新', 'kind', 'enterprise', 'recommender', fixture.id('recommender 示例县科技局'))), fixture.req());
select is(pg_temp.told(), '{county unit_pending,officer unit_pending}', 'a new unit is told to the bureau and to its own county');
select is((select i -> 'params' ->> 'title' from api.inbox(fixture.session('officer'), fixture.req()) b, jsonb_array_elements(b.body::jsonb -> 'items') i), '示例企业新', 'by its name');
select is((select i #> '{params,label}' from api.inbox(fixture.session('county'), fixture.req()) b, jsonb_array_elements(b.body::jsonb -> 'items') i),
          '{"zh": "单位待核验", "en": "a unit awaits verification"}', 'in both languages');
select pg_temp.put('示例企业甲');
select is(pg_temp.told(), '{county unit_pending,officer unit_pending}', 'so is one that tries again');
select pg_temp.decide('verify');
select is(pg_temp.told(), '{boss unit_verified}', 'the bureau''s word reaches the unit''s signatories');
select pg_temp.decide('suspend', '年报逾期');
select is(pg_temp.told(), '{boss unit_suspended}', 'good or bad');
select is((select i #>> '{params,reason}' from api.inbox(fixture.session('boss'), fixture.req()) b, jsonb_array_elements(b.body::jsonb -> 'items') i limit 1), '年报逾期', 'with its reason');
select pg_temp.decide('verify');
select pg_temp.told();

-- people
select api.member_invite(fixture.session('boss'), fixture.req(), fixture.id('示例企业甲'), '{"login": "newbie"}');
select is(pg_temp.told(), '{newbie member_invited}', 'an invitation reaches the invited');
select api.membership_answer(fixture.session('newbie'), fixture.req(), pg_temp.m('newbie'), '{"accept": true}');
select is(pg_temp.told(), '{boss member_accepted}', 'the answer reaches the unit');
select api.unit_create(fixture.session('other'), fixture.req(), jsonb_build_object('code', fixture.code('示例企业甲'), 'name', '示例企业甲', 'kind', 'enterprise'));
select is(pg_temp.told(), '{boss member_asked}', 'who asks to join is announced to the signatories');
select api.membership_answer(fixture.session('boss'), fixture.req(), pg_temp.m('other'), '{"accept": false}');
select is(pg_temp.told(), '{other member_declined}', 'and hears the answer');
update party.membership set roles = '{member}' where person = fixture.id('boss');
select api.unit_create(fixture.session('zone'), fixture.req(), jsonb_build_object('code', fixture.code('示例企业甲'), 'name', '示例企业甲', 'kind', 'enterprise'));
select is(pg_temp.told(), '{officer member_asked}', 'where nobody signs, to the bureau');
update party.membership set roles = '{member,signatory}' where person = fixture.id('boss');

-- roles
create temp table asked as select (api.role_ask(fixture.session('sys'), fixture.req(), fixture.id('clerk'),
  jsonb_build_object('membership', pg_temp.m('clerk'), 'action', 'add', 'roles', '["broker"]'::jsonb, 'reason', '岗位职责'))).body ->> 'id' as id;
select is(pg_temp.told(), '{sec role_asked}', 'roles asked for are told to who decides');
select api.role_decide(fixture.session('sec'), fixture.req(), id::uuid, '{"decision": "granted"}') from asked;
select is(pg_temp.told(), '{clerk role_granted}', 'and the decision to whom it is about');

-- mail
select is((select count(*) from pg_temp.mails()), 0::bigint, 'nobody gets mail unasked');
select is(array(select name from workflow.machine where job.path_of(jsonb_build_object('machine', name, 'parent', gen_random_uuid()), gen_random_uuid()) = '/inbox'),
          '{}', 'whatever has a state has a page that a mail can lead to');
select is(job.path_of('{"machine": "claim", "parent": "a0000000-0000-4000-8000-000000000000"}', 'b0000000-0000-4000-8000-000000000000'),
          '/items/a0000000-0000-4000-8000-000000000000/claims/b0000000-0000-4000-8000-000000000000', 'a claim''s is under its challenge');
select is((api.account_get(fixture.session('boss'), fixture.req())).body ->> 'mail', 'false', 'it is off until it is switched on');
update party.person set email = null where id = fixture.id('county');
select throws_ok($$ select pg_temp.mail('county', true) $$, 'WF409', 'email_missing', 'it needs an address');
select is((pg_temp.mail('county', false)).status, 200, 'switching off does not');
select is((pg_temp.mail('boss', true)).body ->> 'mail', 'true', 'a person switches it on');
select pg_temp.decide('suspend', '年报逾期');
select is(pg_temp.told(), '{boss unit_suspended}', 'what is told in the inbox');
select is((select array_agg(m ->> 'to') from pg_temp.mails() m), '{boss@example.org}', 'goes to that address');
select is((select m ->> 'subject' from pg_temp.mails() m), '【揭榜挂帅】单位已暂停使用：示例企业甲', 'under what it is about');
select ok((select m ->> 'text' like '%the unit has been suspended%' from pg_temp.mails() m), 'in both languages');
select ok((select m ->> 'text' not like '%年报逾期%' from pg_temp.mails() m), 'without the reason, which stays on the platform');
select job.deliver_inbox(max(id)) from workflow.outbox where kind = 'inbox';
select is((select count(*) from pg_temp.mails()), 1::bigint, 'delivering again sends nothing again');
select pg_temp.mail('boss', false);
select pg_temp.decide('verify');
select pg_temp.told();
select is((select count(*) from pg_temp.mails()), 1::bigint, 'once it is off no mail goes out');
select pg_temp.mail('boss', true);
update auth.account set state = 'disabled' where id = fixture.id('boss');
select pg_temp.decide('suspend', '年报逾期');
select pg_temp.told();
select is((select count(*) from pg_temp.mails()), 1::bigint, 'nor to an account that is disabled');
select * from finish();
rollback;
