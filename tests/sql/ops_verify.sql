-- jiebang-ctl verify has to find what is wrong: each check is shown a fault of its own.
begin;
\ir fixtures/people.sql
select no_plan();
select fixture.person('boss', '甲', fixture.unit('示例企业甲'), '{member,signatory}');
select auth.enter_system('test');
select workflow.create_item('need', 'jinzhou', '示例需求', null, fixture.id('示例企业甲')) as need \gset
select is((select array_agg("check") from ops.verify() where not ok), null, 'a sound city passes');
select cmp_ok((select count(*) from ops.verify()), '>=', 18::bigint, 'in all its checks');

-- the faults are put in behind the constraints' back
set local session_replication_role = replica;
create function pg_temp.finds(p_fault text, p_check text) returns text language plpgsql as $$
declare
  v_found text[];
begin
  begin
    execute p_fault;
    select array_agg("check" order by "check") into v_found from ops.verify() where not ok;
    raise exception using errcode = 'UNDO0';
  exception when sqlstate 'UNDO0' then
    return is(p_check = any (v_found), true, p_check || ': found (' || coalesce(array_to_string(v_found, '; '), 'nothing') || ')');
  end;
end;
$$;
select pg_temp.finds('delete from workflow.history', 'every item has its whole history');
select pg_temp.finds('update workflow.item set version = 2', 'every item has its whole history');
select pg_temp.finds('update workflow.item set state = ''pooled''', 'every item stands where its history ends');
select pg_temp.finds(format($$ insert into workflow.history (item, machine, version, event, from_state, to_state, role, at) values (%L, 'need', 2, 'accept', 'recommended', 'draft', 'officer', now());
  update workflow.item set version = 2 $$, :'need'), 'every step starts where the one before ended');
select pg_temp.finds(format($$ insert into workflow.outbox (kind, item, payload) select 'moved', %L, '{"version": 1}' from generate_series(1, 2) $$, :'need'), 'every step is told once');
select pg_temp.finds(format($$ insert into workflow.outbox (kind, item, payload) values ('moved', %L, '{"version": 9}') $$, :'need'), 'every step is told once');
select pg_temp.finds('update workflow.item set public = true', 'what is public is in a public state');
select pg_temp.finds('update workflow.item set due = now()', 'every item knows its next deadline');
select pg_temp.finds(format($$ update workflow.item set state = 'refused'; insert into workflow.timer (item, event, due) values (%L, 'accept', now() - interval '2 hours') $$, :'need'),
                     'no deadline waits on what has ended');

create function pg_temp.item(p_machine text, p_state text) returns uuid language sql as $$
  insert into workflow.item (preset, machine, state, title, since, created_at) values ('jinzhou', p_machine, p_state, 'x', now(), now()) returning id $$;
create function pg_temp.challenge(p_winners int) returns void language plpgsql as $$
declare
  v_id uuid := pg_temp.item('list_item', 'matching');
begin
  insert into core.list_item (id, list, need, ordinal, number, title, poster, claim_until, sealed, max_winners, content)
  values (v_id, gen_random_uuid(), gen_random_uuid(), 1, 'n' || v_id, 'x', gen_random_uuid(), now(), false, 1, '{}');
  insert into core.claim (id, item, unit, leader, content, digest, receipt_no, submitted_at)
  select pg_temp.item('claim', 'won'), v_id, gen_random_uuid(), '示例', '{}', 'd', gen_random_uuid(), now() from generate_series(1, p_winners);
end;
$$;
select pg_temp.finds('select pg_temp.challenge(2)', 'no challenge has more winners than it may');
select pg_temp.challenge(1);
select is((select ok from ops.verify() where "check" = 'no challenge has more winners than it may'), true, 'one winner is right');
select pg_temp.finds('update core.claim set receipt_no = null', 'every submitted claim has its receipt');
select pg_temp.finds($$ insert into core.list (id, batch, number, title, claim_until, content, hash) values (pg_temp.item('list', 'frozen'), gen_random_uuid(), 'L', 'x', now(), '{"a": 1}', 'edited') $$,
                     'the hash of every frozen list fits');
