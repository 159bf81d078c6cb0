-- Sums that must add up whatever the rule, and the end of the year whose calendar is not loaded yet.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();

-- tranches: of every sum and every cut, nothing lost, nothing negative, never more than the maximum
create function pg_temp.rule(p_n int) returns jsonb language sql as $$
  select jsonb_build_object('basis', (array['total_investment', 'contract_amount', 'fixed'])[1 + p_n % 3], 'pct_max', 1 + p_n % 100,
    'pct_min', p_n % 7, 'cap', round((1 + p_n * 37 % 99991) / 100.0, 2), 'floor_total', 0, 'floor_poster_cash', 0,
    'match_ratio', case when p_n % 4 = 0 then 1 + p_n % 3 end, 'cap_includes_prior', true,
    'tranches', (array['[{"trigger": "contract", "pct": 33.33}, {"trigger": "milestone", "pct": 33.33}, {"trigger": "acceptance", "pct": 33.34}]',
                       '[{"trigger": "contract", "amount": 100}, {"trigger": "acceptance", "pct": 100}]',
                       '[{"trigger": "contract", "pct": 0.01}, {"trigger": "milestone", "amount": 0.01}, {"trigger": "acceptance", "pct": 99.99}]'])[1 + p_n / 3 % 3]::jsonb)
$$;
create temp table sum as
  select n, pg_temp.rule(n) as rule, f.facts, core.funding(pg_temp.rule(n), f.facts) as out
    from generate_series(1, 3000) n
   cross join lateral (select jsonb_build_object('total_fen', n::bigint * 7919 * 13, 'contract_fen', n::bigint * 7907 * 11,
     'poster_fen', n::bigint * 104729, 'prior_fen', n * 31) as facts) f;
select ok((select count(*) > 1000 from sum where (out ->> 'max_fen')::bigint > 0), 'many of these sums are paid');
select is((select count(*)::int from sum where (out ->> 'max_fen')::bigint
  <> (select coalesce(sum((t ->> 'fen')::bigint), 0) from jsonb_array_elements(out -> 'tranches') t)), 0, 'the tranches add up to the sum');
select is((select count(*)::int from sum, jsonb_array_elements(out -> 'tranches') t where (t ->> 'fen')::bigint < 0), 0, 'none is negative');
select is((select count(*)::int from sum where (out ->> 'min_fen')::bigint > (out ->> 'max_fen')::bigint or (out ->> 'max_fen')::bigint < 0), 0, 'the least is no more than the most');
select is((select count(*)::int from sum where (out ->> 'max_fen')::bigint + (facts ->> 'prior_fen')::bigint > greatest(core.fen((rule ->> 'cap')::numeric), (facts ->> 'prior_fen')::bigint)), 0, 'the cap holds with what was given before');

-- the end of the year
select fixture.challenge('item');
select fixture.to_matching('item', 'team');
select fixture.choose('item', 'team');
select fixture.file('item');
select fixture.decide('item');
select fixture.at('2026-12-28 10:00+08');
delete from ref.calendar_year where year = 2027;
select is(fixture.refusal($$select fixture.notice('item')$$), '422 calendar_missing', 'a window that would reach into a year without a calendar is not opened');
select is(fixture.state('item'), 'approved', 'the challenge stays where it was');
select is((select count(*)::int from workflow.item where parent = fixture.is('item') and machine = 'notice'), 0, 'and nothing is left behind');
select is((select count(*)::int from workflow.timer t join workflow.item i on i.id = t.item where i.machine = 'notice'), 0, 'no timer either');
select fixture.at('2026-12-24 10:00+08');
select lives_ok($$select fixture.notice('item')$$, 'a window that ends on the last day of the year is');
select is((select until_at from core.notice where id = fixture.is('item notice')), '2027-01-01 00:00+08'::timestamptz, 'at its midnight');

-- a clock that goes backwards opens nothing again
select fixture.challenge('back');
select fixture.until('2026-12-24 11:00+08');
select is(fixture.state('back'), 'unclaimed', 'a challenge closes');
select fixture.at('2026-09-01 10:00+08');
select is(fixture.refusal($$select fixture.claim('back', 'team2')$$), '409 not_open', 'and takes no claims when the clock is put back');
select is(fixture.refusal($$select api.object(fixture.req(), fixture.is('item notice'), '{"name": "张某某", "contact": {"phone": "1", "address": "x"}, "text": "x", "evidence": "合同复印件"}')$$),
  '409 notice_not_begun', 'nor is a notice open before its window');
select * from finish();
rollback;
