-- The document of a panel. The bureau sees every sheet; a member sees the subjects that are the
-- member's to judge and the own sheets; nobody else sees a panel at all (row policies).
create or replace function api.panel_document(p_id uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select workflow.head(p.id) || jsonb_build_object('kind', p.kind, 'name', p.name, 'criteria', p.criteria, 'quorum', p.quorum,
           'drop_extremes', p.drop_extremes, 'pass_mark', p.pass_mark, 'held_on', p.held_on, 'place', p.place,
           'members', core.panel_members(p.id), 'subjects', core.panel_subjects(p.id), 'sheets', core.my_sheets(p.id), 'papers', core.my_papers(p.id),
           'conclusion', core.conclusion_draft(p),
           'me', (select jsonb_build_object('state', m.state, 'chair', m.chair) from core.panel_member m where m.panel = p.id and m.person = auth.me()))
    from core.panel p where p.id = p_id
$$;

-- The actor's own sheets by subject: {"<subject>": {"scores", "comment"}}.
create or replace function core.my_sheets(p_panel uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_object_agg(c.subject, jsonb_build_object('scores', c.scores, 'comment', c.comment)), '{}')
    from core.score c where c.panel = p_panel and c.person = auth.me()
$$;

-- What a conclusion starts from while the panel is at work, for the bureau: {"opinions": [{"subject",
-- "title", "average", "counted", "rank", "expected" (sheets that are due), "conclusion" (what the pass
-- mark suggests), "text"}], "missing"}. Null otherwise.
create or replace function core.conclusion_draft(p_panel core.panel) returns jsonb
language sql stable security definer set search_path = '' as $$
  with subject as (
    select s.subject, s.ordinal, i.title, r.average, coalesce(r.counted, 0) as counted, r.rank,
           (select count(*) from core.panel_member m where m.panel = s.panel and m.state = 'accepted'
              and not exists (select from core.recusal x where x.panel = s.panel and x.subject = s.subject and x.person = m.person)) as expected,
           (select count(*) from core.score c where c.panel = s.panel and c.subject = s.subject
              and not exists (select from core.recusal x where x.panel = s.panel and x.subject = s.subject and x.person = c.person)) as sheets
      from core.panel_subject s join workflow.item i on i.id = s.subject left join core.panel_result(p_panel.id) r on r.subject = s.subject
     where s.panel = p_panel.id)
  select jsonb_build_object('missing', sum(greatest(s.expected - s.sheets, 0)),
           'opinions', jsonb_agg(jsonb_build_object('subject', s.subject, 'title', s.title, 'average', s.average, 'counted', s.counted,
             'sheets', s.sheets, 'rank', s.rank, 'expected', s.expected, 'text', '',
             'conclusion', case when p_panel.kind = 'need' then case when s.average >= p_panel.pass_mark then 'shortlist' else 'keep' end
                                else case when s.average >= p_panel.pass_mark then 'advise' else 'against' end end) order by s.ordinal))
    from subject s
   where auth.is_bureau() and (select i.state from workflow.item i where i.id = p_panel.id) = 'open'
  having count(*) > 0
$$;

create or replace function core.panel_members(p_panel uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_list   jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('person', m.person, 'name', p.name, 'title', p.title, 'chair', m.chair, 'state', m.state,
           'reason', m.reason, 'answered_at', m.answered_at) order by m.chair desc, p.name, m.person), '[]')
    into v_list from core.panel_member m join party.person p on p.id = m.person where m.panel = p_panel;
  perform workflow.back_to(v_before);
  return v_list;
end;
$$;

-- Recusals are the panel's common knowledge; sheets obey the row policy of core.score.
create or replace function core.panel_subjects(p_panel uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('subject', s.subject, 'machine', i.machine, 'title', i.title, 'state', i.state,
           'unit', (select u.name from party.unit u where u.id = i.owner),
           'mine', not exists (select from core.recusal r where r.panel = s.panel and r.subject = s.subject and r.person = auth.me()),
           'recusals', (select coalesce(jsonb_agg(jsonb_build_object('person', r.person, 'reason', r.reason, 'source', r.source) order by r.person), '[]')
                          from core.recusal r where r.panel = s.panel and r.subject = s.subject),
           'sheets', (select coalesce(jsonb_agg(jsonb_build_object('person', c.person, 'scores', c.scores, 'total', c.total, 'comment', c.comment,
                               'version', c.version, 'at', c.at) order by c.at, c.person), '[]')
                         from core.score c where c.panel = s.panel and c.subject = s.subject),
           'opinion', (select jsonb_build_object('average', o.average, 'counted', o.counted, 'rank', o.rank,
                               'conclusion', o.conclusion, 'text', o.text, 'at', o.at)
                         from core.opinion o where o.panel = s.panel and o.subject = s.subject)) order by s.ordinal), '[]')
    from core.panel_subject s join workflow.item i on i.id = s.subject
   where s.panel = p_panel
$$;

create or replace function api.panel_get(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb;
begin
  perform auth.enter(p_session, p_req);
  v_doc := api.panel_document(p_id);
  if v_doc is null then
    perform workflow.refuse(404, 'not_found');
  end if;
  return row(200, v_doc::json, (v_doc ->> 'version')::int, null)::api.answer;
end;
$$;

-- The panels of the bureau (state, batch), or those that ask for my judgement; newest first.
create or replace function api.panel_list(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query jsonb := coalesce(p_req -> 'query', '{}');
  v_mine  boolean;
  v_ids   uuid[];
  v_count bigint;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor', 'expert');
  v_mine := not (auth.is_bureau() or auth.has('auditor'));
  with hit as materialized (
    select i.id, i.created_at from workflow.item i
     where i.machine = 'panel' and (v_query ->> 'state' is null or i.state = v_query ->> 'state')
       and (v_query ->> 'batch' is null or i.batch = (v_query ->> 'batch')::uuid)
       and (not v_mine or i.id in (select m.panel from core.panel_member m where m.person = auth.me()))
     order by i.created_at desc, i.id limit 1001)
  select (select count(*) from hit), array(select id from hit order by created_at desc, id
            limit core.page_size(v_query) offset core.page_offset(v_query)) into v_count, v_ids;
  return row(200, core.page(v_query, (select jsonb_agg(workflow.head(p.id) || jsonb_build_object('kind', p.kind, 'name', p.name,
               'held_on', p.held_on, 'place', p.place,
               'subjects', (select count(*) from core.panel_subject s where s.panel = p.id),
               'me', (select m.state from core.panel_member m where m.panel = p.id and m.person = auth.me())) order by x.n)
               from unnest(v_ids) with ordinality x (id, n) join core.panel p on p.id = x.id), v_count)::json, null, null)::api.answer;
end;
$$;
