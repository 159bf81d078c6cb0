-- What every document of an item carries besides its own matter: where it stands, since when, and
-- what the asker may do next. Buttons are never guessed.

-- The events open to the actor now, by role and state (guards are tried only when it is done). Their
-- labels stand on buttons and over pages: English ones begin with a capital there.
create or replace function workflow.actions(p_item uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
  v_item   workflow.item;
  v_roles  text[];
  v_preset text;
begin
  select * into v_item from workflow.item where id = p_item;
  if not found then
    return '[]';
  end if;
  v_roles := workflow.roles_on(v_item);
  v_preset := workflow.ruling_preset(v_item.preset, v_item.machine);
  return (
    select coalesce(json_agg(json_build_object('event', e.event,
             'label', json_build_object('zh', e.label_zh, 'en', upper(left(e.label_en, 1)) || substr(e.label_en, 2)),
             'method', 'POST', 'href', replace(replace(e.route, '{id}', p_item::text), '{parent}', coalesce(v_item.parent::text, '')),
             'fields', e.fields, 'weighty', e.weighty)
             order by e.event), '[]')
      from workflow.event e
     where e.machine = v_item.machine and e.route is not null
       and exists (select from workflow.transition t
                    where t.preset = v_preset and t.machine = v_item.machine
                      and t.from_state = v_item.state and t.event = e.event and t.role = any (v_roles)));
end;
$$;

-- (plpgsql keeps its plan; a function in SQL is planned anew at each call)
-- {"id","machine","preset","state":{"code","zh","en"},"version","since","due","actions"}
-- In plpgsql because it stands in every document: its plan is kept by the session, which a function
-- in SQL would make anew in every statement (0.3 ms against 0.8 ms).
create or replace function workflow.head(p_item uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select jsonb_build_object('id', i.id, 'machine', i.machine, 'preset', i.preset, 'title', i.title,
             'state', jsonb_build_object('code', s.state, 'zh', s.label_zh, 'en', s.label_en, 'final', s.final),
             'version', i.version, 'since', i.since, 'due', i.due, 'batch', i.batch, 'parent', i.parent, 'owner', i.owner,
             'created_at', i.created_at, 'actions', workflow.actions(i.id)::jsonb)
      from workflow.item i join workflow.state s on s.machine = i.machine and s.state = i.state
     where i.id = p_item);
end;
$$;

-- The steps of an item, newest last, as its parties may see them.
create or replace function workflow.steps(p_item uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('version', h.version, 'event', h.event,
           'label', jsonb_build_object(
             'zh', coalesce(e.label_zh, case h.event when 'edit' then '修改' when 'invite' then '增补成员' else '创建' end),
             'en', coalesce(e.label_en, case h.event when 'edit' then 'changed' when 'invite' then 'members added' else 'created' end)),
           'from', h.from_state, 'to', h.to_state, 'role', h.role, 'unit', u.name, 'person', p.name,
           'reason', h.reason, 'at', h.at) order by h.version), '[]')
    from workflow.history h
    left join workflow.event e on e.machine = h.machine and e.event = h.event
    left join party.unit u on u.id = h.unit
    left join party.person p on p.id = h.actor
   where h.item = p_item
$$;
