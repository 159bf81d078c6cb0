-- The documents of each kind as services/match/serve/doc.c reads them: {title, keywords, body, name,
-- unit, person, division, state, level, trl, year, barred, fields, scopes, links}. Of what is not to be
-- found there is none. All run as the system.

-- Experts, achievements, patents, earlier needs: what everybody may read of them, nothing else.
create or replace function feed.record_docs(p_kind text, p_ids uuid[]) returns table (id uuid, doc jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_barred uuid[] := feed.barred();
  v_fields text[] := feed.text_fields(p_kind);
begin
  return query
  with r as materialized (
    select r.id, r.title, r.unit, r.person, r.data, feed.makers(r.kind, r.data) as makers,
           feed.codes(r.data -> 'fields', r.data ->> 'industry', r.data -> 'discipline') as codes
      from lib.record r where r.id = any (p_ids) and r.kind = p_kind and r.state = 'active'),
  link (id, target, weight) as (
    select r.id, r.unit, 1.0 from r where p_kind in ('achievement', 'patent') and r.unit is not null
    union all
    select r.id, e.id, case m.n when 1 then 1 else .6 end
      from r, unnest(r.makers) with ordinality m (name, n)
      join lib.record e on e.kind = 'expert' and e.state = 'active' and e.title = m.name
     where e.unit = r.unit or e.data ->> 'unit_name' = r.data ->> 'unit_name'
    union all
    select r.id, u.id, 1 from r, unnest(feed.split_names(r.data ->> 'claimant')) m (name)
      join party.unit u on u.name = m.name or u.id in (select a.unit from party.unit_alias a where a.alias = m.name)
     where p_kind = 'need' and u.state in ('verified', 'suspended')
    union all
    select r.id, l.target, l.weight from r, feed.label_links(r.codes) l),
  links as (
    select k.id, jsonb_agg(jsonb_build_object('to', k.target, 'weight', k.weight) order by k.target) as list
      from (select l.id, l.target, max(l.weight) as weight from link l group by l.id, l.target) k group by k.id)
  select r.id, jsonb_strip_nulls(jsonb_build_object('title', r.title, 'keywords', r.data -> 'keywords',
           'body', feed.record_body(v_fields, r.data), 'name', case p_kind when 'expert' then r.title end,
           'unit', r.unit, 'person', r.person, 'division', r.data ->> 'division', 'state', 'active',
           'level', r.data ->> 'title_level', 'trl', r.data -> 'trl',
           'year', case p_kind when 'need' then (r.data ->> 'year')::int when 'patent' then left(r.data ->> 'filed_on', 4)::int end,
           'barred', case when p_kind <> 'need' then coalesce(r.unit = any (v_barred), false) or coalesce(r.person = any (v_barred), false) end,
           'fields', r.codes, 'scopes', '["public"]'::jsonb, 'links', links.list))
    from r left join links using (id);
end;
$$;

-- Units that the bureau has verified. A suspended one, or an authority, is found and never proposed.
create or replace function feed.unit_docs(p_ids uuid[]) returns table (id uuid, doc jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_barred uuid[] := feed.barred();
begin
  return query
  select u.id, jsonb_strip_nulls(jsonb_build_object('title', u.name, 'name', u.name, 'unit', u.id, 'division', u.division, 'state', u.state, 'level', u.kind,
           'keywords', nullif(to_jsonb(u.labels), '[]'),
           'body', concat_ws(E'\n', (select string_agg(a.alias, ' ' order by a.alias) from party.unit_alias a where a.unit = u.id),
             (select string_agg(c.name_zh, ' ') from ref.code_list l join ref.code c on c.list = l.list and c.edition = l.edition
               where l.current and (l.list, c.code) in (('industry', u.industry), ('unit_kind', u.kind))), u.intro),
           'barred', u.state = 'suspended' or u.kind = 'government' or u.id = any (v_barred),
           'fields', feed.codes(null, u.industry, null), 'scopes', '["public"]'::jsonb))
    from party.unit u where u.id = any (p_ids) and u.state in ('verified', 'suspended');
end;
$$;

-- Needs from their submission on, as all who may see them may read them.
create or replace function feed.need_docs(p_ids uuid[]) returns table (id uuid, doc jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  with n as (
    select n.id, n.unit, n.division, i, core.publishable(coalesce(core.last_argued(n.id), n.content)) as content
      from core.need n join workflow.item i on i.id = n.id where n.id = any (p_ids) and i.state <> 'draft'),
  c as (
    select n.*, feed.codes(feed.field_codes(n.content -> 'fields'), n.content ->> 'industry_code',
                           jsonb_path_query_array(n.content, '$.discipline')) as codes from n)
  select c.id, jsonb_strip_nulls(jsonb_build_object('title', c.content ->> 'title', 'keywords', c.content -> 'keywords',
           'body', feed.content_body(c.content), 'unit', c.unit, 'division', c.division, 'state', (c.i).state,
           'year', extract(year from (c.i).created_at)::int, 'fields', c.codes, 'scopes', feed.item_scopes(c.i),
           'links', (select jsonb_agg(jsonb_build_object('to', l.target, 'weight', l.weight)) from feed.label_links(c.codes) l)))
    from c;
end;
$$;

-- Published challenges: the public face, so a masked poster is not named; its unit is not told either.
create or replace function feed.item_docs(p_ids uuid[]) returns table (id uuid, doc jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  with f as (
    select f.item as id, f.division, f.named, f.poster, i, f.face::jsonb as face
      from core.face f join workflow.item i on i.id = f.item where f.item = any (p_ids)),
  c as (
    select f.*, feed.codes(feed.field_codes(f.face #> '{content,fields}'), f.face #>> '{content,industry_code}',
                           jsonb_path_query_array(f.face, '$.content.discipline')) as codes from f)
  select c.id, jsonb_strip_nulls(jsonb_build_object('title', c.face ->> 'title', 'keywords', c.face #> '{content,keywords}',
           'body', concat_ws(E'\n', c.face ->> 'number', feed.content_body(c.face -> 'content'),
             (select string_agg(p ->> 'name', ' ') from jsonb_array_elements(feed.list_of(case when c.named then c.face -> 'posters' end)) p)),
           'unit', case when c.named then c.poster end, 'division', c.division, 'state', (c.i).state,
           'year', extract(year from (c.i).created_at)::int, 'fields', c.codes, 'scopes', feed.item_scopes(c.i),
           'links', (select jsonb_agg(jsonb_build_object('to', l.target, 'weight', l.weight)) from feed.label_links(c.codes) l)))
    from c;
end;
$$;

-- A claim counts for whoever claimed: its units, and those of its people who are in the library. What is
-- sealed, or was never submitted, is fed to nobody.
create or replace function feed.claim_docs(p_ids uuid[]) returns table (id uuid, doc jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  with c as (
    select c.id, c.unit, c.content, c.submitted_at, i from core.claim c join workflow.item i on i.id = c.id
     where c.id = any (p_ids) and c.sealed is null and c.submitted_at is not null),
  link (id, target, weight) as (
    select c.id, c.unit, 1.0 from c
    union all select p.claim, p.unit, .6 from c join core.claim_partner p on p.claim = c.id where p.state = 'signed'
    union all
    select c.id, e.id, m.weight
      from c join party.unit u on u.id = c.unit,
           lateral (select c.content #>> '{leader,name}', null::text, 1.0
                    union all select t ->> 'name', t ->> 'unit', .6 from jsonb_array_elements(feed.list_of(c.content -> 'team')) t) m (name, unit_name, weight)
      join lib.record e on e.kind = 'expert' and e.state = 'active' and e.title = m.name
     where e.data ->> 'unit_name' = coalesce(m.unit_name, u.name) or m.unit_name is null and e.unit = c.unit),
  links as (
    select k.id, jsonb_agg(jsonb_build_object('to', k.target, 'weight', k.weight) order by k.target) as list
      from (select l.id, l.target, max(l.weight) as weight from link l group by l.id, l.target) k group by k.id)
  select c.id, jsonb_strip_nulls(jsonb_build_object('title', (c.i).title, 'body', feed.claim_body(c.content), 'unit', c.unit,
           'state', (c.i).state, 'year', extract(year from c.submitted_at)::int, 'scopes', feed.item_scopes(c.i), 'links', links.list))
    from c left join links using (id);
end;
$$;

-- A project: what the challenge says in public, for claimant and leader, who are public. The partners are
-- not; their evidence is the claim, for those who may see it.
create or replace function feed.project_docs(p_ids uuid[]) returns table (id uuid, doc jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  with p as (
    select p.id, p.claim, p.start_on, c.unit, c.leader, f.division, f.face::jsonb as face, i,
           feed.codes(feed.field_codes(f.face::jsonb #> '{content,fields}'), f.face::jsonb #>> '{content,industry_code}', null) as codes
      from core.project p join workflow.item i on i.id = p.id join core.claim c on c.id = p.claim
      join core.face f on f.item = p.item where p.id = any (p_ids)),
  link (id, target, weight) as (
    select p.id, p.unit, 1.0 from p
    union all select p.id, e.id, 1 from p join lib.record e on e.kind = 'expert' and e.state = 'active' and e.title = p.leader and e.unit = p.unit
    union all select p.id, l.target, l.weight from p, feed.label_links(p.codes) l)
  select p.id, jsonb_strip_nulls(jsonb_build_object('title', p.face ->> 'title', 'keywords', p.face #> '{content,keywords}',
           'body', feed.content_body(p.face -> 'content'), 'unit', p.unit, 'division', p.division, 'state', (p.i).state,
           'year', extract(year from coalesce(p.start_on, (p.i).created_at::date))::int, 'fields', p.codes, 'scopes', feed.item_scopes(p.i),
           'links', (select jsonb_agg(jsonb_build_object('to', k.target, 'weight', k.weight) order by k.target)
                       from (select l.target, max(l.weight) as weight from link l where l.id = p.id group by l.target) k)))
    from p;
end;
$$;

-- Technical fields and disciplines by their names; their examples are the records that link to them.
create or replace function feed.label_docs(p_ids uuid[]) returns table (id uuid, doc jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  select feed.label_id(c.list, c.code), jsonb_build_object('title', c.name_zh, 'body', coalesce(c.name_en, ''), 'name', c.name_zh,
           'state', c.list, 'fields', jsonb_build_array(c.list || ':' || c.code), 'scopes', '["public"]'::jsonb)
    from ref.code_list l join ref.code c on c.list = l.list and c.edition = l.edition
   where l.current and l.list = any (feed.label_lists()) and feed.label_id(c.list, c.code) = any (p_ids);
end;
$$;

-- By the engine's kind. An unknown one has none.
create or replace function feed.documents(p_kind text, p_ids uuid[]) returns table (id uuid, doc jsonb)
language plpgsql stable security definer set search_path = '' as $$
begin
  case p_kind
    when 'expert', 'achievement', 'patent' then return query select * from feed.record_docs(p_kind, p_ids);
    when 'earlier' then return query select * from feed.record_docs('need', p_ids);
    when 'unit' then return query select * from feed.unit_docs(p_ids);
    when 'need' then return query select * from feed.need_docs(p_ids);
    when 'item' then return query select * from feed.item_docs(p_ids);
    when 'claim' then return query select * from feed.claim_docs(p_ids);
    when 'project' then return query select * from feed.project_docs(p_ids);
    when 'label' then return query select * from feed.label_docs(p_ids);
    else null;
  end case;
end;
$$;

-- The next ids of a kind that may have a document.
create or replace function feed.ids(p_kind text, p_after uuid, p_limit int) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
  v_after uuid := coalesce(p_after, '00000000-0000-0000-0000-000000000000');
begin
  return case
    when p_kind in ('expert', 'achievement', 'patent', 'earlier') then array(
      select r.id from lib.record r
       where r.kind = case p_kind when 'earlier' then 'need' else p_kind end and r.state = 'active' and r.id > v_after order by r.id limit p_limit)
    when p_kind = 'unit' then array(select u.id from party.unit u where u.id > v_after order by u.id limit p_limit)
    when p_kind = 'need' then array(select n.id from core.need n where n.id > v_after order by n.id limit p_limit)
    when p_kind = 'item' then array(select f.item from core.face f where f.item > v_after order by f.item limit p_limit)
    when p_kind = 'claim' then array(select c.id from core.claim c where c.id > v_after order by c.id limit p_limit)
    when p_kind = 'project' then array(select p.id from core.project p where p.id > v_after order by p.id limit p_limit)
    when p_kind = 'label' then array(
      select l.id from (select feed.label_id(c.list, c.code) as id from ref.code_list l join ref.code c on c.list = l.list and c.edition = l.edition
                         where l.current and l.list = any (feed.label_lists())) l
       where l.id > v_after order by l.id limit p_limit)
    else '{}' end;
end;
$$;
