-- Sheets that are not finished, and sheets filled in away from the service. A draft is its expert's own
-- (row policy), may have gaps, and counts for nothing until it is handed in as a sheet.

-- The actor may fill in a sheet for this subject now; refuses 404 (subject), 403 not_accepted, 403 recused.
create or replace function core.check_sheet(p_seat core.panel_member, p_subject uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from core.panel_subject where panel = p_seat.panel and subject = p_subject) then
    perform workflow.refuse(404, 'not_found');
  elsif p_seat.state <> 'accepted' then
    perform workflow.refuse(403, 'not_accepted');
  elsif exists (select from core.recusal where panel = p_seat.panel and subject = p_subject and person = p_seat.person)
     or core.in_conflict(p_subject) then
    perform workflow.refuse(403, 'recused');
  end if;
end;
$$;

-- Marks of a draft: what is not given yet is left out. Returns {"scores", "errors"}; a field of an
-- error begins with p_field; p_row: the line of a table that it is in.
create or replace function core.draft_scores(p_scores jsonb, p_criteria jsonb, p_field text, p_row int default null) returns jsonb
language sql immutable security definer set search_path = '' as $$
  with given as (
    select e.key as code, e.value, c.name, c.n
      from jsonb_each(coalesce(p_scores, '{}')) e
      left join lateral (select x ->> 'name' as name, n from jsonb_array_elements(p_criteria) with ordinality t (x, n)
                          where x ->> 'code' = e.key limit 1) c on true
     where e.value not in ('null', '""')),
  judged as (
    select g.code, g.n, g.value, case when g.name is null then jsonb_build_array(workflow.bad(p_field || g.code, 'unknown_field'))
                                 else core.with_label(core.bad_number(p_field || g.code, g.value, 0, 100, 1),
                                                      core.mark_label(g.name, p_row)) end as bad from given g)
  select jsonb_build_object('scores', coalesce(jsonb_object_agg(code, value) filter (where bad = '[]'), '{}'),
           'errors', coalesce((select jsonb_agg(b order by j.n, j.code) from judged j, jsonb_array_elements(j.bad) b), '[]')) from judged
$$;

-- Keeps a draft in place of the one before.
create or replace function core.keep_draft(p_panel uuid, p_subject uuid, p_scores jsonb, p_comment text) returns void
language sql security definer set search_path = '' as $$
  insert into core.sheet_draft (panel, subject, person, scores, comment, at)
  values (p_panel, p_subject, auth.me(), p_scores, nullif(btrim(p_comment), ''), workflow.now())
  on conflict (panel, subject, person) do update set scores = excluded.scores, comment = excluded.comment, at = excluded.at
$$;

