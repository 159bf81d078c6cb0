-- Whom the engine tells of a record: exactly those to whom the row policies show it, step by step from the
-- challenge to the project. (tests/api/feed.test.mjs asks the same of a whole city.)
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
\ir lib/feed_scopes.sql
select no_plan();
select fixture.city();
select fixture.recommender('示例县科技局', 'xian-1');
select fixture.person('county', '县经办甲', fixture.id('示例县科技局'), '{county}');
select fixture.person('audit', '审计甲', fixture.id('示例市科学技术局'), '{auditor}');
select fixture.person('member', '专家甲', fixture.unit('示例院所甲', 'institute'), '{expert}');
select fixture.unit('示例待核单位', 'enterprise', 'pending');
select fixture.challenge('open'), fixture.challenge('masked', 'jinzhou', '{"claims": {"sealed": true}}', 'masked');
update workflow.item set recommender = fixture.id('recommender 示例县科技局') where machine in ('need', 'list_item');
grant usage on schema public to jb_api;

create function pg_temp.agree(p_when text) returns text language sql as $$
  select is((select string_agg(format('%s: %s %s %s', asker, kind, id, what), E'\n') from public.scope_faults()), null, p_when)
$$;
select pg_temp.agree('published challenges and the needs behind them');
select is((select count(*) from public.fed_now() where kind = 'item'), 2::bigint, 'both challenges are fed');
select is((select count(*) from public.fed_now() where kind = 'unit' and id = fixture.id('示例待核单位')), 0::bigint, 'a unit that nobody has verified is not');

select fixture.claim('masked', 'team', jsonb_build_array(jsonb_build_object('unit', fixture.id('partner单位'), 'duty', '检测')));
select is((select count(*) from public.fed_now() where kind = 'claim'), 0::bigint, 'a draft of a claim is not fed');
select fixture.claim('open', 'team2');
select fixture.submit('open', 'team2');
select pg_temp.agree('claims that are sealed');
select is((select count(*) from public.fed_now() where kind = 'claim' and id in (select id from core.claim where sealed is not null)), 0::bigint,
          'a sealed claim is fed to nobody');
select fixture.until('2026-09-15 17:00+08');
select api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('open'), fixture.key('open'));
select api.item_opening(fixture.session('officer2'), fixture.req(), fixture.is('open'), fixture.key('open'));
select is((select count(*) from public.fed_now() where kind = 'claim'), 1::bigint, 'an opened one is fed');
select is((select scopes from public.fed_now() where kind = 'claim') ? ('unit:' || fixture.id('poster单位')), true, 'to the poster too');
select pg_temp.agree('claims that are open');
select workflow.as_system(), workflow.add_party(fixture.is('open team2'), 'member', null, fixture.id('member'));
select is((select scopes from public.fed_now() where kind = 'claim') ? ('person:' || fixture.id('member')), true, 'a reviewer is told while the panel sits');
select pg_temp.agree('a reviewer''s sight');
insert into core.claim_partner (claim, unit, duty, state) values (fixture.is('open team2'), fixture.id('partner单位'), '检测', 'declined');
select workflow.add_party(fixture.is('open team2'), 'partner', fixture.id('partner单位'));
select is((select scopes from public.fed_now() where kind = 'claim') ? ('unit:' || fixture.id('partner单位')), false, 'who has left a consortium is not told');
select pg_temp.agree('a consortium that somebody left');
select fixture.event('officer', 'open team2', 'qualify', fixture.checks());
select fixture.choose('open', 'team2');
select fixture.file('open');
select fixture.decide('open');
select fixture.notice('open');
select fixture.until('2026-09-22 00:00+08');
select fixture.contract('open', 'team2');
select fixture.sign('poster', 'open team2 task');
select fixture.sign('team2', 'open team2 task');
select fixture.sign('leader', 'open team2 task');
select is((select count(*) from public.fed_now() where kind = 'project'), 1::bigint, 'the project is fed');
select pg_temp.agree('the project');
update core.claim_partner set state = 'signed' where claim = fixture.is('open team2');
select auth.enter_system('test');
select is((select array_agg((l ->> 'to')::uuid) from core.project p, feed.documents('project', array[p.id]) d, jsonb_array_elements(d.doc -> 'links') l
            where (l ->> 'to')::uuid in (fixture.id('team2单位'), fixture.id('partner单位'))), array[fixture.id('team2单位')],
          'in public it speaks for the claimant; the partners are not named in public');
select ok((select d.doc -> 'links' @> jsonb_build_array(jsonb_build_object('to', fixture.id('partner单位'), 'weight', .6))
             from feed.documents('claim', array[fixture.is('open team2')]) d), 'the claim speaks for them, to those who may see it');
select * from finish();
rollback;
