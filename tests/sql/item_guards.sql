-- The guards that only the service itself meets, each on both sides.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('none');
select fixture.challenge('some', 'jinzhou', '{"claims": {"sealed": false, "max_winners": 1, "leader_max_items": 5, "max_partners": 5}}');
select fixture.claim('some', 'team');
select fixture.submit('some', 'team');
-- What workflow.advance refuses where an edge has this guard alone (most presets pair it with its
-- opposite, so that one of the two always leads on); null when it lets the item through.
create function pg_temp.slug(p_guard text, p_item text, p_data jsonb default '{}') returns text language plpgsql as $$
begin
  perform auth.enter_system('test');
  begin
    insert into workflow.event (machine, event, label_zh, label_en) values ('list_item', 'try', '试', 'try');
    insert into workflow.transition (preset, machine, from_state, event, to_state, role, guards)
    select 'jinzhou', 'list_item', state, 'try', state, 'system', array[p_guard] from workflow.item where id = fixture.is(p_item);
    perform workflow.advance(fixture.is(p_item), 'try', p_data);
    raise exception 'the guard holds' using errcode = 'JB000';
  exception
    when sqlstate 'JB000' then return null;
    when sqlstate 'WF409' then return sqlerrm;
  end;
end;
$$;
select is(pg_temp.slug('has_claims', 'none'), 'no_claims', 'a challenge without claims has none');
select is(pg_temp.slug('no_claims', 'none'), null, 'which is so');
select is(pg_temp.slug('no_claims', 'some'), 'has_claims', 'one with a claim has some');
select is(pg_temp.slug('has_claims', 'some'), null, 'which is so too');
select is(pg_temp.slug('is_sealed', 'some'), 'not_sealed', 'not every challenge is sealed');
select is(pg_temp.slug('not_sealed', 'none'), 'claim_sealed', 'this one is');
select is(pg_temp.slug('is_sealed', 'none'), null, 'which is so');
select is(pg_temp.slug('not_sealed', 'some'), null, 'and the other is not');
select fixture.until('2026-09-15 17:00+08');
select fixture.event('officer', 'some team', 'qualify', fixture.checks());
select fixture.choose('some', 'team');
select is(pg_temp.slug('no_winner_remains', 'some', jsonb_build_object('claims', jsonb_build_array(gen_random_uuid()))), 'winners_remain', 'striking out a stranger leaves the winner');
select is(pg_temp.slug('winners_remain', 'some', '{}'), 'no_winner_remains', 'striking out all leaves none');
select is(pg_temp.slug('some_signed', 'some'), 'contracts_missing', 'nobody has signed');
select is(pg_temp.slug('none_signed', 'some'), null, 'which is so');
select fixture.file('some');
select fixture.decide('some');
select fixture.notice('some');
select fixture.until('2026-09-22 00:00+08');
select fixture.contract('some', 'team');
insert into core.contract_party (contract, role, unit) values (fixture.is('some team task'), 'bureau', fixture.id('示例市科学技术局'));
update workflow.item set state = 'signed' where id = fixture.is('some team task');
select is(pg_temp.slug('none_signed', 'some'), 'contracts_signed', 'now one has');
select is(pg_temp.slug('some_signed', 'some'), null, 'which is so');

select fixture.at('2026-09-01 10:00+08');
select fixture.challenge('sealed1', 'jinzhou', '{"claims": {"sealed": true, "max_winners": 1, "leader_max_items": 5, "max_partners": 5}}');
select fixture.claim('sealed1', 'team2');
select fixture.submit('sealed1', 'team2');
select fixture.until('2026-09-15 17:00+08');
select is(fixture.refusal($$select workflow.advance(fixture.is('sealed1'), 'unseal') from auth.enter(fixture.session('officer'), fixture.req())$$),
          '409 second_opener_needed', 'the opening itself asks for the second person');
select * from finish();
rollback;
