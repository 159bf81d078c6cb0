-- Effects of panels.

-- The panel sets to work: needs go into argumentation; members may now read what they judge, except
-- where they have a conflict.
create or replace function effect.panel_opened(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_panel core.panel;
  v_row   record;
begin
  select * into strict v_panel from core.panel where id = p_item;
  for v_row in select s.subject from core.panel_subject s where s.panel = p_item order by s.subject loop
    if v_panel.kind = 'need' then
      perform workflow.cascade(v_row.subject, 'argue', jsonb_build_object('panel', p_item));
    end if;
  end loop;
  for v_row in
    select s.subject, m.person from core.panel_subject s join core.panel_member m on m.panel = s.panel and m.state = 'accepted'
     where s.panel = p_item and not exists (
       select from core.recusal r where r.panel = s.panel and r.subject = s.subject and r.person = m.person)
  loop
    perform workflow.add_party(v_row.subject, 'member', null, v_row.person);
  end loop;
end;
$$;

-- The needs go back to the library as they came: those that this panel took, not those that another one
-- is arguing by now.
create or replace function effect.panel_dissolved(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_row record;
begin
  for v_row in select s.subject, i.state, i.machine from core.panel_subject s join workflow.item i on i.id = s.subject
                where s.panel = p_item order by s.subject loop
    if v_row.machine = 'need' and v_row.state = 'arguing' and p_item = (
         select (h.data ->> 'panel')::uuid from workflow.history h where h.item = v_row.subject and h.event = 'argue'
          order by h.version desc limit 1) then
      perform workflow.cascade(v_row.subject, 'unargue', jsonb_build_object('panel', p_item));
    end if;
  end loop;
  perform core.close_panel_sight(p_item);
end;
$$;

-- When a panel has ended its members no longer look into its subjects.
create or replace function core.close_panel_sight(p_panel uuid) returns void
language sql security definer set search_path = '' as $$
  select feed.touch_parties(array(select subject from core.panel_subject where panel = p_panel));
  delete from workflow.party p
   where p.role = 'member' and p.item in (select subject from core.panel_subject where panel = p_panel)
     and p.person in (select person from core.panel_member where panel = p_panel)
     and not exists (select from core.panel_subject s join core.panel_member m on m.panel = s.panel join workflow.item i on i.id = s.panel
                      where s.subject = p.item and m.person = p.person and i.state = 'open' and s.panel <> p_panel)
$$;

create or replace function effect.panel_closed(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_row record;
begin
  for v_row in select o.subject, o.conclusion from core.opinion o join core.panel p on p.id = o.panel
                where o.panel = p_item and p.kind = 'need' order by o.subject loop
    perform workflow.cascade(v_row.subject, v_row.conclusion, jsonb_build_object('panel', p_item));
  end loop;
  perform core.close_panel_sight(p_item);
end;
$$;
