-- The document of a need, for its posters, its county, the bureau and the experts who argue it.
-- `content` is what the poster wrote; `wording` what was argued with the experts, where there is any.
create or replace function api.need_document(p_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_need   core.need;
  v_head   jsonb := workflow.head(p_id);
  v_inside boolean := auth.is_bureau() or auth.context() = 'system' or auth.has('auditor') or auth.has('county')
                      or core.is_poster(p_id);
begin
  select * into v_need from core.need where id = p_id;
  if not found then
    return null;
  end if;
  return v_head || jsonb_strip_nulls(jsonb_build_object(
    'title', v_need.title, 'kind', v_need.kind, 'origin', v_need.origin, 'industry', v_need.industry, 'field', v_need.field,
    'division', v_need.division, 'budget_wan', core.to_wan(v_need.budget_fen), 'cash_wan', core.to_wan(v_need.cash_fen),
    'unit', core.unit_ref(v_need.unit), 'posters', core.need_posters(p_id),
    'recommender', (select jsonb_build_object('id', r.id, 'name', r.name) from workflow.item i
                      join party.recommender r on r.id = i.recommender where i.id = p_id),
    'content', core.money_out(case when v_inside and not core.is_co_poster(p_id) then v_need.content else core.publishable(v_need.content) end),
    'wording', core.money_out(core.last_argued(p_id)),
    'merged_into', v_need.merged_into, 'merged_from', core.merged_from(p_id), 'sample', v_need.sample,
    'call', core.need_call(v_need.batch), 'latest', case when auth.has('officer') and v_head #>> '{state,code}' in ('shortlisted', 'agreed')
      then core.money_out(coalesce(core.last_argued(p_id), v_need.content)) end,
    'formal_checks', case when auth.is_bureau() then core.rules_of(p_id) #> '{need,formal_checks}' end))
    || jsonb_build_object('opinion', case when v_inside then core.need_opinion(p_id) end,
                          'steps', case when v_inside then workflow.steps(p_id) else '[]' end,
                          'editable', core.is_poster(p_id) and not core.is_co_poster(p_id) and v_head #>> '{state,code}' in ('draft', 'returned'));
end;
$$;

-- Does the actor's unit own the need or share it after a merge?
create or replace function core.is_poster(p_item uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from workflow.item i where i.id = p_item and i.owner = auth.my_unit())
      or exists (select from workflow.party p where p.item = p_item and p.role = 'poster' and p.unit = auth.my_unit())
$$;

-- Of a common need the other posters read what is to be published of it; means, contact and past
-- attempts are the leading one's own.
create or replace function core.is_co_poster(p_item uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select core.is_poster(p_item) and not exists (select from workflow.item i where i.id = p_item and i.owner = auth.my_unit())
$$;

-- The posters of a need or challenge, the leading one first.
create or replace function core.need_posters(p_item uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select core.unit_refs(array(
    select u from (select i.owner as u, 0 as n from workflow.item i where i.id = p_item
                   union all
                   select p.unit, 1 from workflow.party p join workflow.item i on i.id = p.item
                    where p.item = p_item and p.role = 'poster' and p.unit <> i.owner) t order by n, u))
$$;

create or replace function core.last_argued(p_need uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select v.content from core.need_version v where v.need = p_need and v.kind = 'argued' order by v.n desc limit 1
$$;

-- Where a common need came from: shown to all its posters, by title and unit.
create or replace function core.merged_from(p_need uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_list   jsonb;
begin
  select jsonb_agg(jsonb_build_object('id', n.id, 'title', n.title, 'unit', core.unit_ref(n.unit)) order by n.title, n.id)
    into v_list from core.need n where n.merged_into = p_need;
  perform workflow.back_to(v_before);
  return v_list;
end;
$$;

-- What the panels concluded: text and conclusion for the parties; marks too where the rules show
-- them (panel.show_names: reviewers' names as well, the Rongcheng way), and to the bureau always.
create or replace function core.need_opinion(p_need uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_bureau boolean := auth.is_bureau();
  v_shown  boolean := coalesce((core.rules_of(p_need) #>> '{panel,show_names}')::boolean, false);
  v_before text := workflow.as_system();
  v_list   jsonb;
begin
  select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('panel', n.name, 'held_on', n.held_on, 'conclusion', o.conclusion, 'text', o.text,
           'average', case when v_bureau or v_shown then o.average end, 'rank', case when v_bureau or v_shown then o.rank end,
           'counted', case when v_bureau or v_shown then o.counted end,
           'reviewers', case when v_shown then (select jsonb_agg(p.name order by p.name) from core.score s join party.person p on p.id = s.person
                                                  where s.panel = o.panel and s.subject = o.subject) end)) order by o.at)
    into v_list from core.opinion o join core.panel n on n.id = o.panel where o.subject = p_need;
  perform workflow.back_to(v_before);
  return v_list;
end;
$$;

-- The solicitation that a need answers: whoever writes it must know until when, and for which industries.
create or replace function core.need_call(p_batch uuid) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('id', b.id, 'name', i.title, 'until', b.solicit_until, 'industries', p.industries)
    from core.batch b join workflow.item i on i.id = b.id join core.programme p on p.id = b.programme where b.id = p_batch
$$;
