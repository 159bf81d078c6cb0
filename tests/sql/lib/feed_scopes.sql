-- What the records of the feed say of who may see them, beside what the row policies let each person see.
--   \ir lib/feed_scopes.sql
--   select * from public.scope_faults();
-- One row a disagreement: asker, kind, id, what. It asks as everybody who has a membership, in each, as a
-- person without any, and as the public.
create function public.fed_now() returns table (kind text, id uuid, scopes jsonb)
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_system('test');
  return query select k, d.id, d.doc -> 'scopes'
    from unnest(array['need', 'item', 'expert', 'unit', 'achievement', 'patent', 'earlier', 'claim', 'project']) k,
         lateral feed.documents(k, feed.ids(k, null, 1000000)) d;
end;
$$;

-- By the policies alone: nothing of the feed is asked. A claim is seen with its content, or not at all.
create function public.sees(p_kind text, p_id uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  return case p_kind
    when 'need' then exists (select from core.need n where n.id = p_id)
    when 'item' then exists (select from core.list_item l where l.id = p_id)
    when 'unit' then exists (select from party.unit u where u.id = p_id)
    when 'claim' then coalesce(jsonb_typeof(api.claim_document(p_id) -> 'content'), 'null') <> 'null'
    when 'project' then exists (select from core.project p where p.id = p_id)
    else exists (select from lib.record r where r.id = p_id and r.state = 'active') end;
end;
$$;

create function public.scope_faults(out asker text, out kind text, out id uuid, out what text) returns setof record
language plpgsql security definer set search_path = '' as $$
declare
  v_fed  jsonb;
  v_who  record;
  v_row  record;
  v_mine jsonb;
begin
  v_fed := (select jsonb_agg(jsonb_build_object('kind', f.kind, 'id', f.id, 'scopes', f.scopes)) from public.fed_now() f);
  for v_who in
    select p.name || ' ' || u.name as name, m.person, m.unit, m.roles,
           case when 'county' = any (m.roles) then (select r.id from party.recommender r where r.unit = m.unit limit 1) end as recommender
      from party.membership m join party.person p on p.id = m.person join party.unit u on u.id = m.unit where m.state = 'active'
    union all select 'somebody', gen_random_uuid(), null, '{}', null
    union all select 'the public', null, null, '{}', null
  loop
    perform auth.set_context(case when v_who.person is null then 'public' else 'person' end, '{}', v_who.person, v_who.unit, v_who.roles, v_who.recommender);
    v_mine := core.match_scopes();
    for v_row in
      select f ->> 'kind' as kind, (f ->> 'id')::uuid as id,
             exists (select from jsonb_array_elements_text(f -> 'scopes') s where v_mine ? s) as told
        from jsonb_array_elements(v_fed) f
    loop
      if v_row.told is distinct from public.sees(v_row.kind, v_row.id) then
        asker := v_who.name;
        kind := v_row.kind;
        id := v_row.id;
        what := case when v_row.told then 'is told of what the policies hide' else 'is not told of what the policies show' end;
        return next;
      end if;
    end loop;
  end loop;
end;
$$;
alter function public.fed_now() owner to jb_api;
alter function public.sees(text, uuid) owner to jb_api;
alter function public.scope_faults() owner to jb_api;
