-- The documents of the libraries.

-- A value as clients read it: money in 万元, codes with their names in `names`.
create or replace function lib.shown(p_kind text, p_data jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(f.name, case f.type
             when 'money' then to_jsonb(round((p_data ->> f.name)::numeric / 1000000, 2)) else p_data -> f.name end), '{}')
           || jsonb_build_object('names', coalesce(jsonb_object_agg(f.name, case f.type
                when 'code' then to_jsonb(lib.label_of(f.list, p_data ->> f.name))
                else (select jsonb_agg(lib.label_of(f.list, e)) from jsonb_array_elements_text(p_data -> f.name) e) end)
                filter (where f.type in ('code', 'codes')), '{}'))
      from lib.field f where f.kind = p_kind and p_data ? f.name);
end;
$$;

-- Whether the asker may change a record: the bureau, the unit that keeps it, the expert.
create or replace function lib.may_edit(p_record lib.record) returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce(auth.context() = 'person' and (auth.has('officer')
      or (p_record.unit = auth.my_unit() and auth.my_roles() && array['member', 'signatory'])
      or p_record.person = auth.me()), false)
$$;

-- One record; `private` is there for the bureau, the unit that keeps it and the expert. Null: not there.
create or replace function api.library_document(p_kind text, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select lib.shown(r.kind, r.data) || jsonb_build_object('id', r.id, 'library', r.kind, 'state', r.state,
           'state_reason', r.state_reason, 'version', r.version, 'unit', r.unit, 'person', r.person,
           'provenance', jsonb_build_object('source', r.source, 'date', r.source_date, 'refreshed_at', r.refreshed_at, 'sample', r.sample),
           'created_at', r.created_at, 'may_edit', lib.may_edit(r))
         || case when p.data is null then '{}' else jsonb_build_object('private', p.data) end
    from lib.record r left join lib.private p on p.record = r.id
   where r.id = p_id and r.kind = p_kind
$$;
