-- The panel concludes: {opinions [{subject, conclusion, text}]}, one for every subject. Averages and
-- ranks are computed here from the sheets of members who have no conflict. Refuses 409
-- scores_missing (quorum), 409 below_pass_mark (a need shortlisted under the mark), 422 invalid.
create or replace function api.panel_conclude(p_session bytea, p_req jsonb, p_id uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_item  workflow.item;
  v_panel core.panel;
  v_low   jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  perform core.lock_in(p_id, p_req, 'panel', array['open']);
  select * into v_panel from core.panel where id = p_id;
  perform core.check_opinions(v_panel, p_body -> 'opinions');
  insert into core.opinion (panel, subject, average, counted, rank, conclusion, text, by, at)
  select p_id, r.subject, r.average, r.counted, r.rank, e.o ->> 'conclusion', e.o ->> 'text', auth.me(), workflow.now()
    from core.panel_result(p_id) r
    join jsonb_array_elements(p_body -> 'opinions') e (o) on (e.o ->> 'subject')::uuid = r.subject;
  select jsonb_agg(jsonb_build_object('subject', o.subject, 'average', o.average)) into v_low
    from core.opinion o where o.panel = p_id and o.conclusion = 'shortlist' and o.average < v_panel.pass_mark;
  v_item := workflow.advance(p_id, 'close');
  if v_low is not null then
    perform workflow.refuse(409, 'below_pass_mark', jsonb_build_object('pass_mark', v_panel.pass_mark, 'subjects', v_low));
  end if;
  return workflow.done(p_req, 200, api.panel_document(p_id)::json, v_item.version);
end;
$$;

-- One opinion a subject, of the panel's kind.
create or replace function core.check_opinions(p_panel core.panel, p_opinions jsonb) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  v_errors jsonb := '[]';
  v_words  text[] := case p_panel.kind when 'need' then array['shortlist', 'keep'] else array['advise', 'against'] end;
  v_row    record;
begin
  for v_row in
    select e.o ->> 'conclusion' as conclusion, format('opinions[%s]', e.n - 1) as field, s.subject, count(*) over (partition by e.o ->> 'subject') as times
      from jsonb_array_elements(p_opinions) with ordinality e (o, n)
      left join core.panel_subject s on s.panel = p_panel.id and s.subject = (e.o ->> 'subject')::uuid
     order by e.n
  loop
    if v_row.subject is null then
      v_errors := v_errors || workflow.bad(v_row.field || '.subject', 'not_known');
    elsif v_row.times > 1 then
      v_errors := v_errors || workflow.bad(v_row.field || '.subject', 'repeated_item');
    elsif not v_row.conclusion = any (v_words) then
      v_errors := v_errors || workflow.bad(v_row.field || '.conclusion', 'bad_choice', jsonb_build_object('choices', to_jsonb(v_words)));
    end if;
  end loop;
  if v_errors = '[]' and jsonb_array_length(p_opinions) < (select count(*) from core.panel_subject where panel = p_panel.id) then
    v_errors := v_errors || workflow.bad('opinions', 'too_few_items',
      jsonb_build_object('min', (select count(*) from core.panel_subject where panel = p_panel.id)));
  end if;
  perform workflow.refuse_fields(v_errors);
end;
$$;

-- Average of each subject's counted sheets and its rank. With drop_extremes the highest and the
-- lowest sheet do not count where there are at least five, so that three remain.
create or replace function core.panel_result(p_panel uuid) returns table (subject uuid, average numeric, counted int, rank int)
language sql stable security definer set search_path = '' as $$
  with sheet as (
    select c.subject, c.total, p.drop_extremes,
           row_number() over (partition by c.subject order by c.total, c.person) as n, count(*) over (partition by c.subject) as all_n
      from core.score c join core.panel p on p.id = c.panel join core.panel_member m on m.panel = c.panel and m.person = c.person
     where c.panel = p_panel and m.state = 'accepted'
       and not exists (select from core.recusal r where r.panel = c.panel and r.subject = c.subject and r.person = c.person)),
  kept as (
    select s.subject, s.total from sheet s where not (s.drop_extremes and s.all_n >= 5 and s.n in (1, s.all_n))),
  mean as (
    select k.subject, round(avg(k.total), 2) as average, count(*)::int as counted from kept k group by k.subject)
  select m.subject, m.average, m.counted, (rank() over (order by m.average desc))::int from mean m
$$;
