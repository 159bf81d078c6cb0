-- Drafting, offering and signing.

-- Does the procedure ask for this kind of paper in the present state? The machine's own rows say so:
-- an edge leaves the state under the guard that waits for these signatures.
create or replace function core.paper_is_due(p_item workflow.item, p_kind text) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from workflow.transition t
    where t.preset = workflow.ruling_preset(p_item.preset, p_item.machine) and t.machine = p_item.machine and t.from_state = p_item.state
      and t.guards @> array[case p_kind when 'task' then 'contracts_signed' else 'agreements_signed' end])
$$;

-- POST /items/{id}/contracts {claim, kind, ...}: by a poster or an officer, for a claim in hand.
-- Refuses 403 not_a_party, 409 paper_not_due, claim_not_in_hand, contract_exists.
create or replace function api.contract_create(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_item  workflow.item;
  v_claim uuid := (p_body ->> 'claim')::uuid;
  v_id    uuid;
  v_row   core.contract;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := workflow.lock(p_item);
  perform core.require_machine(v_item, 'list_item');
  if not workflow.roles_on(v_item) && array['poster', 'officer'] then
    perform workflow.refuse(403, 'not_a_party');
  elsif not core.paper_is_due(v_item, p_body ->> 'kind') then
    perform workflow.refuse(409, 'paper_not_due', jsonb_build_object('state', v_item.state, 'kind', p_body ->> 'kind'));
  elsif not v_claim = any (core.current_claims(p_item)) then
    perform workflow.refuse(409, 'claim_not_in_hand');
  end if;
  select id into v_id from core.contract where claim = v_claim and kind = p_body ->> 'kind' and live;
  if found then
    perform workflow.refuse(409, 'contract_exists', jsonb_build_object('contract', v_id));
  end if;
  v_id := workflow.create_item('contract', v_item.preset, v_item.title, v_item.batch, v_item.owner, null, p_item);
  insert into workflow.party (item, role, unit)
  select v_id, 'poster', p from unnest(core.posters(p_item)) p where p <> v_item.owner
  union all select v_id, case n when 1 then 'claimant' else 'partner' end, u
    from unnest(core.claim_units(v_claim)) with ordinality t (u, n);
  insert into core.contract (id, item, claim, kind, number, content, total_fen, digest)
  values (v_id, p_item, v_claim, p_body ->> 'kind', format('%s%s-%s', case p_body ->> 'kind' when 'task' then 'HT' else 'XY' end,
            extract(year from workflow.today()), lpad(workflow.next_number('contract')::text, 5, '0')),
          core.contract_content(v_claim, p_body), coalesce((p_body ->> 'total')::bigint, 0), '')
  returning * into v_row;
  update core.contract set digest = core.contract_digest(v_row) where id = v_id;
  return workflow.done(p_req, 201, api.contract_document(v_id)::json, 1, '/contracts/' || v_id);
end;
$$;

-- PUT /contracts/{id}: the whole paper again, while it is a draft.
create or replace function api.contract_edit(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v         api.answer := workflow.begin(p_session, p_req);
  v_item    workflow.item;
  v_row     core.contract;
  v_version int;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := core.lock_in(p_id, p_req, 'contract', array['draft']);
  if not workflow.roles_on(v_item) && array['poster', 'officer'] then
    perform workflow.refuse(403, 'not_your_step', '{"event": "edit"}');
  end if;
  update core.contract set content = core.contract_content(claim, p_body), total_fen = coalesce((p_body ->> 'total')::bigint, 0),
         revision = revision + 1 where id = p_id returning * into v_row;
  update core.contract set digest = core.contract_digest(v_row) where id = p_id;
  v_version := workflow.touch(p_id, 'edit', 'poster', jsonb_build_object('revision', v_row.revision));
  return workflow.done(p_req, 200, api.contract_document(p_id)::json, v_version);
end;
$$;

-- Offered: every party has its line to sign; the bureau's is added when a leader signs.
create or replace function effect.contract_offered(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as $$
  delete from core.contract_party where contract = p_item;
  insert into core.contract_party (contract, role, unit)
  select p_item, 'poster', u from core.contract k, unnest(core.posters(k.item)) u where k.id = p_item
  union all
  select p_item, case t.n when 1 then 'claimant' else 'partner' end, t.u
    from core.contract k, unnest(core.claim_units(k.claim)) with ordinality t (u, n) where k.id = p_item
$$;

-- Back to draft: what was signed is void.
create or replace function effect.contract_revised(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ delete from core.contract_party where contract = p_item $$;

-- POST /contracts/{id}/signatures {digest}: the signatory of each party, and a leader of the bureau,
-- under exactly this text. Refuses 409 digest_differs, already_signed.
create or replace function api.contract_sign(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_recent(p_req);
  -- the challenge first: the last signatures of two contracts of one challenge meet there
  perform from workflow.item l where l.id = (select k.item from core.contract k where k.id = p_id) for update;
  perform core.require_machine(workflow.lock(p_id, p_req), 'contract');
  perform workflow.advance(p_id, 'sign', p_body);
  select * into v_item from workflow.item where id = p_id;
  return workflow.done(p_req, 201, api.contract_document(p_id)::json, v_item.version);
end;
$$;

create or replace function guard.signature_fits(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_row core.contract;
begin
  select * into v_row from core.contract where id = p_item;
  if p_data ->> 'digest' is distinct from v_row.digest then
    return jsonb_build_object('status', 409, 'slug', 'digest_differs', 'digest', v_row.digest);
  elsif exists (select from core.contract_party p where p.contract = p_item and p.signed_at is not null
                  and (p.unit = auth.my_unit() or p.role = 'bureau' and auth.has('leader'))) then
    return jsonb_build_object('status', 409, 'slug', 'already_signed');
  elsif exists (select from core.contract_party p where p.contract = p_item and p.signed_by = auth.me()) then
    return '{"status": 403, "slug": "other_person_needed"}';   -- one person does not sign for two sides
  end if;
  return null;
end;
$$;

-- The bureau is a party of the task contract alone.
create or replace function guard.bureau_signs(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'bureau_no_party') from core.contract where id = p_item and kind <> 'task'
$$;

create or replace function effect.contract_signed(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_signer text := (select name from party.person where id = auth.me());
begin
  update core.contract_party set signer = v_signer, digest = p_data ->> 'digest', signed_by = auth.me(), signed_at = workflow.now()
   where contract = p_item and unit = auth.my_unit() and signed_at is null;
  if not found then
    insert into core.contract_party (contract, role, unit, signer, digest, signed_by, signed_at)
    values (p_item, 'bureau', auth.my_unit(), v_signer, p_data ->> 'digest', auth.me(), workflow.now());
  end if;
  if guard.contract_all_signed(p_item, p_data) is null then
    perform workflow.cascade(p_item, 'complete');
  end if;
end;
$$;

create or replace function guard.contract_all_signed(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'signatures_missing', 'count',
           (select count(*) from core.contract_party p where p.contract = k.id and p.digest is distinct from k.digest))
    from core.contract k
   where k.id = p_item
     and (exists (select from core.contract_party p where p.contract = k.id and p.digest is distinct from k.digest)
          or not exists (select from core.contract_party p where p.contract = k.id)
          or k.kind = 'task' and not exists (select from core.contract_party p where p.contract = k.id and p.role = 'bureau'))
$$;
