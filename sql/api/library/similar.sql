-- What has been asked or funded before under a title like this: 原则上已列入国家、省科技计划的项目不再重复支持
-- (Jinzhou annex 2, DOMAIN 6). Advice for whoever writes a need and whoever checks it; the most alike
-- first, by the share of three-character pieces in common.
create or replace function core.alike_titles(p_title text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(lib.shown('need', r.data) || jsonb_build_object('id', r.id, 'likeness', s.likeness,
             'provenance', jsonb_build_object('source', r.source, 'date', r.source_date, 'sample', r.sample)) order by s.likeness desc, r.id), '[]')
      from (select w.record, round(public.similarity(w.title, p_title)::numeric, 2) as likeness
              from lib.search w
             where w.kind = 'need' and w.title operator(public.%) p_title
             order by 2 desc, 1 limit 10) s
      join lib.record r on r.id = s.record);
end;
$$;

create or replace function api.similar_needs(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  return row(200, json_build_object('items', core.alike_titles(p_req #>> '{query,title}')), null, null)::api.answer;
end;
$$;
