-- Looking further than the actor may see, for a rule that must (is the other side a relative, is the
-- leader already busy). Always in pairs, in one function: v := workflow.as_system(); ...;
-- perform workflow.back_to(v). A refusal in between ends the transaction and with it the setting.
create or replace function workflow.as_system() returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := coalesce(current_setting('jb.context', true), '');
begin
  perform set_config('jb.context', 'system', true);
  return v_before;
end;
$$;

create or replace function workflow.back_to(p_context text) returns void
language sql security definer set search_path = '' as
$$ select set_config('jb.context', p_context, true) $$;
