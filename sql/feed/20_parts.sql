-- Parts of documents.

-- Who may see an item, in the words of the records: exactly what its row policies say (0006), of what is
-- fed. 'public' is enough by itself. Drafts are not fed.
create or replace function feed.item_scopes(p_item workflow.item) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_item.public then
    return '["public"]';
  end if;
  return (
    select jsonb_agg(distinct s order by s) from (
      select 'unit:' || p_item.owner where p_item.owner is not null
      union all select unnest(array['bureau', 'auditor'])
      union all select 'city' where p_item.machine in ('list_item', 'claim', 'project')
      union all select 'recommender:' || p_item.recommender where p_item.recommender is not null
      union all select coalesce('unit:' || p.unit, 'person:' || p.person) from workflow.party p
                 where p.item = p_item.id
                   -- who has left a consortium reads no more of its claim
                   and not (p_item.machine = 'claim' and exists (
                         select from core.claim_partner k where k.claim = p.item and k.unit = p.unit and k.state = 'declined'))) t (s));
end;
$$;

-- Units and persons against whom a record of credit stands today.
create or replace function feed.barred() returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
  v_today date := workflow.today();
begin
  return array(select coalesce(c.unit, c.person) from party.credit c
                where c.level in ('serious', 'blacklist') and c.revoked_at is null and c.starts <= v_today and v_today < c.ends
                  and num_nonnulls(c.unit, c.person) = 1);
end;
$$;

-- The members of a kind's records that are texts and that everybody may read, but for title and keywords.
create or replace function feed.text_fields(p_kind text) returns text[]
language plpgsql stable security definer set search_path = '' as $$
begin
  return array(
    select f.name from lib.field f join lib.kind k on k.kind = f.kind
     where f.kind = p_kind and not f.private and f.type in ('text', 'prose', 'words', 'patent', 'patents')
       and f.name not in ('source', 'keywords', k.title_field) order by f.ordinal);
end;
$$;

create or replace function feed.record_body(p_fields text[], p_data jsonb) returns text
language plpgsql immutable security definer set search_path = '' as $$
begin
  return coalesce((
    select string_agg(case jsonb_typeof(p_data -> f.name)
                        when 'array' then (select string_agg(e, ' ') from jsonb_array_elements_text(p_data -> f.name) e)
                        else p_data ->> f.name end, E'\n' order by f.n)
      from unnest(p_fields) with ordinality f (name, n) where p_data ? f.name), '');
end;
$$;

-- A member that is a list, or an empty one.
create or replace function feed.list_of(p_value jsonb) returns jsonb
language sql immutable as
$$ select case jsonb_typeof(p_value) when 'array' then p_value else '[]' end $$;

-- Names in a text, the first one first.
create or replace function feed.split_names(p_text text) returns text[]
language sql immutable security definer set search_path = '' as
$$ select array(select trim(n) from regexp_split_to_table(p_text, '[、，,;；/\n]+') n where trim(n) <> '') $$;

-- Who made a patent or an achievement.
create or replace function feed.makers(p_kind text, p_data jsonb) returns text[]
language sql immutable security definer set search_path = '' as $$
  select case p_kind
    when 'patent' then array(select jsonb_array_elements_text(feed.list_of(p_data -> 'inventors')))
    when 'achievement' then feed.split_names(p_data ->> 'holder')
    else '{}' end
$$;

-- Technical fields, industry and disciplines as the engine knows them.
create or replace function feed.codes(p_fields jsonb, p_industry text, p_disciplines jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(c), '[]') from (
    select 'field:' || f from jsonb_array_elements_text(feed.list_of(p_fields)) f
    union all select 'industry:' || p_industry where p_industry is not null
    union all select 'discipline:' || d from jsonb_array_elements_text(feed.list_of(p_disciplines)) d) t (c)
$$;

-- Forms name the technical field in words; records by its code.
create or replace function feed.field_codes(p_names jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(distinct c.code), '[]')
      from jsonb_array_elements_text(feed.list_of(p_names)) n
      join ref.code_list l on l.list = 'field' and l.current
      join ref.code c on c.list = l.list and c.edition = l.edition and n in (c.code, c.name_zh));
end;
$$;

-- A record is an example of its fields and disciplines, and somewhat of the discipline above.
create or replace function feed.label_links(p_codes jsonb) returns table (target uuid, weight numeric)
language sql immutable rows 4 security definer set search_path = '' as $$
  select feed.label_id(split_part(c, ':', 1), split_part(c, ':', 2)), 1
    from jsonb_array_elements_text(p_codes) c where c ~ '^(field|discipline):'
  union all
  select feed.label_id('discipline', left(split_part(c, ':', 2), 3)), .6
    from jsonb_array_elements_text(p_codes) c where c ~ '^discipline:....'
$$;

create or replace function feed.indicator_text(p_indicator jsonb) returns text
language sql immutable security definer set search_path = '' as $$
  select concat_ws(' ', p_indicator ->> 'name',
    concat(case p_indicator ->> 'op' when '>=' then '≥' when '<=' then '≤' when '=' then '=' end, p_indicator ->> 'value',
           '~' || (p_indicator ->> 'value2'), p_indicator ->> 'unit'), p_indicator ->> 'test_method')
$$;

-- What a need or a challenge says, of a content that has been made fit for its readers.
create or replace function feed.content_body(p_content jsonb) returns text
language sql immutable security definer set search_path = '' as $$
  select concat_ws(E'\n', p_content ->> 'problem', p_content ->> 'key_tech', p_content ->> 'goal',
    (select string_agg(feed.indicator_text(i), E'\n' order by n)
       from jsonb_array_elements(feed.list_of(p_content -> 'indicators')) with ordinality t (i, n)),
    p_content ->> 'conditions')
$$;

create or replace function feed.claim_body(p_content jsonb) returns text
language sql immutable security definer set search_path = '' as $$
  select concat_ws(E'\n', p_content ->> 'plan',
    (select string_agg(concat_ws(' ', r ->> 'indicator', concat(r ->> 'value', r ->> 'unit'), r ->> 'basis'), E'\n' order by n)
       from jsonb_array_elements(feed.list_of(p_content -> 'responses')) with ordinality t (r, n)),
    (select string_agg(concat_ws(' ', a ->> 'name', a ->> 'note'), E'\n' order by n)
       from jsonb_array_elements(feed.list_of(p_content -> 'achievements')) with ordinality t (a, n)),
    (select string_agg(concat_ws(' ', m ->> 'name', m ->> 'deliverable'), E'\n' order by n)
       from jsonb_array_elements(feed.list_of(p_content -> 'milestones')) with ordinality t (m, n)))
$$;
