-- Keeping a record: its public data, its private data, its line in the search table and its past, in
-- one function each. The caller has checked who may; the document has been checked and is tidied here.
-- What runs once a row of an import is plpgsql: a plan made once a session, not once a call.

-- What makes two records the same, folded: width, case, spaces and punctuation do not count.
create or replace function lib.key_of(p_kind text, p_doc jsonb) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select string_agg(lib.fold(p_doc ->> f), '|' order by n)
      from lib.kind k, unnest(k.key_fields) with ordinality as s (f, n) where k.kind = p_kind);
end;
$$;

-- The registered unit that a record names: by its code, else by its full name or an alias.
create or replace function lib.unit_of(p_doc jsonb) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select id from (
      select u.id, 1 as n from party.unit u where u.code = p_doc ->> 'unit_code'
      union all select u.id, 2 from party.unit u where u.name = p_doc ->> 'unit_name' and u.state in ('verified', 'pending')
      union all select a.unit, 3 from party.unit_alias a where a.alias = p_doc ->> 'unit_name') s
     order by n limit 1);
end;
$$;

-- What a record is filtered by, as terms: a county is in its city and province too.
create or replace function lib.filter_terms(p_data jsonb) returns tsvector
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select array_to_tsvector(array_agg(format('=%s/%s', f, v)))
      from (select 'field' as f, jsonb_array_elements_text(p_data -> 'fields') as v
            union all select k, p_data ->> k from unnest(array['title_level', 'year', 'trl']) k
            union all select 'division', left(p_data ->> 'division', n) || repeat('0', 6 - n) from unnest(array[2, 4, 6]) n) t
     where v is not null);
end;
$$;

-- Rewrites the record's line in the search table: active records have one, others none. The match engine
-- hears of it too.
create or replace function lib.project(p_record uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  delete from lib.search where record = p_record;
  insert into lib.search (record, kind, title, unit, division, fields, trl, title_level, year, terms, created_at)
  select r.id, r.kind, r.title, r.unit, r.data ->> 'division',
         array(select jsonb_array_elements_text(r.data -> 'fields')), (r.data ->> 'trl')::int, r.data ->> 'title_level',
         (r.data ->> 'year')::int,
         lib.terms((select string_agg(case jsonb_typeof(r.data -> f.name) when 'array' then
                             (select string_agg(e, ' ') from jsonb_array_elements_text(r.data -> f.name) e)
                             else r.data ->> f.name end, E'\n' order by f.ordinal)
                      from lib.field f where f.kind = r.kind and f.type in ('text', 'prose', 'words', 'patent', 'patents')
                       and f.name <> 'source')) || coalesce(lib.filter_terms(r.data), ''),
         r.created_at
    from lib.record r where r.id = p_record and r.state = 'active';
  perform feed.touch(feed.kind_of_record(r.kind), r.id) from lib.record r where r.id = p_record;
end;
$$;

-- Adds the record as it stands to its past.
create or replace function lib.keep_version(p_record uuid, p_why text, p_import uuid default null, p_reason text default null)
returns void language plpgsql security definer set search_path = '' as $$
begin
  insert into lib.version (record, unit, version, why, data, private, state, reason, import, person, by, at)
  select r.id, r.unit, r.version, p_why, r.data, coalesce(p.data, '{}'), r.state, p_reason, p_import, r.person, auth.me(), workflow.now()
    from lib.record r left join lib.private p on p.record = r.id where r.id = p_record;
end;
$$;

-- The members of a document that are private (or public) of its kind.
create or replace function lib.part(p_kind text, p_doc jsonb, p_private boolean) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(f.name, p_doc -> f.name), '{}')
      from lib.field f where f.kind = p_kind and f.private = p_private and p_doc ? f.name and f.name not in ('source', 'source_date'));
end;
$$;

-- Creates a record (p_id null) or gives it a new content. p_meta: state, source, source_date, unit,
-- person, sample, why, import. Refuses 409 record_exists when another record has the same key.
create or replace function lib.save(p_kind text, p_id uuid, p_doc jsonb, p_meta jsonb default '{}') returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_doc  jsonb := lib.tidy(p_kind, p_doc);
  v_key  text := lib.key_of(p_kind, v_doc);
  v_id   uuid := p_id;
  v_unit uuid := coalesce((p_meta ->> 'unit')::uuid, lib.unit_of(v_doc));
  v_source text := coalesce(v_doc ->> 'source', p_meta ->> 'source', 'self');
  v_date date := coalesce((v_doc ->> 'source_date')::date, (p_meta ->> 'source_date')::date, workflow.today());
  v_title text := v_doc ->> (select title_field from lib.kind where kind = p_kind);
  v_private jsonb := lib.part(p_kind, v_doc, true);
  v_same uuid := lib.by_key(p_kind, v_key);
begin
  if v_same <> p_id or (v_same is not null and p_id is null) then
    perform workflow.refuse(409, 'record_exists', jsonb_build_object('id', v_same, 'title', v_title));
  end if;
  if v_doc ? 'trl' and not v_doc ? 'trl_scale' then
    v_doc := v_doc || jsonb_build_object('trl_scale', (select edition from ref.code_list where list = 'trl' and current));
  end if;
  begin
    if v_id is null then
      insert into lib.record (kind, key, title, unit, person, data, state, source, source_date, refreshed_at, sample, created_by, created_at)
      values (p_kind, v_key, v_title, v_unit, (p_meta ->> 'person')::uuid, lib.part(p_kind, v_doc, false),
              coalesce(p_meta ->> 'state', 'active'), v_source, v_date, workflow.now(),
              coalesce((p_meta ->> 'sample')::boolean, false), auth.me(), workflow.now())
      returning id into v_id;
    else
      update lib.record
         set key = v_key, title = v_title, data = lib.part(p_kind, v_doc, false), unit = coalesce(v_unit, unit),
             source = v_source, source_date = v_date, refreshed_at = workflow.now(), version = version + 1
       where id = v_id;
    end if;
  exception when unique_violation then  -- somebody was faster
    perform workflow.refuse(409, 'record_exists', jsonb_build_object('id', lib.by_key(p_kind, v_key), 'title', v_title));
  end;
  delete from lib.private where record = v_id;
  insert into lib.private (record, data) select v_id, v_private where v_private <> '{}';
  perform lib.project(v_id);
  perform lib.keep_version(v_id, coalesce(p_meta ->> 'why', case when p_id is null then 'create' else 'edit' end), (p_meta ->> 'import')::uuid);
  return v_id;
end;
$$;

-- Who has a key, also among records that the asker may not see: a second one must not come in.
create or replace function lib.by_key(p_kind text, p_key text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_context text := current_setting('jb.context', true);
  v_id uuid;
begin
  perform set_config('jb.context', 'system', true);
  if p_kind = 'unit' then
    select id into v_id from party.unit where code = upper(p_key);
  else
    select id into v_id from lib.record where kind = p_kind and key = p_key;
  end if;
  perform set_config('jb.context', coalesce(v_context, ''), true);
  return v_id;
end;
$$;