-- PUT /panels/{id}/drafts/{subject_id}: {scores, comment}, both with gaps. Refuses as panel_score, and
-- 422 invalid for a mark that cannot be one.
create or replace function api.panel_draft(p_session bytea, p_req jsonb, p_id uuid, p_subject uuid, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v      api.answer := workflow.begin(p_session, p_req);
  v_seat core.panel_member;
  v_read jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  v_seat := core.my_seat(p_id, array['open']);
  perform core.check_sheet(v_seat, p_subject);
  v_read := core.draft_scores(p_body -> 'scores', (select criteria from core.panel where id = p_id), 'scores.');
  perform workflow.refuse_fields(v_read -> 'errors');
  perform core.keep_draft(p_id, p_subject, v_read -> 'scores', p_body ->> 'comment');
  return workflow.done(p_req, 200, api.panel_document(p_id)::json, (select version from workflow.item where id = p_id));
end;
$$;

-- What the actor's sheet of each subject starts from: the draft, else the sheet handed in:
-- {"<subject>": {"scores", "comment", "draft", "at", "given", "of"}}.
create or replace function core.my_papers(p_panel uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_object_agg(t.subject, jsonb_build_object('scores', t.scores, 'comment', t.comment, 'draft', t.draft, 'at', t.at,
           'given', (select count(*) from jsonb_object_keys(t.scores)),
           'of', (select jsonb_array_length(p.criteria) from core.panel p where p.id = p_panel))), '{}')
    from (select distinct on (x.subject) x.* from (
            select subject, scores, comment, true as draft, at from core.sheet_draft where panel = p_panel and person = auth.me()
            union all
            select subject, scores, comment, false, at from core.score where panel = p_panel and person = auth.me()) x
           order by x.subject, x.draft desc) t
$$;

-- The columns of the offline sheet: number, title, unit, a column for each criterion, opinion, id.
create or replace function core.sheet_columns(p_criteria jsonb) returns text[]
language sql immutable security definer set search_path = '' as $$
  select array['序号', '项目', '单位'] || array(select format('%s（%s%%）', c ->> 'name', c ->> 'weight')
           from jsonb_array_elements(p_criteria) with ordinality t (c, n) order by n) || array['意见', 'id']
$$;

-- GET /panels/{id}/sheets.csv: the actor's sheets as a table to fill in without the service; what has
-- been filled in already stands there. POST /panels/{id}/sheets reads it.
create or replace function api.panel_sheets_csv(p_session bytea, p_req jsonb, p_id uuid)
returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
declare
  v_panel  core.panel;
  v_papers jsonb;
  v_lines  text;
begin
  perform auth.enter(p_session, p_req);
  select p.* into v_panel from core.panel p join core.panel_member m on m.panel = p.id and m.person = auth.me() where p.id = p_id;
  if not found then
    perform workflow.refuse(404, 'not_found');
  end if;
  v_papers := core.my_papers(p_id);
  select string_agg(core.guarded_line(array[s.ordinal::text, i.title, u.name]
           || array(select v_papers #>> array[s.subject::text, 'scores', c ->> 'code']
                      from jsonb_array_elements(v_panel.criteria) with ordinality t (c, n) order by n)
           || array[v_papers #>> array[s.subject::text, 'comment'], s.subject::text]), '' order by s.ordinal) into v_lines
    from core.panel_subject s join workflow.item i on i.id = s.subject left join party.unit u on u.id = i.owner
   where s.panel = p_id and not exists (select from core.recusal r where r.panel = p_id and r.subject = s.subject and r.person = auth.me());
  return query select * from core.csv_file('sheets.csv', core.sheet_columns(v_panel.criteria), v_lines);
end;
$$;

-- One line of a filled-in table: {"subject", "scores", "comment", "errors"}. Columns are found by their
-- names, wherever they stand; p_at says where.
create or replace function core.read_sheet_line(p_panel core.panel, p_at jsonb, p_n int, p_cells text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_id      text := btrim(coalesce(p_cells[(p_at ->> 'id')::int], ''));
  v_comment text := lib.unguarded(coalesce(p_cells[(p_at ->> '意见')::int], ''));
  v_read    jsonb;
  v_errors  jsonb := '[]';
begin
  select core.draft_scores(jsonb_object_agg(c ->> 'code',
                             case when k.cell ~ '^[0-9]{1,3}(\.[0-9]{1,6})?$' then to_jsonb(k.cell::numeric) else to_jsonb(k.cell) end),
                           p_panel.criteria, format('rows[%s].', p_n), p_n) into v_read
    from jsonb_array_elements(p_panel.criteria) with ordinality t (c, n),
         lateral (select btrim(lib.unguarded(coalesce(p_cells[(p_at ->> (core.sheet_columns(p_panel.criteria))[3 + n])::int], '')))) k (cell);
  if not exists (select from core.panel_subject s where s.panel = p_panel.id and s.subject::text = v_id
                    and not exists (select from core.recusal r where r.panel = s.panel and r.subject = s.subject and r.person = auth.me())) then
    v_errors := v_errors || workflow.bad(format('rows[%s].id', p_n), 'not_known', jsonb_build_object('label', core.mark_label('id', p_n)));
  end if;
  if lib.unreadable(v_comment, true) then
    v_errors := v_errors || workflow.bad(format('rows[%s].comment', p_n), 'bad_character', jsonb_build_object('label', core.mark_label('意见', p_n)));
  elsif char_length(v_comment) > 2000 then
    v_errors := v_errors || workflow.bad(format('rows[%s].comment', p_n), 'too_long', jsonb_build_object('max', 2000, 'label', core.mark_label('意见', p_n)));
  end if;
  return v_read || jsonb_build_object('subject', v_id, 'comment', v_comment, 'errors', v_errors || (v_read -> 'errors'));
end;
$$;

-- POST /panels/{id}/sheets (text/csv): the table back, as drafts to look over and hand in one by one.
-- Lines with neither a mark nor an opinion are passed over, and those that say what stands there already.
-- All or none: refuses 422 csv_malformed,
-- import_empty, invalid (missing_column, and what is wrong in which line), and as panel_score.
create or replace function api.panel_sheets_read(p_session bytea, p_req jsonb, p_id uuid, p_text text) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v        api.answer := workflow.begin(p_session, p_req);
  v_seat   core.panel_member;
  v_panel  core.panel;
  v_at     jsonb;
  v_lines  jsonb;
  v_papers jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  v_seat := core.my_seat(p_id, array['open']);
  if v_seat.state <> 'accepted' then
    perform workflow.refuse(403, 'not_accepted');
  end if;
  select * into v_panel from core.panel where id = p_id;
  v_at := lib.table_columns(p_text, (select jsonb_object_agg(c, c) from unnest(core.sheet_columns(v_panel.criteria)) c),
                            (core.sheet_columns(v_panel.criteria))[4:]);
  select jsonb_agg(t.line order by t.n) into v_lines from (
    select r.n, core.read_sheet_line(v_panel, v_at, r.n, r.cells) as line from lib.parse_csv(p_text) r where r.n > 1 limit 200) t
   where t.line -> 'scores' <> '{}' or t.line ->> 'comment' <> '' or t.line -> 'errors' <> '[]';
  if v_lines is null then
    perform workflow.refuse(422, 'import_empty');
  end if;
  perform workflow.refuse_fields((select coalesce(jsonb_agg(e order by l.n, m.n), '[]')
    from jsonb_array_elements(v_lines) with ordinality l (line, n), jsonb_array_elements(l.line -> 'errors') with ordinality m (e, n)));
  v_papers := core.my_papers(p_id);
  perform core.check_sheet(v_seat, (l ->> 'subject')::uuid), core.keep_draft(p_id, (l ->> 'subject')::uuid, l -> 'scores', l ->> 'comment')
     from jsonb_array_elements(v_lines) l
    where (v_papers #> array[l ->> 'subject', 'scores'], coalesce(v_papers #>> array[l ->> 'subject', 'comment'], ''))
          is distinct from (l -> 'scores', l ->> 'comment');
  return workflow.done(p_req, 200, api.panel_document(p_id)::json, (select version from workflow.item where id = p_id));
end;
$$;