select pg_temp.finds($$ insert into core.item_version (item, revision, content, hash, at) select id, 1, '{"a": 1}', 'edited', now() from core.list_item $$,
                     'the hash of every published version fits');
select pg_temp.finds(format($$ insert into core.need_version (need, kind, n, content, hash, at) values (%L, 'argued', 1, '{"a": 1}', 'edited', now()) $$, :'need'),
                     'the hash of every need version fits');
select pg_temp.finds($$ insert into core.objection (id, notice, receipt_no, name, is_unit, contact, text, evidence, channel, received_at, in_time)
  select pg_temp.item('objection', 'received'), gen_random_uuid(), receipt_no, 'x', false, '{}', 'x', 'x', 'online', now(), true from core.claim limit 1 $$, 'no receipt is given twice');
select pg_temp.finds($$ alter table core.approval drop constraint approval_check2; insert into core.approval (item, round, claims, file_no, filed_by, filed_at, decided_by)
  select id, 1, '{}', 'x', fixture.id('boss'), now(), fixture.id('boss') from core.list_item $$, 'nobody decides on the own filing');

create function pg_temp.contract(p_money bigint, p_digest text default null, p_signed boolean default true) returns void language plpgsql as $$
declare
  v_id  uuid := pg_temp.item('contract', 'signed');
  v_row core.contract;
begin
  insert into core.contract (id, item, claim, kind, number, content, total_fen, digest)
  values (v_id, gen_random_uuid(), gen_random_uuid(), 'task', 'c' || v_id, jsonb_build_object('money', jsonb_build_array(jsonb_build_object('amount_fen', p_money)),
          'milestones', '[{"amount_fen": 60}, {"amount_fen": 40}]'::jsonb), 100, 'x') returning * into v_row;
  update core.contract set digest = coalesce(p_digest, core.contract_digest(v_row)) where id = v_id returning * into v_row;
  insert into core.contract_party (contract, role, unit, digest, signed_by, signed_at)
  values (v_id, 'poster', gen_random_uuid(), v_row.digest, fixture.id('boss'), case when p_signed then now() end);
end;
$$;
select pg_temp.contract(100);
select is((select array_agg("check") from ops.verify() where not ok and "check" like '%contract%'), null, 'a contract that adds up is right');
select pg_temp.finds('select pg_temp.contract(101)', 'the sums of every contract add up');
select pg_temp.finds('select pg_temp.contract(100, ''edited'')', 'what is signed is what stands in the contract');
select pg_temp.finds('select pg_temp.contract(100, null, false)', 'every signed contract bears all signatures');
select pg_temp.finds('update core.contract set total_fen = total_fen + 1', 'the sums of every contract add up');

select fixture.session('boss');
select pg_temp.finds('update auth.account set state = ''disabled''', 'no disabled account has a session');
select pg_temp.finds('update party.membership set roles = ''{sysadmin,auditor}''', 'nobody holds two administrations');
select pg_temp.finds($$ alter table auth.role_grant drop constraint role_grant_check1; insert into auth.role_grant (membership, person, action, roles, reason, asked_by, decision, decided_by, decided_at)
  values (gen_random_uuid(), gen_random_uuid(), 'add', '{leader}', 'x', fixture.id('boss'), 'granted', fixture.id('boss'), now()) $$, 'every granted role was decided by another');

-- the clock
update meta.clock set movable = false, frozen = null;
select throws_ok($$ select ops.clock_set('2026-03-01T09:00:00+08:00') $$, 'P0001', 'the clock of this city cannot be moved', 'a city at work keeps its time');
update meta.clock set movable = true;
select is(ops.clock_set('2026-03-01T09:00:00+08:00'), '2026-03-01T09:00:00+08:00'::timestamptz, 'a sample city''s clock stops where it is told');
select is(ops.clock_now(), '2026-03-01T09:00:00+08:00'::timestamptz, 'and stands');
select cmp_ok(ops.clock_set(null), '>', '2026-03-02'::timestamptz, 'until it runs again');
select finish();
rollback;
