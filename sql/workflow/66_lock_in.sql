-- Locks an item of one machine that must stand in one of these states for what is to be done with it
-- (editing, composing): 404 when it is another thing, 409 step_not_allowed in another state.
create or replace function core.lock_in(p_id uuid, p_req jsonb, p_machine text, p_states text[]) returns workflow.item
language plpgsql security definer set search_path = '' as $$
declare
  v_item workflow.item := workflow.lock(p_id, p_req);
begin
  if v_item.machine <> p_machine then
    perform workflow.refuse(404, 'not_found');
  elsif not v_item.state = any (p_states) then
    perform workflow.refuse(409, 'step_not_allowed', jsonb_build_object('event', 'edit', 'state', v_item.state,
      'version', v_item.version, 'machine', p_machine, 'possible', '[]'::jsonb));
  end if;
  return v_item;
end;
$$;
