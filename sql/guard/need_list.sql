-- Guards of a list.
create or replace function guard.list_has_items(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when not exists (select from core.list_entry where list = p_item) then '{"status": 409, "slug": "list_empty"}'::jsonb end
$$;

-- Every claim window ends in the future, or nobody could claim.
create or replace function guard.list_window(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when exists (select from core.list_entry where list = p_item and claim_until <= workflow.now())
              then jsonb_build_object('status', 409, 'slug', 'claim_window_past',
                'items', (select jsonb_agg(need) from core.list_entry where list = p_item and claim_until <= workflow.now())) end
$$;

-- Numbers run without gaps, so one list of a programme is frozen at a time.
create or replace function guard.no_other_frozen(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_programme core.programme := core.programme_of(p_item);
  v_other     text;
begin
  perform 1 from core.programme where id = v_programme.id for update;
  select l.number into v_other from core.list l join workflow.item i on i.id = l.id join core.batch b on b.id = l.batch
   where b.programme = v_programme.id and i.state = 'frozen' and l.id <> p_item limit 1;
  return case when v_other is not null then jsonb_build_object('status', 409, 'slug', 'other_list_frozen', 'number', v_other) end;
end;
$$;

-- Four eyes: whoever fixed the list does not publish it.
create or replace function guard.not_who_froze(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when l.frozen_by = auth.me() then '{"status": 403, "slug": "other_person_needed"}'::jsonb end
    from core.list l where l.id = p_item
$$;
