-- The service's time, for operators who may see schema ops alone (`jiebang-ctl advance-clock`).
create or replace function ops.clock_now() returns timestamptz
language sql stable security definer set search_path = '' as
$$ select workflow.now() $$;
