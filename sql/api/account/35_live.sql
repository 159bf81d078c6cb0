-- GET /live: whose desk a session or token shows, what is unread now, and in how many seconds it will
-- be over unless something else is done with it. Refuses like every read.
create or replace function api.live_open(p_session bytea, p_req jsonb) returns table (person uuid, unread int, left_s int)
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  return query select * from api.live_check(p_session);
end;
$$;

-- The same of one that waits already; nothing when it is over. To wait is no sign of life: a session
-- that does nothing else ends after its 30 minutes.
create or replace function api.live_check(p_session bytea) returns table (person uuid, unread int, left_s int)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform auth.enter_system('live');
  return query
  select h.account, workflow.unread(h.account), greatest(1, ceil(extract(epoch from t.ends - now())))::int
    from auth.holder(p_session) h
    cross join lateral (select least(s.ends_at, s.seen_at + interval '30 minutes') from auth.session s where s.hash = p_session
                        union all select k.ends_at from auth.token k where k.hash = p_session) t (ends)
   where not h.ended and h.account_state = 'active';
end;
$$;
