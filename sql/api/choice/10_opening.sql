-- POST /items/{id}/opening: two different people of the bureau open the claims of a challenge (S23).
-- The first asks (202), the second opens: every claim is decrypted and checked against its receipt,
-- the posters and the bureau may read them from now on. Refuses 409 step_not_allowed before the
-- deadline, same_opener, seal_broken.
create or replace function api.item_opening(p_session bytea, p_req jsonb, p_item uuid, p_key text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v         api.answer := workflow.begin(p_session, p_req);
  v_item    workflow.item;
  v_opening core.opening;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'leader');
  perform auth.require_recent(p_req);
  v_item := core.lock_in(p_item, p_req, 'list_item', array['sealed']);
  select * into v_opening from core.opening where item = p_item;
  if not found then
    insert into core.opening (item, first_by, first_at) values (p_item, auth.me(), workflow.now());
    return workflow.done(p_req, 202, api.list_item_document(p_item)::json, v_item.version);
  elsif v_opening.first_by = auth.me() then
    perform workflow.refuse(409, 'same_opener');
  end if;
  update core.opening set second_by = auth.me(), opened_at = workflow.now() where item = p_item;
  perform core.unseal_claims(p_item, p_key);
  v_item := workflow.advance(p_item, 'unseal');
  return workflow.done(p_req, 200, api.list_item_document(p_item)::json, v_item.version);
end;
$$;

create or replace function guard.two_openers(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'second_opener_needed')
   where not exists (select from core.opening where item = p_item and second_by is not null)
$$;

-- Takes all claims of a challenge, after the challenge itself and in one order: a claim that is just
-- being withdrawn has then gone or stays. As the system.
create or replace function core.lock_claims(p_item uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform from workflow.item i where i.parent = p_item and i.machine = 'claim' order by i.id for update;
end;
$$;

-- The claims are open: the posters see them; drafts that were never submitted end.
create or replace function effect.claims_opened(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_claim  uuid;
  v_poster uuid;
begin
  perform core.lock_claims(p_item);
  for v_claim in select c.id from core.claim c join workflow.item i on i.id = c.id
                  where c.item = p_item and i.state = 'submitted' order by c.id loop
    update core.claim set opened_at = workflow.now() where id = v_claim;
    foreach v_poster in array core.posters(p_item) loop
      perform workflow.add_party(v_claim, 'poster', v_poster);
    end loop;
  end loop;
  perform core.lapse_claims(p_item, array['draft'], '揭榜截止时尚未提交 / not submitted at the deadline');
  perform workflow.back_to(v_before);
end;
$$;

-- At the deadline.
create or replace function core.claims_in(p_item uuid, p_states text[]) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_count  bigint;
begin
  perform core.lock_claims(p_item);
  select count(*) into v_count from workflow.item i where i.parent = p_item and i.machine = 'claim' and i.state = any (p_states);
  perform workflow.back_to(v_before);
  return v_count;
end;
$$;

create or replace function guard.has_claims(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'no_claims') where core.claims_in(p_item, array['submitted', 'eligible']) = 0
$$;
create or replace function guard.no_claims(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'has_claims') where core.claims_in(p_item, array['submitted', 'eligible']) > 0
$$;
create or replace function guard.is_sealed(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'not_sealed') from core.list_item where id = p_item and not sealed
$$;
create or replace function guard.not_sealed(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'claim_sealed') from core.list_item where id = p_item and sealed
$$;
-- Nobody is left to choose: the challenge may be published again.
create or replace function guard.no_claims_left(p_item uuid, p_data jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('status', 409, 'slug', 'has_claims') where core.claims_in(p_item, array['submitted', 'eligible', 'reserve']) > 0
$$;
-- The whole batch has passed its deadline when none of its challenges takes claims any more.
create or replace function effect.batch_claims_close(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_batch  workflow.item;
begin
  select b.* into v_batch from workflow.item i join workflow.item b on b.id = i.batch where i.id = p_item;
  if v_batch.state = 'published' and not exists (
       select from workflow.item i where i.batch = v_batch.id and i.machine = 'list_item' and i.state in ('open', 'interested')) then
    perform workflow.cascade(v_batch.id, 'claims_close');
  end if;
  perform workflow.back_to(v_before);
end;
$$;
