-- Guards of a batch, and of what a batch is open for. Windows are half-open: [from, until).

-- Everything that a solicitation must say is there, and its end lies ahead.
create or replace function guard.batch_ready(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_batch  core.batch;
  v_errors jsonb := '[]';
begin
  select * into strict v_batch from core.batch where id = p_item;
  if (core.programme_of(p_item)).state <> 'active' then
    return '{"status": 409, "slug": "programme_not_active"}';
  end if;
  if v_batch.doc_no is null then
    v_errors := v_errors || workflow.bad('doc_no', 'required');
  end if;
  if v_batch.body = '' then
    v_errors := v_errors || workflow.bad('body', 'required');
  end if;
  if v_batch.solicit_until is null and not v_batch.rolling then
    v_errors := v_errors || workflow.bad('solicit_until', 'required');
  elsif v_batch.solicit_until <= workflow.now() then
    v_errors := v_errors || workflow.bad('solicit_until', 'time_past');
  end if;
  return case when v_errors <> '[]' then jsonb_build_object('status', 422, 'slug', 'batch_not_ready', 'errors', v_errors) end;
end;
$$;

-- A prolongation ends later than what was announced; what has no end cannot be prolonged.
create or replace function guard.later_window(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case
    when b.solicit_until is null then '{"status": 409, "slug": "batch_without_end"}'::jsonb
    when (p_data ->> 'solicit_until')::timestamptz <= greatest(b.solicit_until, workflow.now())
      then jsonb_build_object('status', 422, 'slug', 'invalid', 'errors', jsonb_build_array(
             workflow.bad('solicit_until', 'too_early', jsonb_build_object('min', greatest(b.solicit_until, workflow.now()))))) end
    from core.batch b where b.id = p_item
$$;

create or replace function guard.batch_rolling(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when not b.rolling then '{"status": 409, "slug": "batch_not_rolling"}'::jsonb end from core.batch b where b.id = p_item
$$;

-- There is something to select from.
create or replace function guard.batch_has_pooled(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when not exists (select from workflow.item i where i.batch = p_item and i.machine = 'need'
                                and i.state in ('pooled', 'arguing', 'shortlisted', 'wording', 'agreed', 'approved'))
              then '{"status": 409, "slug": "no_pooled_needs"}'::jsonb end
$$;

-- Every challenge of the batch has come to its end.
create or replace function guard.batch_all_ended(p_item uuid, p_data jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_open bigint;
begin
  select count(*) into v_open from workflow.item i join workflow.state s on s.machine = i.machine and s.state = i.state
   where i.batch = p_item and i.machine = 'list_item' and not s.final;
  return case when v_open > 0 then jsonb_build_object('status', 409, 'slug', 'items_open', 'open', v_open) end;
end;
$$;

-- Does a batch take new needs at this moment? While its window is open; a rolling one until it ends.
create or replace function core.batch_takes_needs(p_batch uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from core.batch b join workflow.item i on i.id = b.id
     where b.id = p_batch
       and (b.solicit_from is null or workflow.now() >= b.solicit_from)
       and (b.solicit_until is null or workflow.now() < b.solicit_until)
       and (i.state = 'soliciting'
            or (b.rolling and i.state in ('building', 'selecting', 'published', 'claims_closed', 'choosing', 'approving', 'noticing', 'running'))))
$$;

create or replace function guard.batch_open(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when not core.batch_takes_needs(i.batch) then jsonb_build_object('status', 409, 'slug', 'batch_not_open',
           'state', (select b.state from workflow.item b where b.id = i.batch),
           'until', (select b.solicit_until from core.batch b where b.id = i.batch)) end
    from workflow.item i where i.id = p_item
$$;

-- A returned need may come back, corrected, until the bureau has turned to selecting.
create or replace function guard.batch_correctable(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when b.state not in ('soliciting', 'solicited', 'building') and not core.batch_takes_needs(i.batch)
              then jsonb_build_object('status', 409, 'slug', 'batch_not_open', 'state', b.state) end
    from workflow.item i join workflow.item b on b.id = i.batch where i.id = p_item
$$;
