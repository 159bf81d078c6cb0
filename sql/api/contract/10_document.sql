-- Contracts: the task contract (任务合同书: poster, claimant, partners, bureau) and the agreement between
-- the sides alone (揭榜协议). DOMAIN 0.3, 4.3.
create or replace function api.contract_document(p_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_row core.contract;
begin
  select * into v_row from core.contract where id = p_id;
  if not found then
    return null;
  end if;
  return workflow.head(p_id) || jsonb_build_object('item', v_row.item, 'claim', v_row.claim, 'kind', v_row.kind, 'number', v_row.number,
    'revision', v_row.revision, 'total_wan', core.to_wan(v_row.total_fen), 'content', core.money_out(v_row.content),
    'digest', v_row.digest, 'live', v_row.live, 'funding', core.contract_funding(v_row), 'gaps', (
      select coalesce(jsonb_agg(g || jsonb_build_object('key', regexp_replace(g ->> 'field', '\[\d+\]', '')) order by n), '[]')
        from jsonb_array_elements(core.contract_gaps(v_row)) with ordinality t (g, n)),
    'claimant', (select coalesce(jsonb_agg(core.unit_ref(u) order by n), '[]') from unnest(core.claim_units(v_row.claim)) with ordinality t (u, n)),
    'form', core.money_out(v_row.content || jsonb_build_object('total_fen', nullif(v_row.total_fen, 0))),
    'parties', (select coalesce(jsonb_agg(jsonb_build_object('role', p.role, 'unit', core.unit_ref(p.unit), 'signer', p.signer,
                         'digest', p.digest, 'signed_at', p.signed_at)
                         order by array_position(array['poster', 'claimant', 'partner', 'bureau'], p.role), p.unit), '[]')
                  from core.contract_party p where p.contract = p_id));
end;
$$;

create or replace function api.contract(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.contract_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- The indicators of the challenge with what the claim promised on each: frozen into the contract.
create or replace function core.frozen_indicators(p_claim uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select coalesce(jsonb_agg(e.i || jsonb_strip_nulls(jsonb_build_object('commit', r.r -> 'commit', 'promised', r.r -> 'value',
           'basis', r.r -> 'basis')) order by e.n), '[]')
    from core.claim c join core.list_item l on l.id = c.item
   cross join lateral jsonb_array_elements(coalesce(nullif(l.content -> 'indicators', 'null'), '[]')) with ordinality e (i, n)
    left join lateral (select x as r from jsonb_array_elements(coalesce(nullif(c.content -> 'responses', 'null'), '[]')) x
                        where x ->> 'indicator' in (e.i ->> 'name', e.n::text) limit 1) r on true
   where c.id = p_claim
$$;

-- The form as it is kept, with the frozen indicators.
create or replace function core.contract_content(p_claim uuid, p_body jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_strip_nulls(p_body - array['claim', 'kind', 'total']) || jsonb_build_object(
    'indicators', core.frozen_indicators(p_claim),
    'milestones', (select coalesce(jsonb_agg((m - 'amount') || jsonb_build_object('amount_fen', m -> 'amount') order by n), '[]')
                     from jsonb_array_elements(coalesce(nullif(p_body -> 'milestones', 'null'), '[]')) with ordinality t (m, n)),
    'money', (select coalesce(jsonb_agg((m - 'amount') || jsonb_build_object('amount_fen', m -> 'amount') order by n), '[]')
                from jsonb_array_elements(coalesce(nullif(p_body -> 'money', 'null'), '[]')) with ordinality t (m, n)))
$$;

-- What a signature is put under.
create or replace function core.contract_digest(p_row core.contract) returns text
language sql security definer set search_path = '' as $$
  select workflow.digest(jsonb_build_object('number', p_row.number, 'kind', p_row.kind, 'item', p_row.item, 'claim', p_row.claim,
           'revision', p_row.revision, 'total_fen', p_row.total_fen, 'content', p_row.content))
$$;

-- City money that the programme's rule allows on this contract.
create or replace function core.contract_funding(p_row core.contract) returns jsonb
language sql security definer set search_path = '' as $$
  select core.funding(core.rules_of(p_row.item) -> 'funding_rule', core.budget_facts(p_row.content -> 'money'))
$$;
