-- Whoever has left a consortium reads no more of its claim, sealed or opened.
create or replace function core.has_declined(p_claim uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (select from core.claim_partner p where p.claim = p_claim and p.unit = auth.my_unit() and p.state = 'declined');
end;
$$;

-- A claim as its asker may see it. Content: the claimant and its partners always (with the key while
-- it is sealed), everybody else who may see the claim only after the opening.
create or replace function api.claim_document(p_claim uuid, p_key text default null, p_with_content boolean default true)
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  v_claim   core.claim;
  v_own     boolean;
  v_open    boolean;
  v_content jsonb;
begin
  select * into v_claim from core.claim where id = p_claim;
  if not found then
    return null;
  end if;
  v_own := auth.context() = 'person' and (v_claim.unit = auth.my_unit() or exists (
    select from core.claim_partner p where p.claim = p_claim and p.unit = auth.my_unit() and p.state <> 'declined'));
  v_open := v_own or auth.context() = 'system' or not core.has_declined(p_claim)
            and (v_claim.opened_at is not null or v_claim.sealed is null and v_claim.submitted_at is not null);
  if p_with_content and v_open then
    v_content := v_claim.content;
    if v_content is null and v_own and p_key is not null then
      v_content := core.open_seal(v_claim, p_key);
    end if;
  end if;
  return workflow.head(p_claim) || case when p_with_content and v_own and v_content is not null then jsonb_build_object('form', core.money_out(
         core.claim_start((select f.face::jsonb -> 'content' from core.face f where f.item = v_claim.item),
                          v_content || jsonb_build_object('partners', core.claim_partner_fields(p_claim)))))
         when p_with_content and auth.is_bureau() and v_claim.opened_at is not null then core.claim_checklist() else '{}' end
    || jsonb_build_object(
    'item', (select jsonb_build_object('id', l.id, 'number', l.number, 'title', l.title) from core.list_item l where l.id = v_claim.item),
    'sealed', v_claim.sealed is not null, 'live', v_claim.live, 'revision', v_claim.revision, 'digest', v_claim.digest,
    'receipt', core.receipt(v_claim), 'opened_at', v_claim.opened_at)
    || case when v_open then jsonb_build_object('unit', core.unit_ref(v_claim.unit), 'content', core.money_out(v_content),
         'leader', coalesce(v_content #>> '{leader,name}', case when v_claim.sealed is null then v_claim.leader end),
         'partners', core.claim_partners(p_claim))
       else jsonb_build_object('owner', null, 'unit', null, 'content', null, 'leader', null, 'partners', '[]'::jsonb) end;
end;
$$;

create or replace function core.receipt(p_claim core.claim) returns jsonb
language plpgsql immutable security definer set search_path = '' as $$
begin
  return case when p_claim.receipt_no is not null then
    jsonb_build_object('number', p_claim.receipt_no, 'digest', p_claim.digest, 'time', p_claim.submitted_at) end;
end;
$$;

create or replace function core.claim_partners(p_claim uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('unit', core.unit_ref(p.unit), 'duty', p.duty, 'share_pct', p.share_pct,
             'state', p.state, 'reason', p.reason, 'digest', p.digest, 'signed_at', p.signed_at) order by p.unit), '[]')
      from core.claim_partner p where p.claim = p_claim);
end;
$$;

-- What the bureau looks at before a claim is eligible; it may add to the list.
create or replace function core.claim_checklist() returns jsonb
language sql immutable security definer set search_path = '' as
$$ select '{"form": {"checks": [{"name": "独立法人"}, {"name": "材料齐全"}, {"name": "覆盖全部指标"}]}}'::jsonb $$;

-- As the form takes them.
create or replace function core.claim_partner_fields(p_claim uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('unit', p.unit, 'duty', p.duty, 'share_pct', p.share_pct) order by p.unit), '[]')
    from core.claim_partner p where p.claim = p_claim
$$;

-- The claim under its challenge's path, locked after the challenge (whoever needs both takes the
-- challenge first, so that the deadline and a submission wait for each other, never across).
create or replace function core.lock_claim(p_item uuid, p_claim uuid, p_req jsonb) returns workflow.item
language plpgsql security definer set search_path = '' as $$
begin
  -- before any lock: two requests that name one thing as both would wait for each other
  if not exists (select from workflow.item where id = p_claim and machine = 'claim' and parent = p_item) then
    perform workflow.refuse(404, 'not_found');
  end if;
  perform from workflow.item where id = p_item for share;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  return workflow.lock(p_claim, p_req);
end;
$$;

-- GET /items/{id}/claims/{claim_id}
create or replace function api.claim(p_session bytea, p_req jsonb, p_item uuid, p_claim uuid, p_key text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  if exists (select from core.claim where id = p_claim and item = p_item) then
    v_doc := api.claim_document(p_claim, p_key);
  end if;
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- GET /items/{id}/claims: those that the asker may see, without their content.
create or replace function api.item_claims(p_session bytea, p_req jsonb, p_item uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  if not exists (select from workflow.item where id = p_item and machine = 'list_item') then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, json_build_object('items', core.claims_of(p_item)), null, null)::api.answer;
end;
$$;

create or replace function core.claims_of(p_item uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select coalesce(jsonb_agg(api.claim_document(c.id, null, false) order by i.created_at, c.id), '[]')
    from workflow.item i join core.claim c on c.id = i.id
   where i.parent = p_item and i.machine = 'claim'
$$;

-- GET /claims?state=&page=&size=: my unit's claims and partnerships; for the bureau all but drafts.
create or replace function api.claims(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query jsonb := coalesce(p_req -> 'query', '{}');
  v_from  text;
  v_items jsonb;
  v_count bigint;
begin
  perform auth.enter(p_session, p_req);
  v_from := case
    when auth.is_bureau() or auth.has('auditor') then
      $q$from workflow.item i where i.machine = 'claim' and i.state <> 'draft'$q$
      || case when v_query ->> 'state' is not null then $q$ and i.state = $1 ->> 'state'$q$ else '' end
    else
      $q$from workflow.item i where i.machine = 'claim' and i.state = coalesce($1 ->> 'state', i.state)
           and i.id = any (array(select o.id from workflow.item o where o.owner = auth.my_unit() and o.machine = 'claim'
                                 union all select p.item from workflow.party p where p.unit = auth.my_unit() and p.role = 'partner'))$q$
    end || case when v_query ->> 'batch' is not null then $q$ and i.batch = ($1 ->> 'batch')::uuid$q$ else '' end;
  execute format('select jsonb_agg(d.doc order by r.created_at desc, r.id)
                    from (select i.id, i.created_at %s order by i.created_at desc, i.id limit %s offset %s) r,
                         lateral (select api.claim_document(r.id, null, false)) d (doc) where d.doc is not null',
                 v_from, core.page_size(v_query), core.page_offset(v_query)) into v_items using v_query;
  execute format('select count(*) from (select 1 %s limit 1001) c', v_from) into v_count using v_query;
  return row(200, core.page(v_query, v_items, v_count)::json, null, null)::api.answer;
end;
$$;

-- GET /claims/{id}: the same by its own name, for those who move claims; what is sealed stays so.
create or replace function api.claim_alone(p_session bytea, p_req jsonb, p_claim uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.claim_document(p_claim);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;
