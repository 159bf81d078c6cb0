-- Fires what is due, oldest first, each in its own savepoint: one bad timer does not hold the rest.
-- Any number of workers may run it (skip locked). Returns how many were taken. The item is locked
-- with its timer: who is changing an item now may be about to lift this deadline, and waiting for him
-- with the timer in hand would be a deadlock. What is skipped is due still and comes next time.
create or replace function job.run_timers(p_limit int) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_timer workflow.timer;
  v_count int := 0;
begin
  perform auth.enter_system('timer');
  for v_timer in
    select t.* from workflow.timer t join workflow.item i on i.id = t.item
     where t.done_at is null and t.due <= workflow.now()
     order by t.due, t.id limit p_limit for update skip locked
  loop
    v_count := v_count + 1;
    begin
      perform workflow.advance(v_timer.item, v_timer.event, jsonb_build_object('due', v_timer.due));
      update workflow.timer set done_at = workflow.now(), result = 'fired' where id = v_timer.id;
    exception
      when sqlstate 'WF409' or sqlstate 'WF403' or sqlstate 'WF404' or sqlstate 'WF422' then
        -- the item has moved on: the deadline has no meaning any more
        update workflow.timer set done_at = workflow.now(), result = sqlerrm where id = v_timer.id;
      when others then
        -- a defect or a passing trouble: the rest goes on, this one is tried again in a minute
        raise warning 'timer % of item %: % (%)', v_timer.event, v_timer.item, sqlerrm, sqlstate;
        update workflow.timer set due = workflow.now() + interval '1 minute', result = sqlerrm where id = v_timer.id;
    end;
    update workflow.item set due = (select min(t.due) from workflow.timer t where t.item = v_timer.item and t.done_at is null)
     where id = v_timer.item;
  end loop;
  return v_count;
end;
$$;

-- Seconds until the next timer is due (0: now), or null when none waits.
create or replace function job.next_due() returns double precision
language sql stable security definer set search_path = '' as
$$ select case when min(due) is not null then greatest(0, extract(epoch from min(due) - workflow.now())) end
     from workflow.timer where done_at is null $$;
