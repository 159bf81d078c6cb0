-- GET /panel-candidates?q=&page=&size=: who can be invited to a panel, by name: the holders of accounts
-- with the role of an expert. {"person","units","record"(in the expert library),"panels"(not yet closed)}
create or replace function api.panel_candidates(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_page   record;
  v_q      text := p_req -> 'query' ->> 'q';
  v_before text;
  v_doc    json;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader');
  v_page := auth.page(p_req);
  v_before := workflow.as_system();
  v_doc := (
    with hit as materialized (
      select p.id, p.name, p.title, jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name) as units
        from party.membership m join party.person p on p.id = m.person join party.unit u on u.id = m.unit
        join auth.account a on a.id = p.id and a.state = 'active'  -- which an officer does not see
       where m.state = 'active' and 'expert' = any (m.roles) and (v_q is null or p.name ilike auth.like(v_q))
       group by p.id, p.name, p.title),
    shown as (select * from hit order by name, id limit v_page.size offset v_page.skip)
    select json_build_object('items', (select coalesce(json_agg(json_build_object(
               'person', json_build_object('id', s.id, 'name', s.name, 'title', s.title), 'units', s.units,
               'record', (select r.id from lib.record r where r.kind = 'expert' and r.person = s.id and r.state <> 'removed' limit 1),
               'panels', (select count(*) from core.panel_member b join workflow.item i on i.id = b.panel
                           where b.person = s.id and i.state in ('draft', 'open'))) order by s.name, s.id), '[]') from shown s),
             'page', v_page.page, 'size', v_page.size, 'total', (select count(*) from hit)));
  perform workflow.back_to(v_before);
  return row(200, v_doc, null, null)::api.answer;
end;
$$;
