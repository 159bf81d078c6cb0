-- POST /<kind>s/{id}/events: the events that ask for nothing but a reason or a checklist, of every
-- machine. Takes form_event; p_machine is the kind of thing that the path names: 404 for another. An
-- event with a route of its own is not for here: 409 step_not_allowed
-- as for one that does not exist. Weighty ones need a fresh re-authentication: 403 reauth_needed.
create or replace function api.event(p_session bytea, p_req jsonb, p_item text, p_body jsonb, p_machine text default null)
returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_id    uuid;
  v_item  workflow.item;
  v_event workflow.event;
begin
  if v.status is not null then
    return v;
  end if;
  v_id := workflow.as_uuid(p_item);
  if p_machine <> (select i.machine from workflow.item i where i.id = v_id) then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_item := workflow.lock(v_id, p_req);
  select * into v_event from workflow.event e
   where e.machine = v_item.machine and e.event = p_body ->> 'event' and e.route like '%/events';
  if not found then
    perform workflow.refuse(409, 'step_not_allowed', jsonb_build_object('event', p_body ->> 'event', 'state', v_item.state,
      'version', v_item.version, 'machine', v_item.machine, 'possible', '[]'::jsonb));
  end if;
  if v_event.weighty then
    perform auth.require_recent(p_req);
  end if;
  v_item := workflow.advance(v_id, p_body ->> 'event', jsonb_strip_nulls(p_body - 'event'));
  return workflow.done(p_req, 200, core.document(v_id, v_item.machine)::json, v_item.version);
end;
$$;

-- The document of an item by its machine's own function api.<machine>_document(uuid), or, where the
-- step has taken it out of the actor's sight, what is left to say: its id, state and version.
create or replace function core.document(p_id uuid, p_machine text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  execute format('select api.%I($1)', p_machine || '_document') into v_doc using p_id;
  return coalesce(v_doc, workflow.head(p_id));
end;
$$;
