-- What the engine found, in words.

create or replace function core.match_strength(p_code text) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select jsonb_build_object('code', p_code, 'zh', w.zh, 'en', w.en)
    from (values ('strong', '匹配度高', 'strong match'), ('possible', '可能匹配', 'possible match'), ('weak', '匹配度低', 'weak match')) w (code, zh, en)
   where w.code = p_code
$$;

-- The words for a code of a record's field as the engine knows it, 'industry:C26'; anything else as it is.
create or replace function core.match_coded(p_text text, p_zh boolean) returns text
language sql stable security definer set search_path = '' as $$
  select coalesce((
    select case when p_zh then c.name_zh else coalesce(c.name_en, c.name_zh) end
      from ref.code_list l join ref.code c on c.list = l.list and c.edition = l.edition
     where l.current and l.list = split_part(p_text, ':', 1) and c.code = split_part(p_text, ':', 2)), p_text)
$$;

-- One part of a score as a sentence; {1} is the term, {2} the other side's, {3} the record's title, {4}
-- what evidence counts by its kind, the part taken in it and its age.
drop function if exists core.match_sentence(text, text, text, text);
create or replace function core.match_sentence(p_kind text, p_term text, p_other text, p_title text, p_weight numeric) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('zh', replace(f.zh, '{4}', v.weight), 'en', replace(f.en, '{4}', v.weight))
    from (values
      ('term',     '双方都提到“{1}”',                'both mention "{1}"'),
      ('alike',    '“{1}”与“{2}”含义相近',           '"{1}" and "{2}" are near in meaning'),
      ('synonym',  '“{1}”与“{2}”为同义词（术语表）',  '"{1}" and "{2}" are the same by the term list'),
      ('topic',    '整体主题相近',                   'the texts as a whole are about the same'),
      ('evidence', '依据：{3}',                      'evidence: {3}'),
      ('part',     '依据：{3}（按类别、角色、年份计{4}）', 'evidence: {3} (counts {4} by its kind, part and age)'),
      ('field',    '领域相关：{1}、{2}',              'related fields: {1}, {2}'),
      ('same',     '领域一致：{1}',                  'the same field: {1}'),
      ('trl',      '技术成熟度的差距',               'distance of technology readiness'),
      ('near',     '所在地区优先',                   'in the preferred region'),
      ('phrase',   '词语的组合方式一致',             'words stand together as in the question'),
      ('embed',    '整体语义相近（向量模型）',        'the texts as a whole are near by the embedding model'),
      ('rest',     '其他多个词语合计',               'many smaller terms together')) w (kind, zh, en),
         lateral (select case when p_kind = 'field' then core.match_coded(p_term, true) else p_term end as term_zh,
                         case when p_kind = 'field' then core.match_coded(p_other, true) else p_other end as other_zh,
                         case when p_kind = 'field' then core.match_coded(p_term, false) else p_term end as term_en,
                         case when p_kind = 'field' then core.match_coded(p_other, false) else p_other end as other_en) t,
         lateral (select replace(replace(replace(w.zh, '{1}', coalesce(t.term_zh, '')), '{2}', coalesce(t.other_zh, '')),
                           '{3}', coalesce(p_title, '')) as zh,
                         replace(replace(replace(w.en, '{1}', coalesce(t.term_en, '')), '{2}', coalesce(t.other_en, '')),
                           '{3}', coalesce(p_title, '')) as en) f,
         lateral (select coalesce(round(p_weight * 100)::int || '%', '') as weight) v
   where w.kind = case when p_kind = 'evidence' and p_weight < 0.995 then 'part'
                       when p_kind = 'field' and p_term = p_other then 'same' else p_kind end
$$;

-- Why the engine did not answer, or what it had to do without, for people.
create or replace function core.match_engine(p_engine jsonb) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select p_engine || case
    when not (p_engine ->> 'available')::boolean
      then '{"note": {"zh": "匹配引擎暂不可用，请稍后再试", "en": "the match engine is away; try again in a moment"}}'::jsonb
    when p_engine ->> 'vectors' in ('late', 'down', 'filling')
      then '{"note": {"zh": "向量模型暂不可用，本次未计入语义相近度", "en": "ranked without the embedding model, which is away"}}'::jsonb
    else '{}' end
$$;

-- Which hard filters whatever is shown has passed: what the asker set, and what the service adds.
create or replace function core.match_passed(p_question jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_set jsonb := coalesce(p_question #> '{context,given}', '{}');
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('name', w.name, 'value', coalesce(v_set ->> w.name, 'true'),
                                'text', jsonb_build_object('zh', w.zh, 'en', w.en)) order by w.n), '[]')
      from (values
        (1, 'field', '技术领域', 'technical field'), (2, 'industry', '行业', 'industry'), (3, 'discipline', '学科', 'discipline'),
        (4, 'division', '所在地区', 'region'), (5, 'title_level', '职称级别', 'title level'), (6, 'trl_min', '技术成熟度下限', 'readiness from'),
        (7, 'trl_max', '技术成熟度上限', 'readiness to'), (8, 'year_min', '起始年份', 'year from'), (9, 'year_max', '截止年份', 'year to'),
        (10, 'open', '可揭榜状态', 'can still be claimed'), (11, 'credit', '不在失信名单', 'on no credit list'),
        (12, 'conflicts', '与发榜方无利益关联、无回避事项', 'no conflict of interest with the poster, no recusal')) w (n, name, zh, en)
     where v_set ? w.name
        or w.name = 'open' and p_question #>> '{filter,states}' = '["open", "interested"]'
        or w.name = 'credit' and p_question ->> 'ask' in ('match', 'cover')
        or w.name = 'conflicts' and p_question #> '{context,excluded}' is not null);
end;
$$;
