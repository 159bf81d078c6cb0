-- Building documents and giving them versions. Only readers do it, one after another (feed.enter), so that
-- no writer waits for a row of feed.item and two readers are told the same.

create or replace function feed.enter() returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_system('feed');
  perform pg_advisory_xact_lock(4954270);
end;
$$;

-- One record's share of its kind's digest: services/match/index/digest.h.
create or replace function feed.share(p_id uuid, p_version bigint) returns bigint
language sql immutable as
$$ select ('x' || left(md5(p_id::text || ':' || p_version), 16))::bit(64)::bigint $$;

-- The documents as they stand now, each with the version it has, or gets because it is another one than
-- was last told. Of what has none nothing is kept any more.
create or replace function feed.build(p_kind text, p_ids uuid[])
returns table (id uuid, version bigint, doc jsonb, changed boolean)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  with made as materialized (select d.id, d.doc, md5(d.doc::text)::uuid as sum from feed.documents(p_kind, p_ids) d),
  other as materialized (
    select m.id, m.sum, nextval('feed.version') as version
      from made m left join feed.item f on f.kind = p_kind and f.id = m.id where f.sum is distinct from m.sum),
  put as (
    insert into feed.item as f (kind, id, version, sum, hash)
    select p_kind, o.id, o.version, o.sum, feed.share(o.id, o.version) from other o
    on conflict (kind, id) do update set version = excluded.version, sum = excluded.sum, hash = excluded.hash
    returning f.id, f.version)
  select m.id, coalesce(p.version, f.version), m.doc, p.id is not null
    from made m left join put p using (id) left join feed.item f on f.kind = p_kind and f.id = m.id
   order by m.id;
end;
$$;

-- Whose documents speak of those of some records, and may be others now: told as changes of their own.
create or replace function feed.follow(p_kind text, p_ids uuid[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_ids = '{}' then
    return;
  elsif p_kind = 'expert' then
    insert into feed.change (kind, id)
    select distinct r.kind, r.id
      from lib.record e join lib.record r on r.kind in ('achievement', 'patent') and r.state = 'active'
       and (r.unit = e.unit or r.data ->> 'unit_name' = e.data ->> 'unit_name')
     where e.id = any (p_ids) and e.title = any (feed.makers(r.kind, r.data))
    union all
    select distinct 'claim', c.id
      from lib.record e join core.claim c on c.unit = e.unit and c.sealed is null and c.submitted_at is not null
     where e.id = any (p_ids)
    union all
    select distinct 'project', p.id
      from lib.record e join core.claim c on c.unit = e.unit join core.project p on p.claim = c.id where e.id = any (p_ids);
  elsif p_kind = 'unit' then
    insert into feed.change (kind, id)
    select 'earlier', r.id
      from (select u.name from party.unit u where u.id = any (p_ids)
            union select a.alias from party.unit_alias a where a.unit = any (p_ids)) n
      join lib.record r on r.kind = 'need' and r.state = 'active' and r.data ->> 'claimant' = n.name;
  elsif p_kind = 'item' then
    insert into feed.change (kind, id) select 'project', p.id from core.project p where p.item = any (p_ids);
  end if;
  if found then
    perform pg_notify('feed_changed', '');
  end if;
end;
$$;
