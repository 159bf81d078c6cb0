-- For the worker, each minute: what nobody asks for any more goes, the statistics are kept fresh. Gives
-- what was removed.
-- An Idempotency-Key is kept a week: a client that was away over a holiday still finds its answer.
create or replace function job.housekeeping() returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_keys bigint;
begin
  perform auth.enter_system('housekeeping');
  delete from workflow.idempotency where at < pg_catalog.now() - interval '7 days';
  get diagnostics v_keys = row_count;
  perform core.keep_summaries();
  return jsonb_build_object('keys', v_keys, 'auth', job.sweep_auth(), 'feed', feed.sweep());
end;
$$;
