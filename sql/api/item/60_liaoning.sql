-- 先签约 (preset liaoning): when both sides have signed, the poster applies and experts review.

-- POST /items/{id}/application {total, asked, statement}: by the poster. Refuses 422 over_funding when
-- more is asked than the programme's rule gives on this total.
create or replace function api.item_apply(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform core.require_machine(workflow.lock(p_item, p_req), 'list_item');
  v_item := workflow.advance(p_item, 'apply', p_body);
  return workflow.done(p_req, 201, api.list_item_document(p_item)::json, v_item.version, '/items/' || p_item || '/work');
end;
$$;

create or replace function guard.application_fits(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_asked bigint := (p_data ->> 'asked')::bigint;
  v_funds jsonb;
begin
  if v_asked > (p_data ->> 'total')::bigint then
    return jsonb_build_object('status', 422, 'slug', 'invalid', 'errors', jsonb_build_array(
      workflow.bad('asked', 'too_large', jsonb_build_object('max', core.to_wan((p_data ->> 'total')::bigint)))));
  end if;
  v_funds := core.funding(core.rules_of(p_item) -> 'funding_rule', jsonb_build_object('total_fen', p_data -> 'total',
    'contract_fen', p_data -> 'total', 'poster_fen', (p_data ->> 'total')::bigint - v_asked));
  return case when v_asked > (v_funds ->> 'max_fen')::bigint then jsonb_build_object('status', 422, 'slug', 'invalid', 'errors',
    jsonb_build_array(workflow.bad('asked', 'over_funding', jsonb_build_object('max', core.to_wan((v_funds ->> 'max_fen')::bigint))))) end;
end;
$$;

create or replace function effect.application_made(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as $$
  insert into core.application (item, round, total_fen, asked_fen, statement, by, at)
  values (p_item, core.round(p_item), (p_data ->> 'total')::bigint, (p_data ->> 'asked')::bigint, p_data ->> 'statement', auth.me(), workflow.now())
$$;

-- The candidates that a concluded panel of this round does not advise.
create or replace function core.unadvised(p_item uuid) returns uuid[]
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_claims uuid[];
begin
  v_claims := array(
    select c from unnest(core.current_claims(p_item)) c
     where (select o.conclusion from core.opinion o join workflow.item p on p.id = o.panel and p.state = 'closed'
             where o.subject = c order by o.at desc limit 1) is distinct from 'advise');
  perform workflow.back_to(v_before);
  return v_claims;
end;
$$;

create or replace function guard.review_advised(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'review_missing', 'claims', core.unadvised(p_item))
   where cardinality(core.unadvised(p_item)) > 0
$$;

create or replace function guard.review_against(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'review_not_against')
   where not exists (select from core.opinion o join workflow.item p on p.id = o.panel and p.state = 'closed'
                      where o.subject = any (core.current_claims(p_item)) and o.conclusion = 'against')
$$;

create or replace function effect.review_failed(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ select core.end_candidates(p_item, core.current_claims(p_item), 'refuse', 'refused', p_data ->> 'reason') $$;
