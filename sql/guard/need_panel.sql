-- Guards of a panel.

-- Enough experts have accepted, and for each subject enough of them without a conflict.
create or replace function guard.panel_has_quorum(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_panel core.panel;
  v_least int := (core.rules_of(p_item) #>> '{panel,min}')::int;
  v_have  int;
  v_short jsonb;
begin
  select * into strict v_panel from core.panel where id = p_item;
  select count(*) into v_have from core.panel_member where panel = p_item and state = 'accepted';
  if v_have < v_least then
    return jsonb_build_object('status', 409, 'slug', 'panel_too_small', 'accepted', v_have, 'min', v_least);
  elsif not exists (select from core.panel_member where panel = p_item and state = 'accepted' and chair) then
    return '{"status": 409, "slug": "panel_without_chair"}';
  end if;
  select jsonb_agg(jsonb_build_object('subject', s.subject, 'free', s.free)) into v_short
    from core.panel_free(p_item) s where s.free < v_panel.quorum;
  return case when v_short is not null then jsonb_build_object('status', 409, 'slug', 'no_quorum', 'quorum', v_panel.quorum, 'subjects', v_short) end;
end;
$$;

-- For each subject, how many accepted members are free to judge it and how many have.
create or replace function core.panel_free(p_panel uuid) returns table (subject uuid, free bigint, scored bigint)
language sql stable security definer set search_path = '' as $$
  select s.subject, count(m.person), count(c.person)
    from core.panel_subject s
    left join core.panel_member m on m.panel = s.panel and m.state = 'accepted'
     and not exists (select from core.recusal r where r.panel = s.panel and r.subject = s.subject and r.person = m.person)
    left join core.score c on c.panel = s.panel and c.subject = s.subject and c.person = m.person
   where s.panel = p_panel
   group by s.subject
$$;

-- Every subject has been scored by a quorum of members free to judge it, and has an opinion.
create or replace function guard.panel_scored(p_item uuid, p_data jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_quorum int := (select quorum from core.panel where id = p_item);
  v_short  jsonb;
begin
  select jsonb_agg(jsonb_build_object('subject', s.subject, 'scored', s.scored)) into v_short
    from core.panel_free(p_item) s where s.scored < v_quorum;
  return case when v_short is not null then jsonb_build_object('status', 409, 'slug', 'scores_missing', 'quorum', v_quorum, 'subjects', v_short) end;
end;
$$;
