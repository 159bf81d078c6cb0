-- For the worker, with its other housekeeping. A week of changes is kept, and the positions in it: a
-- reader that was away longer reads everything. The newest positions stay: who has them misses nothing
-- as long as nothing was thrown away after them (feed.state.swept).
create or replace function feed.sweep() returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_gone  bigint;
  v_swept xid8;
  v_today date := workflow.today();
begin
  with gone as (delete from feed.change c where c.at < clock_timestamp() - interval '7 days' returning c.xid)
  select count(*), (select g.xid from gone g order by g.xid desc limit 1) into v_gone, v_swept from gone;
  update feed.state s set swept = v_swept where v_swept > s.swept;
  delete from feed.position p
   where p.at < clock_timestamp() - interval '7 days' and p.id < (select max(o.id) - 100 from feed.position o);
  -- a record of credit begins to count, or ends, without anybody's doing
  perform feed.touch_credit(c.unit, c.person)
     from party.credit c, feed.state s
    where s.credit_on < v_today and c.revoked_at is null and c.level in ('serious', 'blacklist')
      and (c.starts > s.credit_on and c.starts <= v_today or c.ends > s.credit_on and c.ends <= v_today);
  update feed.state set credit_on = v_today where credit_on is distinct from v_today;
  -- texts that nobody has asked about for half a year
  delete from feed.vector v where v.used_on < v_today - 180;
  -- an hour after the last counting, when a library has changed since
  if exists (select from feed.state s where s.keywords_at < clock_timestamp() - interval '1 hour' and exists (
               select from feed.change c where c.at > s.keywords_at and c.kind in ('expert', 'achievement', 'patent', 'earlier'))) then
    perform feed.count_keywords();
  end if;
  return v_gone;
end;
$$;
