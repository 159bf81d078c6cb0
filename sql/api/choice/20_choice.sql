-- 择优: the leading poster, not the bureau, ranks the claims, with a reason for each (DOMAIN 0.1, 3.3).

-- POST /items/{id}/choice {reason, ranks: [{claim, rank?, reason}]}: rank null: not chosen. As many as
-- may win are taken from the top, the other ranked ones are kept in reserve, the rest turned down.
create or replace function api.item_choose(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  perform core.require_machine(workflow.lock(p_item, p_req), 'list_item');
  v_item := workflow.advance(p_item, 'choose', p_body);
  return workflow.done(p_req, 201, api.list_item_document(p_item)::json, v_item.version, '/items/' || p_item || '/work');
end;
$$;

-- Every claim has been checked, every eligible one has its place and reason, ranks run from 1 without
-- gaps, nobody ranked is a relative of a poster.
create or replace function guard.choice_ready(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_row    record;
  v_found  jsonb;
begin
  if core.claims_in(p_item, array['submitted']) > 0 then
    return jsonb_build_object('status', 409, 'slug', 'claims_unchecked', 'count', core.claims_in(p_item, array['submitted']));
  elsif core.claims_in(p_item, array['eligible', 'reserve']) = 0 then
    return jsonb_build_object('status', 409, 'slug', 'no_eligible_claim');
  end if;
  v_errors := core.rank_errors(p_item, p_data -> 'ranks');
  if v_errors <> '[]' then
    return jsonb_build_object('status', 422, 'slug', 'invalid', 'errors', v_errors);
  end if;
  for v_row in select (r ->> 'claim')::uuid as claim from jsonb_array_elements(p_data -> 'ranks') r where r ->> 'rank' is not null loop
    v_found := core.affiliation(v_row.claim);
    if v_found is not null then
      return jsonb_build_object('status', 409, 'slug', 'affiliated') || v_found;
    end if;
  end loop;
  return null;
end;
$$;

create or replace function core.rank_errors(p_item uuid, p_ranks jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  with open as (
    select i.id from workflow.item i where i.parent = p_item and i.machine = 'claim' and i.state in ('eligible', 'reserve')),
  given as (
    select (e.r ->> 'claim')::uuid as claim, (e.r ->> 'rank')::int as rank, e.n - 1 as n
      from jsonb_array_elements(p_ranks) with ordinality e (r, n))
  select coalesce(jsonb_agg(t.error order by t.n), '[]') from (
    select n, workflow.bad(format('ranks[%s].claim', n), 'claim_not_eligible') as error from given where claim not in (select id from open)
    union all
    select n, workflow.bad(format('ranks[%s].claim', n), 'repeated_item') from given g
     where exists (select from given b where b.claim = g.claim and b.n < g.n)
    union all
    select n, workflow.bad(format('ranks[%s].rank', n), 'repeated_item') from given g
     where exists (select from given b where b.rank = g.rank and b.n < g.n)
    union all
    select n, workflow.bad(format('ranks[%s].rank', n), 'rank_gap', jsonb_build_object('max', (select count(rank) from given))) from given
     where rank > (select count(rank) from given)
    union all
    select 1000, workflow.bad('ranks', 'claim_missing', jsonb_build_object('claim', id)) from open where id not in (select claim from given)
    union all
    select 1001, workflow.bad('ranks', 'nobody_ranked') where not exists (select from given where rank is not null)) t
$$;

create or replace function effect.choice_made(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_choice uuid := gen_random_uuid();
  v_max    int := (select max_winners from core.list_item where id = p_item);
  v_row    record;
  v_event  text;
begin
  insert into core.choice (id, item, round, reason, by, at)
  select v_choice, p_item, coalesce(max(round), 0) + 1, p_data ->> 'reason', auth.me(), workflow.now() from core.choice where item = p_item;
  for v_row in select (r ->> 'claim')::uuid as claim, (r ->> 'rank')::int as rank, r ->> 'reason' as reason
                 from jsonb_array_elements(p_data -> 'ranks') r order by 2 nulls last, 1 loop
    v_event := case when v_row.rank <= v_max then 'choose' when v_row.rank is not null then 'hold' else 'turn_down' end;
    insert into core.choice_rank (choice, item, claim, rank, reason, outcome)
    values (v_choice, p_item, v_row.claim, v_row.rank, v_row.reason,
            case v_event when 'choose' then 'current' when 'hold' then 'waiting' else 'turned_down' end);
    perform workflow.cascade(v_row.claim, v_event, jsonb_build_object('reason', v_row.reason));
  end loop;
  perform core.note_credit(p_item, 'choice', core.posters(p_item) || array(
    select distinct u from unnest(core.current_claims(p_item)) c, unnest(core.claim_units(c)) u));
  update core.list_item set funding = (
    select jsonb_object_agg(c.id, core.funding(core.rules_of(p_item) -> 'funding_rule', core.budget_facts(c.content -> 'budget')))
      from core.claim c where c.id = any (core.current_claims(p_item)))
   where id = p_item;
end;
$$;

-- What the funding rule asks about, from money by source [{"source","amount_fen"}].
create or replace function core.budget_facts(p_money jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select jsonb_build_object('total_fen', coalesce(sum((m ->> 'amount_fen')::bigint), 0),
           'contract_fen', coalesce(sum((m ->> 'amount_fen')::bigint), 0),
           'poster_fen', coalesce(sum((m ->> 'amount_fen')::bigint) filter (where m ->> 'source' = 'poster'), 0),
           'city_fen', coalesce(sum((m ->> 'amount_fen')::bigint) filter (where m ->> 'source' = 'city'), 0))
    from jsonb_array_elements(coalesce(nullif(p_money, 'null'), '[]')) m
$$;

-- Ends candidates of the present round one way or another: refused, overturned, failed.
create or replace function core.end_candidates(p_item uuid, p_claims uuid[], p_event text, p_outcome text, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_claim  uuid;
  v_paper  uuid;
begin
  foreach v_claim in array p_claims loop
    perform workflow.cascade(v_claim, p_event, jsonb_build_object('reason', p_reason));
    update core.choice_rank r set outcome = p_outcome, outcome_reason = p_reason
      from core.choice c where c.id = r.choice and c.item = p_item and r.claim = v_claim and r.outcome in ('current', 'won');
    for v_paper in select k.id from core.contract k join workflow.item i on i.id = k.id
                    where k.claim = v_claim and i.state in ('draft', 'signing') loop
      perform workflow.cascade(v_paper, 'void', jsonb_build_object('reason', p_reason));
      update core.contract set live = false where id = v_paper;
    end loop;
    update core.contract set live = false where claim = v_claim;
  end loop;
  perform workflow.back_to(v_before);
end;
$$;
