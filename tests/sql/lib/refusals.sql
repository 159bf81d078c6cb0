-- Lets the database say in the server's log what it refuses and which field errors it finds, also
-- where throws_ok catches them or a test asks the checker alone: the record of what the tests have
-- produced (tests/lib/refusals.mjs). For the databases of pgTAP alone.
do $do$
declare
  v_refuse text := pg_get_functiondef('workflow.refuse'::regproc);
  v_heard  text := replace(v_refuse, E'\nbegin\n', E'\nbegin\n  raise log ''refused %'', p_slug;\n');
  v_bad    text := (select prosrc from pg_proc where oid = 'workflow.bad'::regproc);
begin
  if v_heard = v_refuse then
    raise exception 'workflow.refuse has no place to listen at';
  end if;
  execute v_heard;
  execute format('create or replace function workflow.bad(p_field text, p_code text, p_params jsonb default %L)
    returns jsonb language plpgsql immutable as %L', '{}',
    format($$begin raise log 'refused field %%', p_code; return (%s); end;$$, v_bad));
end
$do$;
