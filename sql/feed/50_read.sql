-- What jiebang-match asks: services/match/serve/feed.h says what it relies on.

-- Which database is this, in which cluster, on which timeline? Not what it was before a restore.
create or replace function feed.this_database() returns text
language sql stable security definer set search_path = '' as $$
  select left(md5(concat_ws(' ', (select system_identifier from pg_control_system()), (select timeline_id from pg_control_checkpoint()),
                            (select oid from pg_catalog.pg_database where datname = current_database()))), 12)
$$;

-- The position behind everything that is committed now. In a database that has become another one all
-- is told anew, in versions above all that were ever given.
create or replace function feed.position() returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_this text := feed.this_database();
  v_id   bigint;
begin
  perform feed.enter();
  update feed.state set database = v_this where database <> v_this;
  if found then
    delete from feed.item;
    delete from feed.position;
    perform setval('feed.version', greatest((select last_value from feed.version), (extract(epoch from clock_timestamp()) * 1e6)::bigint));
  end if;
  if (select keywords_at from feed.state) is null then
    perform feed.count_keywords();
  end if;
  insert into feed.position (given) values (pg_current_snapshot()) returning id into v_id;
  return v_this || '.' || v_id;
end;
$$;

-- The position that a text names. Refuses WF410 what is of another database, or so old that changes
-- after it have been thrown away.
create or replace function feed.find_position(p_text text) returns feed.position
language plpgsql stable security definer set search_path = '' as $$
declare
  v_pos feed.position;
begin
  if p_text ~ '^[0-9a-f]{12}\.[0-9]{1,18}$' and split_part(p_text, '.', 1) = feed.this_database() then
    select p.* into v_pos from feed.position p join feed.state s on s.swept < pg_snapshot_xmin(p.given)
     where p.id = split_part(p_text, '.', 2)::bigint and s.database = split_part(p_text, '.', 1);
  end if;
  if v_pos.id is null then
    raise exception 'position_unknown' using errcode = 'WF410', detail = '{}';
  end if;
  return v_pos;
end;
$$;

-- At most p_limit changes after a position, and where to go on: within `upto` while there is more of it.
create or replace function feed.page(p_pos feed.position, p_limit int, out kinds text[], out ids uuid[], out next feed.position)
language plpgsql security definer set search_path = '' as $$
declare
  v_xids text[];
  v_seqs bigint[];
  v_n    int;
begin
  next := p_pos;
  next.upto := coalesce(p_pos.upto, pg_current_snapshot());
  select array_agg(s.kind), array_agg(s.id), array_agg(s.xid::text), array_agg(s.seq) into kinds, ids, v_xids, v_seqs from (
    select c.kind, c.id, c.xid, c.seq from feed.change c
     where c.xid >= pg_snapshot_xmin(p_pos.given)
       and (c.xid, c.seq) > (coalesce(p_pos.xid, '0'), coalesce(p_pos.seq, 0))
       and not pg_visible_in_snapshot(c.xid, p_pos.given) and pg_visible_in_snapshot(c.xid, next.upto)
     order by c.xid, c.seq limit p_limit + 1) s;
  v_n := cardinality(ids);
  if v_n > p_limit then
    kinds := kinds[:p_limit];
    ids := ids[:p_limit];
    next.xid := v_xids[p_limit]::xid8;
    next.seq := v_seqs[p_limit];
  else
    next.given := next.upto;
    next.upto := null;
    next.xid := null;
    next.seq := null;
  end if;
end;
$$;

-- Changes after a position, each with the record as it now is; doc null: there is none. All rows carry
-- the position to go on from; no row: there is no more.
create or replace function feed.changes(p_after text, p_limit int)
returns table ("position" text, kind text, id uuid, version bigint, doc jsonb)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_pos  feed.position := feed.find_position(p_after);
  v_page record;
  v_kind text;
  v_ids  uuid[];
  v_new  uuid[];
  v_gone uuid[];
  v_id   bigint;
begin
  perform feed.enter();
  v_page := feed.page(v_pos, p_limit);
  if v_page.ids is null and v_pos.upto is not null then  -- that was the last page; what has come since?
    v_page := feed.page(v_page.next, p_limit);
  end if;
  if v_page.ids is null then
    return;
  end if;
  insert into feed.position (given, upto, xid, seq)
  values ((v_page.next).given, (v_page.next).upto, (v_page.next).xid, (v_page.next).seq) returning feed.position.id into v_id;
  "position" := feed.this_database() || '.' || v_id;
  for v_kind, v_ids in
    select c.kind, array_agg(distinct c.id) from unnest(v_page.kinds, v_page.ids) c (kind, id) group by c.kind order by c.kind
  loop
    v_new := '{}';
    kind := v_kind;
    for id, version, doc in select b.id, b.version, b.doc from feed.build(v_kind, v_ids) b loop
      v_new := v_new || id;
      return next;
    end loop;
    v_gone := array(select unnest(v_ids) except select unnest(v_new));
    delete from feed.item f where f.kind = v_kind and f.id = any (v_gone);
    doc := null;
    foreach id in array v_gone loop
      version := case v_kind when 'terms' then 0 else nextval('feed.version') end;
      return next;
    end loop;
    perform feed.follow(v_kind, v_ids);
  end loop;
end;
$$;

-- A kind read through by id, each record as it now is. What was told and is not there any more is
-- forgotten on the way, so that the digest is that of what was read.
create or replace function feed.rescan(p_kind text, p_after uuid, p_limit int)
returns table (id uuid, version bigint, doc jsonb)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_after uuid := coalesce(p_after, '00000000-0000-0000-0000-000000000000');
  v_ids   uuid[];
  v_last  uuid;
  v_found uuid[] := '{}';
  v_gone  uuid[];
begin
  perform feed.enter();
  while v_found = '{}' loop  -- a page of records without documents is not the end
    v_ids := feed.ids(p_kind, v_after, p_limit);
    v_last := v_ids[cardinality(v_ids)];
    for id, version, doc in select b.id, b.version, b.doc from feed.build(p_kind, v_ids) b loop
      v_found := v_found || id;
      return next;
    end loop;
    v_gone := array(select f.id from feed.item f where f.kind = p_kind and f.id > v_after and (v_last is null or f.id <= v_last)
                    except select unnest(v_found));
    delete from feed.item f where f.kind = p_kind and f.id = any (v_gone);
    exit when v_last is null;
    v_after := v_last;
  end loop;
end;
$$;

-- How many records of each kind there are, and the sum of their shares, as it wraps around in 64 bits.
create or replace function feed.digest() returns table (kind text, n bigint, hash bigint)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  select d.kind, d.n, (case when d.sum >= 9223372036854775808 then d.sum - 18446744073709551616 else d.sum end)::bigint
    from (select f.kind, count(*) as n, mod(mod(sum(f.hash), 18446744073709551616) + 18446744073709551616, 18446744073709551616) as sum
            from feed.item f group by f.kind) d;
end;
$$;
