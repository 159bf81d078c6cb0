-- Import of a CSV file in two steps, and back. Checking reads every row, names every bad cell, finds
-- what is in the library already and what comes twice in the file, and keeps all that; nothing else
-- changes. Applying writes it; undoing puts back what stood there. For the bureau's officers.

-- One row of the file: its document, or its faults.
create or replace function lib.read_row(p_kind text, p_columns text[], p_header text[], p_cells text[], out doc jsonb, out errors jsonb)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_field lib.field;
  v_cell  jsonb;
  v_at    int;
begin
  doc := '{}';
  errors := '[]';
  if cardinality(p_cells) > cardinality(p_columns) then
    errors := jsonb_build_array(jsonb_build_object('code', 'too_many_cells', 'max', cardinality(p_columns)));
  end if;
  for v_field in select * from lib.field f where f.kind = p_kind and f.name = any (p_columns) order by array_position(p_columns, f.name) loop
    v_at := array_position(p_columns, v_field.name);
    v_cell := lib.read_cell(v_field, coalesce(p_cells[v_at], ''));
    if v_cell ? 'value' then
      doc := doc || jsonb_build_object(v_field.name, v_cell -> 'value');
    elsif v_cell ? 'error' or v_field.required then
      errors := errors || (jsonb_build_object('column', v_at, 'header', p_header[v_at], 'field', v_field.name)
                           || coalesce(v_cell -> 'error', '{"code": "required"}'));
    end if;
  end loop;
end;
$$;

-- What the library holds under an id, as a document of the same shape as a file's row.
create or replace function lib.kept_doc(p_kind text, p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select case when p_kind = 'unit' then (select lib.unit_doc(u) from party.unit u where u.id = p_id)
      else (select r.data || coalesce(p.data, '{}') || jsonb_build_object('source', r.source, 'source_date', r.source_date)
              from lib.record r left join lib.private p on p.record = r.id where r.id = p_id) end);
end;
$$;

create or replace function lib.version_of(p_kind text, p_id uuid) returns int
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select case when p_kind = 'unit' then (select version from party.unit where id = p_id)
                else (select version from lib.record where id = p_id) end);
end;
$$;

-- insert, update or same: how a good row stands to the library. A file that lacks columns leaves the
-- rest of a record as it is.
create or replace function lib.plan_row(p_kind text, p_doc jsonb, out action text, out target uuid, out version int, out merged jsonb)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_doc jsonb := lib.tidy(p_kind, p_doc);
  v_old jsonb;
begin
  target := lib.by_key(p_kind, lib.key_of(p_kind, v_doc));
  merged := v_doc;
  action := 'insert';
  if target is not null then
    v_old := lib.kept_doc(p_kind, target);
    merged := v_old || v_doc;
    version := lib.version_of(p_kind, target);
    action := case when merged = v_old then 'same' else 'update' end;
  end if;
end;
$$;

-- p_most: rows that one request may take; an operator at the machine has more time.
create or replace function lib.check_import(p_kind text, p_text text, p_most int default 5000) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_import  lib.import;
  v_columns text[];
  v_header  text[];
  v_row     record;
  v_read    record;
  v_plan    record;
begin
  if (select count(*) from lib.parse_csv(p_text)) > p_most + 1 then
    perform workflow.refuse(422, 'import_too_long', jsonb_build_object('max', p_most));
  end if;
  for v_row in select * from lib.parse_csv(p_text) loop
    if v_columns is null then
      v_header := v_row.cells;
      v_columns := lib.read_header(p_kind, v_header);
      insert into lib.import (kind, digest, header, columns, rows, by, at)
      values (p_kind, encode(sha256(convert_to(p_text, 'UTF8')), 'hex'), v_header, v_columns, 0, auth.me(), workflow.now())
      returning * into v_import;
      continue;
    end if;
    v_import.rows := v_import.rows + 1;
    v_read := lib.read_row(p_kind, v_columns, v_header, v_row.cells);
    if v_read.errors <> '[]' then
      insert into lib.import_row (import, n, doc, errors, action) values (v_import.id, v_row.n, v_read.doc, v_read.errors, 'bad');
    else
      v_plan := lib.plan_row(p_kind, v_read.doc);
      insert into lib.import_row (import, n, doc, action, target, target_version)
      values (v_import.id, v_row.n, v_plan.merged, v_plan.action, v_plan.target, v_plan.version);
    end if;
  end loop;
  if v_import.rows is null or v_import.rows = 0 then
    perform workflow.refuse(422, 'import_empty');
  end if;
  update lib.import set rows = v_import.rows where id = v_import.id;
  -- twice in one file: the first counts, the others are named with it
  update lib.import_row r
     set action = 'repeat', errors = jsonb_build_array(jsonb_build_object('code', 'repeated_row', 'first', d.first))
    from (select n, min(n) over (partition by lib.key_of(p_kind, doc)) as first from lib.import_row
           where import = v_import.id and action <> 'bad') d
   where r.import = v_import.id and r.n = d.n and d.n <> d.first;
  return v_import.id;
end;
$$;

