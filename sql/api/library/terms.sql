-- The bureau's term list: what is one word (keep), what means the same (synonym), what is no word at all
-- (stop), which fields lie close to each other (bridge). The match engine follows within a second.
-- Nothing is deleted: a row that is off counts no more, and its past is kept.

create or replace function api.term_document(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', t.id, 'rule', t.rule, 'term', t.term, 'other', t.other, 'weight', t.weight, 'note', t.note,
           'state', t.state, 'source', t.source, 'version', t.version, 'by', (select p.name from party.person p where p.id = t.by),
           'at', t.at, 'created_at', t.created_at)
    from lib.term t where t.id = p_id
$$;

-- Writes a version into the past.
create or replace function lib.keep_term(p_id uuid, p_why text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into lib.term_version (term, version, why, data, by, at)
  select t.id, t.version, p_why, jsonb_build_object('rule', t.rule, 'term', t.term, 'other', t.other, 'weight', t.weight,
         'note', t.note, 'state', t.state), auth.me(), workflow.now()
    from lib.term t where t.id = p_id;
end;
$$;

-- What a row may not be, as faults of its members.
create or replace function lib.term_faults(p_doc jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(f), '[]') from (
    select workflow.bad('rule', 'bad_choice', '{"choices": ["keep", "synonym", "stop", "bridge"]}')
     where coalesce(p_doc ->> 'rule', '') not in ('keep', 'synonym', 'stop', 'bridge')
    union all
    select workflow.bad('term', 'required') where trim(coalesce(p_doc ->> 'term', '')) = ''
    union all
    select workflow.bad(m, 'too_long', '{"max": 60}') from unnest(array['term', 'other']) m where char_length(p_doc ->> m) > 60
    union all
    select workflow.bad('other', 'required') where p_doc ->> 'rule' in ('synonym', 'bridge') and trim(coalesce(p_doc ->> 'other', '')) = ''
    union all
    select workflow.bad('other', 'only_with_pair') where p_doc ->> 'rule' in ('keep', 'stop') and p_doc ->> 'other' is not null
    union all
    select workflow.bad('other', 'same_term') where lib.fold(p_doc ->> 'term') = lib.fold(p_doc ->> 'other')
       and p_doc ->> 'rule' = 'synonym'
    union all
    select workflow.bad(m, 'bad_field_code') from unnest(array['term', 'other']) m
     where p_doc ->> 'rule' = 'bridge' and coalesce(p_doc ->> m, '') !~ '^(industry:[A-T][0-9]{0,4}|discipline:[0-9]{3,7}|field:[a-z]+)$'
    union all
    select workflow.bad('weight', 'bad_weight') where p_doc ->> 'weight' !~ '^(0(\.[0-9]{1,2})?|1(\.0{1,2})?)$') t (f)
$$;

-- The row as it is kept.
create or replace function lib.tidy_term(p_doc jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select jsonb_strip_nulls(p_doc || jsonb_build_object('term', trim(p_doc ->> 'term'), 'other', nullif(trim(p_doc ->> 'other'), ''),
           'note', nullif(trim(p_doc ->> 'note'), ''), 'weight', coalesce(nullif(p_doc ->> 'weight', ''), '1')))
$$;

-- Another row that says the same.
create or replace function lib.same_term(p_doc jsonb, p_but uuid default null) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select t.id from lib.term t
     where t.rule = p_doc ->> 'rule' and lower(t.term) = lower(p_doc ->> 'term')
       and lower(coalesce(t.other, '')) = lower(coalesce(p_doc ->> 'other', '')) and t.id is distinct from p_but);
end;
$$;

-- GET /terms. query: q, rule, state, page, size
create or replace function api.terms_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_page  record;
  v_query jsonb := coalesce(nullif(p_req -> 'query', 'null'), '{}');
  v_from  text;
  v_body  json;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  v_page := auth.page(p_req);
  v_from := 'select t.id, t.created_at from lib.term t where ' || concat_ws(' and ',
    case when v_query ->> 'rule' is not null then 't.rule = $1 ->> ''rule''' end,
    case when v_query ->> 'state' is not null then 't.state = $1 ->> ''state''' end,
    case when v_query ->> 'q' is not null then '(t.term ilike $2 or t.other ilike $2)' end, 'true') || ' order by t.created_at desc, t.id limit ';
  execute format($q$
    select json_build_object(
      'items', (select coalesce(json_agg(api.term_document(s.id) order by s.created_at desc, s.id), '[]') from (%1$s %3$s offset %4$s) s),
      'page', %2$s, 'size', %3$s, 'total', (select count(*) from (%1$s 1000) c))$q$,
    v_from, v_page.page, v_page.size, v_page.skip) into v_body using v_query, auth.like(v_query ->> 'q');
  return row(200, v_body, null, null)::api.answer;
end;
$$;

-- GET /terms/proposed: keywords of two records or more about which the bureau has not said anything. They
-- count as words until it does. Counted hourly.
create or replace function api.terms_proposed(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_page  record;
  v_items jsonb;
  v_count bigint;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  v_page := auth.page(p_req);
  with p as (
    select k.word, k.n from feed.keyword k
     where not exists (select from lib.term t where lower(t.term) = k.word or lower(t.other) = k.word)
     order by k.n desc, k.word limit 1000)
  select (select jsonb_agg(jsonb_build_object('word', s.word, 'records', s.n) order by s.n desc, s.word)
            from (select * from p order by p.n desc, p.word limit v_page.size offset v_page.skip) s),
         (select count(*) from p) into v_items, v_count;
  return row(200, json_build_object('items', coalesce(v_items, '[]'), 'page', v_page.page, 'size', v_page.size, 'total', v_count),
             null, null)::api.answer;
end;
$$;

-- GET /terms/{id}, with its past, newest first.
create or replace function api.term_get(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  v_doc := api.term_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, (v_doc || jsonb_build_object('history', (
    select coalesce(jsonb_agg(jsonb_build_object('version', h.version, 'why', h.why, 'data', h.data,
             'by', (select p.name from party.person p where p.id = h.by), 'at', h.at) order by h.version desc), '[]')
      from lib.term_version h where h.term = p_id)))::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- POST /terms {rule, term, other, weight, note}. Refuses 422 invalid, 409 term_exists.
create or replace function api.term_add(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v     api.answer := workflow.begin(p_session, p_req);
  v_doc jsonb;
  v_id  uuid;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  perform workflow.refuse_fields(lib.term_faults(p_body));
  v_doc := lib.tidy_term(p_body);
  insert into lib.term (rule, term, other, weight, note, by, at, created_at)
  values (v_doc ->> 'rule', v_doc ->> 'term', v_doc ->> 'other', (v_doc ->> 'weight')::numeric, v_doc ->> 'note',
          auth.me(), workflow.now(), workflow.now())
  on conflict do nothing returning id into v_id;
  if v_id is null then
    perform workflow.refuse(409, 'term_exists', jsonb_build_object('id', lib.same_term(v_doc), 'term', v_doc -> 'term'));
  end if;
  perform lib.keep_term(v_id, 'create'), feed.touch_terms();
  return workflow.done(p_req, 201, api.term_document(v_id)::json, 1, '/terms/' || v_id);
end;
$$;

-- Takes the row for a change: 404, or 409 when it is no longer the version that was read.
create or replace function lib.take_term(p_id uuid, p_req jsonb) returns lib.term
language plpgsql security definer set search_path = '' as $$
declare
  v lib.term;
begin
  perform auth.require_role('officer');
  select * into v from lib.term where id = p_id for update;
  if not found then
    perform workflow.refuse(404, 'not_found');
  elsif (p_req ->> 'version')::int <> v.version then
    perform workflow.refuse(409, 'version_conflict', jsonb_build_object('expected', (p_req ->> 'version')::int, 'version', v.version,
      'changes', (select coalesce(jsonb_agg(jsonb_build_object('version', h.version, 'event', h.why, 'at', h.at) order by h.version), '[]')
                    from lib.term_version h where h.term = p_id and h.version > (p_req ->> 'version')::int)));
  end if;
  return v;
end;
$$;

-- PUT /terms/{id}: the whole row; `state` off takes it out, on brings it back.
create or replace function api.term_edit(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_doc  jsonb;
  v_same uuid;
  v_row  lib.term;
begin
  if v.status is not null then
    return v;
  end if;
  v_row := lib.take_term(p_id, p_req);
  perform workflow.refuse_fields(lib.term_faults(p_body));
  v_doc := lib.tidy_term(p_body);
  v_same := lib.same_term(v_doc, p_id);
  if v_same is not null then
    perform workflow.refuse(409, 'term_exists', jsonb_build_object('id', v_same, 'term', v_doc -> 'term'));
  end if;
  update lib.term
     set rule = v_doc ->> 'rule', term = v_doc ->> 'term', other = v_doc ->> 'other', weight = (v_doc ->> 'weight')::numeric,
         note = v_doc ->> 'note', state = coalesce(v_doc ->> 'state', 'on'), version = version + 1, by = auth.me(), at = workflow.now()
   where id = p_id;
  perform lib.keep_term(p_id, 'edit'), feed.touch_terms();
  return workflow.done(p_req, 200, api.term_document(p_id)::json, v_row.version + 1);
end;
$$;

-- DELETE /terms/{id}: it counts no more. Refuses 409 record_state when it is off already.
create or replace function api.term_off(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v     api.answer := workflow.begin(p_session, p_req);
  v_row lib.term;
begin
  if v.status is not null then
    return v;
  end if;
  v_row := lib.take_term(p_id, p_req);
  if v_row.state = 'off' then
    perform workflow.refuse(409, 'record_state', '{"state": "off"}');
  end if;
  update lib.term set state = 'off', version = version + 1, by = auth.me(), at = workflow.now() where id = p_id;
  perform lib.keep_term(p_id, 'state'), feed.touch_terms();
  return workflow.done(p_req, 200, api.term_document(p_id)::json, v_row.version + 1);
end;
$$;

-- The rows of a CSV file with the header rule,term,other,weight,note or 规则,术语,对应,权重,说明.
create or replace function lib.read_terms(p_text text) returns table (n int, doc jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_names text[];
  v_cells text[];
  v_known constant jsonb := '{"规则": "rule", "术语": "term", "对应": "other", "权重": "weight", "说明": "note",
    "rule": "rule", "term": "term", "other": "other", "weight": "weight", "note": "note"}';
begin
  for n, v_cells in select c.n, c.cells from lib.parse_csv(p_text) c order by c.n loop
    if v_names is null then
      v_names := array(select v_known ->> trim(both E'﻿ ' from h) from unnest(v_cells) h);
      continue;
    end if;
    select jsonb_object_agg(m.name, nullif(trim(m.cell), '')) into doc
      from unnest(v_names, v_cells) m (name, cell) where m.name is not null;
    doc := jsonb_strip_nulls(coalesce(doc, '{}'));
    return next;
  end loop;
end;
$$;

-- POST /terms/import, text/csv. All or nothing: 422 invalid with the faulty rows; 422 import_empty,
-- import_too_long. A row that is there already takes over weight and note, and is on again.
create or replace function api.terms_import(p_session bytea, p_req jsonb, p_text text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v         api.answer := workflow.begin(p_session, p_req);
  v_row     record;
  v_faults  jsonb := '[]';
  v_term    lib.term;
  v_id      uuid;
  v_added   int := 0;
  v_changed int := 0;
  v_rows    int := 0;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  for v_row in select r.n, r.doc, lib.term_faults(r.doc) as faults from lib.read_terms(p_text) r order by r.n limit 5001 loop
    v_rows := v_rows + 1;
    v_faults := v_faults || (select coalesce(jsonb_agg(f || jsonb_build_object('row', v_row.n, 'field', format('rows[%s].%s', v_row.n, f ->> 'field'))), '[]')
                               from jsonb_array_elements(v_row.faults) f);
  end loop;
  if v_rows = 0 then
    perform workflow.refuse(422, 'import_empty');
  elsif v_rows > 5000 then
    perform workflow.refuse(422, 'import_too_long', '{"max": 5000}');
  end if;
  perform workflow.refuse_fields(v_faults);
  for v_row in select r.n, lib.tidy_term(r.doc) as doc from lib.read_terms(p_text) r order by r.n loop
    select * into v_term from lib.term where id = lib.same_term(v_row.doc) for update;
    if not found then
      insert into lib.term (rule, term, other, weight, note, source, by, at, created_at)
      values (v_row.doc ->> 'rule', v_row.doc ->> 'term', v_row.doc ->> 'other', (v_row.doc ->> 'weight')::numeric, v_row.doc ->> 'note',
              'import', auth.me(), workflow.now(), workflow.now()) returning id into v_id;
      v_added := v_added + 1;
      perform lib.keep_term(v_id, 'import');
    elsif (v_term.weight, v_term.note, v_term.state) is distinct from ((v_row.doc ->> 'weight')::numeric, v_row.doc ->> 'note', 'on') then
      update lib.term set weight = (v_row.doc ->> 'weight')::numeric, note = v_row.doc ->> 'note', state = 'on', version = version + 1,
             by = auth.me(), at = workflow.now() where id = v_term.id;
      v_changed := v_changed + 1;
      perform lib.keep_term(v_term.id, 'import');
    end if;
  end loop;
  if v_added + v_changed > 0 then
    perform feed.touch_terms();
  end if;
  return workflow.done(p_req, 200, json_build_object('rows', v_rows, 'added', v_added, 'changed', v_changed,
                                                     'same', v_rows - v_added - v_changed));
end;
$$;
