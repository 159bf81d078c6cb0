-- What is shown of a record that the engine proposes. Each is read under the row policies of whoever
-- asks: null when that shows none.

-- A line of a library, as its search gives it.
create or replace function lib.line(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (select lib.shown(r.kind, r.data) || jsonb_build_object('id', r.id, 'unit', r.unit, 'library', r.kind,
            'provenance', jsonb_build_object('source', r.source, 'date', r.source_date, 'sample', r.sample))
            from lib.record r where r.id = p_id and r.state = 'active');
end;
$$;

create or replace function core.match_record(p_kind text, p_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  if core.match_library(p_kind) is not null then
    return lib.line(p_id);
  elsif p_kind = 'need' then
    return core.need_line(p_id) - 'actions';
  elsif p_kind = 'item' then
    return (select f.doc::jsonb - 'content' from core.face f where f.item = p_id and f.public);
  elsif p_kind = 'unit' then
    return (select jsonb_build_object('id', u.id, 'name', u.name, 'kind', u.kind, 'division', u.division, 'industry', u.industry,
              'intro', u.intro, 'labels', to_jsonb(u.labels), 'source', u.source, 'sample', u.sample)
              from party.unit u where u.id = p_id);
  elsif p_kind = 'label' then
    return core.match_label(p_id);
  end if;
  return workflow.head(p_id) - 'actions';  -- projects, claims
end;
$$;

-- {"id","kind","title"} of a record that speaks for somebody; `kind` as the engine calls it.
create or replace function core.match_title(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce(
    (select jsonb_build_object('id', r.id, 'kind', case r.kind when 'need' then 'earlier' else r.kind end, 'title', r.title,
              'year', (select s.year from lib.search s where s.record = r.id)) from lib.record r where r.id = p_id and r.state = 'active'),
    (select jsonb_build_object('id', i.id, 'kind', case i.machine when 'list_item' then 'item' else i.machine end, 'title', i.title)
       from workflow.item i where i.id = p_id),
    (select jsonb_build_object('id', u.id, 'kind', 'unit', 'title', u.name) from party.unit u where u.id = p_id));
end;
$$;

create or replace function core.match_path(p_kind text, p_id uuid) returns text
language sql immutable security definer set search_path = '' as $$
  select case p_kind when 'earlier' then '/earlier-needs/' when 'label' then null else '/' || p_kind || 's/' end || p_id
$$;

-- What the asker may know of a proposed side's dealings with a challenge.
create or replace function core.match_marks(p_item uuid, p_unit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_item is null or p_unit is null then
    return '[]';
  end if;
  return (select coalesce(jsonb_agg(m order by m), '[]') from (
    select 'intent' as m where exists (select from core.intent i where i.item = p_item and i.unit = p_unit and i.withdrawn_at is null)
    union all
    select 'contacted' where exists (select from core.contact c where c.item = p_item and c.unit = p_unit)
    union all
    select 'claimed' where exists (select from core.claim c where c.item = p_item and c.live and c.submitted_at is not null
                                      and (c.unit = p_unit or exists (select from core.claim_partner q where q.claim = c.id and q.unit = p_unit)))) t);
end;
$$;

-- A field or discipline of the code lists, by the id that it has as a label.
create or replace function core.match_label(p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('list', c.list, 'code', c.code, 'title', c.name_zh, 'name', jsonb_build_object('zh', c.name_zh, 'en', c.name_en))
    from ref.code c join ref.code_list l on l.list = c.list and l.edition = c.edition
   where c.list = any (feed.label_lists()) and l.current and feed.label_id(c.list, c.code) = p_id
   limit 1
$$;
