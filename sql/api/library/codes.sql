-- Code lists and calendars as data: read by everybody, loaded by officers and administrators.

create or replace function api.code_lists() returns api.answer
language sql stable security definer set search_path = '' as $$
  select row(200, (select json_build_object('items', json_agg(json_build_object('list', l.list, 'edition', l.edition, 'standard', l.standard,
           'title', json_build_object('zh', l.title_zh, 'en', l.title_en), 'effective_from', l.effective_from, 'current', l.current,
           'source', l.source, 'count', (select count(*) from ref.code c where c.list = l.list and c.edition = l.edition))
           order by l.list, l.current desc, l.edition))
           from ref.code_list l), null, null)::api.answer
$$;

-- p_query: edition (the current one without it), parent (only its children). Refuses 404.
create or replace function api.code_list(p_list text, p_query jsonb default '{}') returns api.answer
language plpgsql stable security definer set search_path = '' as $$
declare
  v ref.code_list;
begin
  select * into v from ref.code_list l
   where l.list = p_list and (l.edition = p_query ->> 'edition' or (p_query ->> 'edition' is null and l.current));
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, json_build_object('list', v.list, 'edition', v.edition, 'standard', v.standard,
    'title', json_build_object('zh', v.title_zh, 'en', v.title_en),
    'effective_from', v.effective_from, 'current', v.current, 'source', v.source, 'items', (
      select coalesce(json_agg(json_strip_nulls(json_build_object('code', c.code, 'name', json_build_object('zh', c.name_zh, 'en', c.name_en),
               'parent', c.parent, 'level', c.level, 'valid_to', c.valid_to)) order by c.ordinal, c.code), '[]')
        from ref.code c where c.list = v.list and c.edition = v.edition
         and (p_query ->> 'parent' is null or c.parent = p_query ->> 'parent'))), null, null)::api.answer;
end;
$$;

-- The faults of an edition: codes twice, parents that are not in it or go in a circle.
create or replace function lib.code_faults(p_codes jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  with recursive c as (
    select e ->> 'code' as code, e ->> 'parent' as parent, n - 1 as n from jsonb_array_elements(p_codes) with ordinality as s (e, n)),
  down as (
    select code from c where parent is null
    union select c.code from c join down on c.parent = down.code)
  select coalesce(jsonb_agg(workflow.bad(format('codes[%s].%s', b.n, b.field), b.fault) order by b.n), '[]') from (
    select n, 'code' as field, 'repeated_item' as fault from (select n, row_number() over (partition by code order by n) as nth from c) r where nth > 1
    union all
    select n, 'parent', 'unknown_parent' from c where code not in (select code from down)) b
$$;

-- A new edition becomes the current one; the old stays for old records. An edition that exists is not
-- rewritten: 409 edition_exists. 404 for a list that nothing here uses. p_list null: as p_doc says.
create or replace function lib.load_codes(p_list text, p_doc jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from ref.code_list where list = p_list) then
    perform workflow.refuse(404, 'not_found');
  elsif exists (select from ref.code_list where list = p_list and edition = p_doc ->> 'edition') then
    perform workflow.refuse(409, 'edition_exists', jsonb_build_object('edition', p_doc -> 'edition'));
  end if;
  perform workflow.refuse_fields(lib.code_faults(p_doc -> 'codes'));
  update ref.code_list set current = false where list = p_list and current;
  insert into ref.code_list (list, edition, standard, title_zh, title_en, effective_from, current, source)
  values (p_list, p_doc ->> 'edition', p_doc ->> 'standard', p_doc ->> 'title_zh', p_doc ->> 'title_en',
          (p_doc ->> 'effective_from')::date, true, p_doc ->> 'source');
  insert into ref.code (list, edition, code, name_zh, name_en, parent, level, ordinal, valid_to)
  with recursive c as (
    select e, n from jsonb_array_elements(p_doc -> 'codes') with ordinality as s (e, n)),
  tree as (
    select c.e, c.n, 1 as level from c where c.e ->> 'parent' is null
    union all select c.e, c.n, tree.level + 1 from c join tree on c.e ->> 'parent' = tree.e ->> 'code')
  select p_list, p_doc ->> 'edition', e ->> 'code', e ->> 'name_zh', e ->> 'name_en', e ->> 'parent', level, n, (e ->> 'valid_to')::date from tree;
  perform feed.touch_codes(p_list);
  perform pg_notify('public_changed', 'codes');
end;
$$;

create or replace function api.code_list_put(p_session bytea, p_req jsonb, p_list text, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer := workflow.begin(p_session, p_req);
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer', 'sysadmin');
  perform auth.require_recent(p_req);
  perform lib.load_codes(p_list, p_body);
  perform auth.log('code_list', auth.me(), null, jsonb_build_object('list', p_list, 'edition', p_body -> 'edition'));
  return workflow.done(p_req, 200, (api.code_list(p_list)).body);
end;
$$;
