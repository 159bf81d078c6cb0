-- Who of the persons may not judge which of the batch's needs that wait for a panel: by their units, the
-- same or affiliated. [{"subject", "title", "unit"}] by person. Called as the system.
create or replace function core.candidate_conflicts(p_persons uuid[], p_batch uuid) returns table (person uuid, conflicts jsonb)
language sql stable security definer set search_path = '' as $$
  with mine as (
    select m.person, m.unit from party.membership m where m.person = any (p_persons) and m.state = 'active'),
  subject as (
    select i.id, i.title, i.owner, i.created_at from workflow.item i
     where i.batch = p_batch and i.machine = 'need' and i.state in ('pooled', 'kept')),
  theirs as (
    select s.id, s.owner as unit from subject s where s.owner is not null
    union select p.item, p.unit from workflow.party p join subject s on s.id = p.item where p.unit is not null),
  related as (  -- the others need not be asked
    select r.unit from party.unit_relation r union select r.parent from party.unit_relation r),
  pair as materialized (
    select m.unit as a, t.unit as b from (select distinct unit from mine) m, (select distinct unit from theirs) t
     where m.unit = t.unit
        or (m.unit in (select unit from related) and t.unit in (select unit from related) and party.affiliated(m.unit, t.unit) is not null))
  select x.person, jsonb_agg(jsonb_build_object('subject', x.id, 'title', x.title, 'unit', x.name) order by x.created_at, x.id)
    from (select distinct on (m.person, s.id) m.person, s.id, s.title, s.created_at, u.name
            from mine m join pair p on p.a = m.unit join theirs t on t.unit = p.b join subject s on s.id = t.id join party.unit u on u.id = p.b
           order by m.person, s.id, u.name) x
   group by x.person
$$;

-- GET /panel-candidates?q=&batch=&page=&size=: who can be invited to a panel, by name: the holders of accounts
-- with the role of an expert. {"person","units","record"(in the expert library),"panels"(not yet closed),
-- "conflicts"(with needs of the batch that could be judged; only where a batch is named)}
create or replace function api.panel_candidates(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_page   record;
  v_q      text := p_req -> 'query' ->> 'q';
  v_batch  uuid := (p_req -> 'query' ->> 'batch')::uuid;
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
                           where b.person = s.id and i.state in ('draft', 'open')),
               'conflicts', coalesce(c.conflicts, '[]')) order by s.name, s.id), '[]')
               from shown s left join core.candidate_conflicts(array(select id from shown), v_batch) c on c.person = s.id),
             'page', v_page.page, 'size', v_page.size, 'total', (select count(*) from hit)));
  perform workflow.back_to(v_before);
  return row(200, v_doc, null, null)::api.answer;
end;
$$;
