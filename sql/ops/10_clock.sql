-- The service's clock, for operators of test and sample cities.
create or replace function ops.clock_now() returns timestamptz
language sql stable security definer set search_path = '' as
$$ select workflow.now() $$;

-- Stops the clock at a moment, or lets it run again (null). Only where the city was made movable:
-- in a city at work the deadlines cannot be moved by moving time.
create or replace function ops.clock_set(p_frozen timestamptz) returns timestamptz
language plpgsql security definer set search_path = '' as $$
begin
  update meta.clock set frozen = p_frozen where movable;
  if not found then
    raise exception 'the clock of this city cannot be moved';
  end if;
  perform pg_notify('timer', '');  -- what is due now should not wait for the worker's next look
  return workflow.now();
end;
$$;
