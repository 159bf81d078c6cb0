-- The case of a challenge as its pages show it: the stages, what may be done beside the machine's
-- events, how forms start, and the opened claims side by side.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');
create function pg_temp.work(p_login text) returns jsonb language sql as $$
  select body::jsonb from api.item_work(fixture.session(p_login), fixture.req(), fixture.is('item')) $$;
create function pg_temp.stage(p_login text) returns text language sql as $$
  select s ->> 'code' from jsonb_array_elements(pg_temp.work(p_login) -> 'flow') s where (s ->> 'current')::boolean $$;

-- a team before its claim
select is(pg_temp.stage('team'), 'claim', 'an open challenge is with the teams');
select is((select array_agg(s ->> 'code' order by n) from jsonb_array_elements(pg_temp.work('team') -> 'flow') with ordinality t (s, n)),
  array['publish', 'claim', 'unseal', 'choose', 'file', 'approve', 'notice', 'sign', 'start'], 'in the order of Jinzhou approval comes before the notice');
select ok(pg_temp.work('team') -> 'may' ?& array['intend', 'claim'], 'a team may declare an intent and claim');
select ok(not pg_temp.work('poster') -> 'may' ?| array['intend', 'claim', 'compare'], 'its poster neither, and has nothing to compare yet');
select is((select array_agg(r ->> 'indicator' order by n) from jsonb_array_elements(pg_temp.work('team') #> '{forms,claim,responses}') with ordinality t (r, n)),
  array['表面颗粒', '平整度', '外观'], 'a claim starts from the indicators of its challenge');

-- a draft goes on where it was, each indicator with its line
select fixture.claim('item', 'team');
select is((select jsonb_array_length(body::jsonb #> '{form,responses}') from api.claim(fixture.session('team'), fixture.req(), fixture.is('item'), fixture.is('item team'), null)),
  3, 'the form of a draft has a line for each indicator');
select ok(not pg_temp.work('team') -> 'may' ? 'claim', 'there is one claim a unit');

-- what an answer says of a measure
select is((select array_agg(core.answer_verdict(i::jsonb, a::jsonb) order by n) from (values
    (1, '{"op": "<=", "value": "30"}', '{"commit": "yes", "value": 25}'),
    (2, '{"op": "<=", "value": "30"}', '{"commit": "yes", "value": "30"}'),
    (3, '{"op": ">=", "value": "85"}', '{"commit": "yes", "value": 80}'),
    (4, '{"op": "range", "value": "1", "value2": "3"}', '{"commit": "yes", "value": 2}'),
    (5, '{"op": "none"}', '{"commit": "yes"}'),
    (6, '{"op": ">=", "value": "85"}', '{"commit": "partly", "value": 80}'),
    (7, '{"op": ">=", "value": "85"}', '{"commit": null}'),
    (8, '{"op": ">=", "value": "约85"}', '{"commit": "yes", "value": 80}')) t (n, i, a)),
  array['better', 'meets', 'below', 'meets', 'meets', 'partly', 'none', 'meets'], 'better, met, below: only numbers are compared as numbers');

-- the comparison is for the inside of a case
select is(fixture.refusal($$select api.item_comparison(fixture.session('team'), fixture.req(), fixture.is('item'))$$), '404 not_found', 'no team reads the others'' claims');
select is((select jsonb_array_length(body::jsonb -> 'claims') from api.item_comparison(fixture.session('poster'), fixture.req(), fixture.is('item'))),
  0, 'before the opening there is nothing to compare');

-- experts are asked about claims that are opened and checked
select fixture.challenge('judged');
create function pg_temp.may(p_login text) returns jsonb language sql as $$
  select body::jsonb -> 'may' from api.item_work(fixture.session(p_login), fixture.req(), fixture.is('judged')) $$;
select fixture.claim('judged', 'team2');
select fixture.submit('judged', 'team2');
select ok(not pg_temp.may('officer') ? 'panel', 'before their check there is no panel on claims');
select fixture.until('2026-09-15 17:00+08');
select api.item_opening(fixture.session('officer'), fixture.req(), fixture.is('judged'), fixture.key('judged'));
select api.item_opening(fixture.session('officer2'), fixture.req(), fixture.is('judged'), fixture.key('judged'));
select fixture.event('officer', 'judged team2', 'qualify', fixture.checks());
select ok(pg_temp.may('officer') ? 'panel', 'then an officer may form one');
select ok(not pg_temp.may('leader') ? 'panel' and not pg_temp.may('poster') ? 'panel', 'nobody else does');
select * from finish();
rollback;
