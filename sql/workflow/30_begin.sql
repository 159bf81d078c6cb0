-- The first and the last line of every write.
--
-- begin: who is it (auth.enter refuses 401), and has this POST been answered before? The row of the
-- key is taken first, so that a retry waits for its twin instead of racing it. Returns the earlier
-- answer, or a row of nulls when the work has to be done. Other body under the same key: 422.
create or replace function workflow.begin(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_as(p_session, p_req, false);
  perform auth.require_scope('write');
  return workflow.replay(p_req);
end;
$$;

-- The same for writes that anybody may make (registration, objection by name).
create or replace function workflow.begin_public(p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_public(p_req);
  return workflow.replay(p_req);
end;
$$;

create or replace function workflow.replay(p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_actor uuid := coalesce(auth.me(), '00000000-0000-0000-0000-000000000000');
  v_key   uuid := (p_req ->> 'key')::uuid;
  v_row   workflow.idempotency;
  v_none  api.answer;
begin
  if v_key is null then
    return v_none;      -- PUT and DELETE repeat harmlessly; POST without a key never comes this far
  end if;
  insert into workflow.idempotency (actor, key, fp) values (v_actor, v_key, p_req ->> 'fp')
  on conflict do nothing;
  if found then
    return v_none;
  end if;
  select * into v_row from workflow.idempotency where actor = v_actor and key = v_key;
  if v_row.fp is distinct from p_req ->> 'fp' then
    perform workflow.refuse(422, 'key_reused');
  end if;
  if v_row.status is null then
    return v_none;      -- only within one transaction: nothing was answered yet
  end if;
  return row(v_row.status, v_row.body, v_row.version, v_row.location)::api.answer;
end;
$$;

-- done: remembers the answer under the key and returns it.
create or replace function workflow.done(p_req jsonb, p_status int, p_body json, p_version int default null,
                                         p_location text default null) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  if p_req ->> 'key' is not null then
    update workflow.idempotency set status = p_status, body = p_body, version = p_version, location = p_location
     where actor = coalesce(auth.me(), '00000000-0000-0000-0000-000000000000') and key = (p_req ->> 'key')::uuid;
  end if;
  return row(p_status, p_body, p_version, p_location)::api.answer;
end;
$$;

-- The next number of a gapless series, from 1. Locks the series until commit.
create or replace function workflow.next_number(p_name text) returns bigint
language sql security definer set search_path = '' as $$
  insert into core.counter as c (name, n) values (p_name, 1)
  on conflict (name) do update set n = c.n + 1 returning n
$$;

-- SHA-256 of a document in PostgreSQL's canonical jsonb text, hex.
create or replace function workflow.digest(p_doc jsonb) returns text
language sql immutable security definer set search_path = '' as
$$ select encode(sha256(convert_to(p_doc::text, 'UTF8')), 'hex') $$;
