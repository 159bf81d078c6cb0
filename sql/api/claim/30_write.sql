-- Drafting a claim: made, edited, signed off by the partners (DOMAIN 3.4, 4.2). What it holds is
-- judged as a whole at its submission (guard.claim_complete); a draft may have gaps.

-- The body as it is kept: money named by its unit, partners in their own rows.
create or replace function core.claim_content(p_body jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select (p_body - 'partners') || jsonb_build_object('budget', (
           select coalesce(jsonb_agg((b - 'amount') || jsonb_build_object('amount_fen', b -> 'amount') order by n), '[]')
             from jsonb_array_elements(coalesce(nullif(p_body -> 'budget', 'null'), '[]')) with ordinality t (b, n)))
$$;

-- The partners of the body replace those of the claim; who is gone loses sight of it.
create or replace function core.set_partners(p_claim uuid, p_partners jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_row record;
begin
  for v_row in select (e.p ->> 'unit')::uuid as unit, e.n - 1 as n
                 from jsonb_array_elements(coalesce(nullif(p_partners, 'null'), '[]')) with ordinality e (p, n) loop
    if core.unit_ref(v_row.unit) is null then
      perform workflow.refuse_fields(jsonb_build_array(workflow.bad(format('partners[%s].unit', v_row.n), 'not_known')));
    elsif v_row.unit = auth.my_unit() then
      perform workflow.refuse_fields(jsonb_build_array(workflow.bad(format('partners[%s].unit', v_row.n), 'own_unit')));
    end if;
  end loop;
  if exists (select from jsonb_array_elements(coalesce(nullif(p_partners, 'null'), '[]')) p group by p ->> 'unit' having count(*) > 1) then
    perform workflow.refuse_fields(jsonb_build_array(workflow.bad('partners', 'repeated_item')));
  end if;
  -- whoever is new hears of it
  if exists (select from jsonb_array_elements(coalesce(nullif(p_partners, 'null'), '[]')) p
              where (p ->> 'unit')::uuid not in (select unit from core.claim_partner where claim = p_claim)) then
    perform workflow.emit('inbox', p_claim, jsonb_build_object('what', 'partnership', 'by', auth.me()));
  end if;
  delete from workflow.party where item = p_claim and role = 'partner';
  delete from core.claim_partner where claim = p_claim;
  insert into core.claim_partner (claim, unit, duty, share_pct)
  select p_claim, (p ->> 'unit')::uuid, p ->> 'duty', (p ->> 'share_pct')::numeric
    from jsonb_array_elements(coalesce(nullif(p_partners, 'null'), '[]')) p;
  insert into workflow.party (item, role, unit) select p_claim, 'partner', unit from core.claim_partner where claim = p_claim;
end;
$$;

-- POST /items/{id}/claims. Refuses 409 not_open, own_item, claim_exists; 403 unit_not_verified.
create or replace function api.claim_create(p_session bytea, p_req jsonb, p_item uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v         api.answer := workflow.begin(p_session, p_req);
  v_item    workflow.item;
  v_claim   uuid;
  v_content jsonb := core.claim_content(p_body);
  v_no      jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_verified();
  select * into v_item from workflow.item where id = p_item and machine = 'list_item' for share;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_no := core.not_open(p_item);
  if v_no is not null then
    perform workflow.refuse(409, 'not_open', v_no);
  elsif auth.my_unit() = any (core.posters(p_item)) then
    perform workflow.refuse(409, 'own_item');
  end if;
  select id into v_claim from core.claim where item = p_item and unit = auth.my_unit() and live;
  if found then
    perform workflow.refuse(409, 'claim_exists', jsonb_build_object('claim', v_claim));
  end if;
  v_claim := workflow.create_item('claim', v_item.preset, v_item.title, v_item.batch, auth.my_unit(), null, p_item, '{}', 'claimant');
  begin
    insert into core.claim (id, item, unit, leader, content, digest)
    values (v_claim, p_item, auth.my_unit(), v_content #>> '{leader,name}', v_content, '');
  exception when unique_violation then
    perform workflow.refuse(409, 'claim_exists');   -- a colleague was quicker
  end;
  perform core.set_partners(v_claim, p_body -> 'partners');
  update core.claim set digest = core.claim_digest(v_claim, v_content) where id = v_claim;
  return workflow.done(p_req, 201, api.claim_document(v_claim, null, false)::json, 1, format('/items/%s/claims/%s', p_item, v_claim));
end;
$$;

-- PUT /items/{id}/claims/{claim_id}: the whole draft. Every sign-off is void when anything changed.
-- Refuses 409 version_conflict, step_not_allowed (not a draft any more); 403 not_your_step (a partner).
create or replace function api.claim_edit(p_session bytea, p_req jsonb, p_item uuid, p_claim uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v         api.answer := workflow.begin(p_session, p_req);
  v_item    workflow.item;
  v_content jsonb := core.claim_content(p_body);
  v_signed  jsonb;
  v_claim   core.claim;
  v_version int;
begin
  if v.status is not null then
    return v;
  end if;
  v_item := core.lock_claim(p_item, p_claim, p_req);
  if v_item.owner is distinct from auth.my_unit() then
    perform workflow.refuse(403, 'not_your_step', '{"event": "edit"}');
  elsif v_item.state <> 'draft' then
    perform workflow.refuse(409, 'step_not_allowed', jsonb_build_object('event', 'edit', 'state', v_item.state,
      'version', v_item.version, 'machine', 'claim', 'possible', '[]'::jsonb));
  end if;
  select jsonb_agg(to_jsonb(p)) into v_signed from core.claim_partner p where p.claim = p_claim and p.state <> 'invited';
  perform core.set_partners(p_claim, p_body -> 'partners');
  update core.claim set content = v_content, leader = v_content #>> '{leader,name}', revision = revision + 1,
         digest = core.claim_digest(p_claim, v_content)
   where id = p_claim returning * into v_claim;
  -- an edit that changes nothing leaves the sign-offs as they were
  update core.claim_partner p
     set state = s ->> 'state', reason = s ->> 'reason', digest = s ->> 'digest', signed_by = (s ->> 'signed_by')::uuid,
         signed_at = (s ->> 'signed_at')::timestamptz
    from jsonb_array_elements(coalesce(v_signed, '[]')) s
   where p.claim = p_claim and p.unit = (s ->> 'unit')::uuid and s ->> 'digest' = v_claim.digest;
  v_version := workflow.touch(p_claim, 'edit', 'claimant', jsonb_build_object('revision', v_claim.revision, 'digest', v_claim.digest));
  return workflow.done(p_req, 200, api.claim_document(p_claim)::json, v_version);
end;
$$;

-- POST /items/{id}/claims/{claim_id}/signoff {decision: sign|decline, digest, reason?}
-- The partner unit's signatory signs exactly what it has read: 409 digest_differs otherwise.
create or replace function api.claim_sign_off(p_session bytea, p_req jsonb, p_item uuid, p_claim uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform core.lock_claim(p_item, p_claim, p_req);
  v_item := workflow.advance(p_claim, case p_body ->> 'decision' when 'sign' then 'sign_off' else 'decline' end, p_body);
  return workflow.done(p_req, 200, api.claim_document(p_claim, null, false)::json, v_item.version);
end;
$$;

create or replace function effect.claim_signed_off(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as $$
  update core.claim_partner set state = 'signed', digest = p_data ->> 'digest', reason = null, signed_by = auth.me(), signed_at = workflow.now()
   where claim = p_item and unit = auth.my_unit()
$$;

create or replace function effect.claim_declined(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as $$
  update core.claim_partner set state = 'declined', reason = p_data ->> 'reason',
         digest = p_data ->> 'digest', signed_by = auth.me(), signed_at = workflow.now()
   where claim = p_item and unit = auth.my_unit()
$$;

-- POST /items/{id}/claims/{claim_id}/submission: judged, receipted, sealed where the programme seals.
create or replace function api.claim_submit(p_session bytea, p_req jsonb, p_item uuid, p_claim uuid, p_key text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_item workflow.item;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_verified();
  perform core.lock_claim(p_item, p_claim, p_req);
  v_item := workflow.advance(p_claim, 'submit');
  if (select sealed from core.list_item where id = p_item) then
    perform core.seal_claim(p_claim, p_key);
  end if;
  return workflow.done(p_req, 201, api.claim_document(p_claim, null, false)::json, v_item.version, format('/items/%s/claims/%s', p_item, p_claim));
end;
$$;

-- The receipt; and the credit of all who take part, as it stood (DOMAIN 10).
create or replace function effect.claim_submitted(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  update core.claim
     set submitted_at = workflow.now(), digest = core.claim_digest(id, content),
         receipt_no = format('JB%s-%s', to_char(workflow.today(), 'YYYYMMDD'), lpad(nextval('core.receipt')::text, 6, '0')),
         credit = core.credit_snapshot('claim', core.claim_units(p_item))
   where id = p_item;
end;
$$;

-- A claim that is out of the race frees its unit for another one on the same challenge.
create or replace function effect.claim_dead(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ update core.claim set live = false where id = p_item $$;

create or replace function effect.claim_withdrawn(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ update core.claim set live = false where id = p_item $$;