-- The import with its counts, every fault (the first 1,000) and what it would write (the first 20).
create or replace function api.import_document(p_import uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', i.id, 'library', i.kind, 'state', i.state, 'version', i.version, 'rows', i.rows, 'columns', i.columns,
           'digest', i.digest, 'at', i.at, 'by', (select name from party.person where id = i.by),
           'applied_at', i.applied_at, 'undone_at', i.undone_at,
           'counts', (select jsonb_object_agg(a, (select count(*) from lib.import_row r where r.import = i.id and r.action = a))
                        from unnest(array['insert', 'update', 'same', 'repeat', 'bad']) a),
           'errors', (select coalesce(jsonb_agg(jsonb_build_object('row', e.n) || e.fault order by e.n), '[]')
                        from (select r.n, f.fault from lib.import_row r, jsonb_array_elements(r.errors) as f (fault)
                               where r.import = i.id and r.errors <> '[]' order by r.n limit 1000) e),
           'preview', (select coalesce(jsonb_agg(jsonb_build_object('row', p.n, 'action', p.action, 'target', p.target,
                                'data', lib.shown(i.kind, p.doc)) order by p.n), '[]')
                         from (select * from lib.import_row r where r.import = i.id and r.action in ('insert', 'update')
                                order by r.n limit 20) p))
    from lib.import i where i.id = p_import
$$;

create or replace function api.import_check(p_session bytea, p_req jsonb, p_kind text, p_text text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer := workflow.begin(p_session, p_req);
  v_id uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  if not exists (select from lib.kind where kind = p_kind) then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_id := lib.check_import(p_kind, p_text);
  return workflow.done(p_req, 201, api.import_document(v_id)::json, 1, '/imports/' || v_id);
end;
$$;

-- Locks an import of the asker's (any officer's) and demands its state.
create or replace function lib.take_import(p_id uuid, p_state text, p_req jsonb) returns lib.import
language plpgsql security definer set search_path = '' as $$
declare
  v lib.import;
begin
  select * into v from lib.import where id = p_id for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif (p_req ->> 'version')::int <> v.version then
    perform workflow.refuse(409, 'version_conflict', jsonb_build_object('expected', (p_req ->> 'version')::int,
      'version', v.version, 'state', v.state, 'changes', '[]'::jsonb));
  elsif v.state <> p_state then
    perform workflow.refuse(409, 'import_state', jsonb_build_object('state', v.state));
  end if;
  return v;
end;
$$;

-- Writes the rows of a checked import. Refuses 409 import_has_errors unless bad rows may be skipped,
-- 409 import_stale when the library has moved since the check.
create or replace function lib.apply_import(p_import lib.import, p_skip_bad boolean) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_row lib.import_row;
  v_id  uuid;
  v_stale jsonb := '[]';
begin
  if not p_skip_bad and exists (select from lib.import_row where import = p_import.id and action in ('bad', 'repeat')) then
    perform workflow.refuse(409, 'import_has_errors', jsonb_build_object('count',
      (select count(*) from lib.import_row where import = p_import.id and action in ('bad', 'repeat'))));
  end if;
  for v_row in select * from lib.import_row where import = p_import.id and action in ('insert', 'update') order by n loop
    if lib.by_key(p_import.kind, lib.key_of(p_import.kind, v_row.doc)) is distinct from v_row.target
       or lib.version_of(p_import.kind, v_row.target) is distinct from v_row.target_version then
      v_stale := v_stale || to_jsonb(v_row.n);
      continue;
    end if;
    v_row.before := lib.image(p_import.kind, v_row.target);
    if p_import.kind = 'unit' then
      v_id := lib.save_unit(v_row.target, v_row.doc);
    else
      v_id := lib.save(p_import.kind, v_row.target, v_row.doc, jsonb_build_object('source', 'import', 'why', 'import', 'import', p_import.id));
    end if;
    update lib.import_row set target = v_id, before = v_row.before, target_version = lib.version_of(p_import.kind, v_id)
     where import = p_import.id and n = v_row.n;
  end loop;
  if v_stale <> '[]' then
    perform workflow.refuse(409, 'import_stale', jsonb_build_object('rows', v_stale));
  end if;
  update lib.import set state = 'applied', applied_by = auth.me(), applied_at = workflow.now(), version = version + 1 where id = p_import.id;
end;
$$;

create or replace function api.import_apply(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer := workflow.begin(p_session, p_req);
  v_import lib.import;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  v_import := lib.take_import(p_id, 'checked', p_req);
  perform lib.apply_import(v_import, coalesce((p_body ->> 'skip_bad')::boolean, false));
  return workflow.done(p_req, 200, api.import_document(p_id)::json, v_import.version + 1);
end;
$$;

create or replace function api.imports(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_size int := coalesce((p_req -> 'query' ->> 'size')::int, 20);
  v_page int := coalesce((p_req -> 'query' ->> 'page')::int, 1);
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  return row(200, (select json_build_object('items', (select coalesce(json_agg(json_build_object('id', i.id, 'library', i.kind, 'state', i.state,
             'rows', i.rows, 'version', i.version, 'at', i.at, 'by', (select name from party.person where id = i.by)) order by i.at desc, i.id), '[]')
             from (select * from lib.import order by at desc, id limit v_size offset (v_page - 1) * v_size) i),
           'page', v_page, 'size', v_size, 'total', (select count(*) from (select from lib.import limit 1001) c))), null, null)::api.answer;
end;
$$;

create or replace function api.import_get(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.import_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;
