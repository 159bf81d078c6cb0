-- Takes waiting outbox rows for delivery: locked for this transaction's work by pushing
-- available_at, so that a worker that dies gives them back after a minute.
create or replace function job.take_outbox(p_limit int) returns table (id bigint, kind text, payload jsonb)
language sql security definer set search_path = '' as $$
  update workflow.outbox o
     set available_at = pg_catalog.now() + interval '1 minute', attempts = attempts + 1
   where o.id in (select w.id from workflow.outbox w
                   where w.done_at is null and w.available_at <= pg_catalog.now()
                   order by w.available_at, w.id limit p_limit for update skip locked)
  returning o.id, o.kind, o.payload || jsonb_build_object('item', o.item)
$$;

-- Marks a row delivered, or (with an error) to be tried again with growing pauses, ten times at most.
create or replace function job.outbox_done(p_id bigint, p_error text default null) returns void
language sql security definer set search_path = '' as $$
  update workflow.outbox
     set done_at = case when p_error is null or attempts >= 10 then pg_catalog.now() end,
         error = p_error,
         available_at = pg_catalog.now() + (interval '5 seconds' * power(2, least(attempts, 9)))
   where id = p_id
$$;
