-- GET /items/{id}/stages: the whole way of a challenge for everybody, from the solicitation: dates and
-- whose turn it is, and how many mean to claim; nobody's name.
create or replace function api.item_stages(p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_body jsonb;
begin
  perform workflow.as_reader();
  if not exists (select from workflow.item where id = p_id and machine = 'list_item' and public) then
    perform workflow.refuse(404, 'not_found');
  end if;
  perform workflow.as_system();
  select jsonb_build_object('id', l.id, 'number', l.number,
           'intents', (select count(*) from core.intent n where n.item = l.id and n.withdrawn_at is null),
           'stages', core.stages_before(l) || core.item_flow(l.id))
    into v_body from core.list_item l where l.id = p_id;
  perform workflow.back_to('public');
  return row(200, v_body::json, null, null)::api.answer;
end;
$$;

-- What came before the list: all of it is done.
create or replace function core.stages_before(p_row core.list_item) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', v.code, 'label', jsonb_build_object('zh', v.zh, 'en', v.en),
           'who', jsonb_build_object('zh', v.who_zh, 'en', v.who_en), 'done', true, 'current', false, 'at', v.at, 'until', null) order by v.n), '[]')
    from core.list s, lateral (values
      (1, 'solicit', '征集', 'Asked', '发榜方', 'the poster',
       (select min(h.at) from workflow.history h where h.item = p_row.need and h.to_state = 'submitted')),
      (2, 'recommend', '推荐', 'Backed', '县（市）区', 'the county',
       (select max(h.at) from workflow.history h where h.item = p_row.need and h.to_state = 'recommended')),
      (3, 'argue', '论证', 'Argued', '专家', 'experts',
       (select max(h.at) from workflow.history h where h.item = p_row.need and h.from_state = 'arguing')),
      (4, 'select', '定榜', 'Selected', '市科技局', 'the bureau', s.frozen_at)) v (n, code, zh, en, who_zh, who_en, at)
   where s.id = p_row.list and v.at is not null
$$;
