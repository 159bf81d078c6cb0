-- The matchmaking board: what is open for claims, how far both sides have come, and where nobody has been
-- lately. For the bureau.

-- GET /matchmaking?quiet=&page=&size=, soonest deadline first. A line: {"id", "number", "title", "state",
-- "posters", "claim_until", "intents", "claims", "contacts", "last" {"kind", "at", "unit"}, "teams" (who has
-- declared an intent), "quiet" (no contact for fourteen days, or none at all)}. `counts` are of all that is open.
create or replace function api.matchmaking(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query  jsonb := coalesce(nullif(p_req -> 'query', 'null'), '{}');
  v_quiet  boolean := coalesce((v_query ->> 'quiet')::boolean, false);
  v_counts jsonb;
  v_ids    uuid[];
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  with open as materialized (
    select t.id, t.due
      from unnest(array['open', 'interested']) s (state) cross join lateral (  -- each along its index, not all that are open
             select i.id, i.due from workflow.item i where i.machine = 'list_item' and i.state = s.state
              order by i.due nulls last, i.id limit 1000) t
     order by t.due nulls last, t.id limit 1000),
  line as (
    select o.id, o.due, core.board_quiet(o.id) as quiet,
           (select count(*) from core.intent n where n.item = o.id and n.withdrawn_at is null) as intents
      from open o)
  select jsonb_build_object('open', count(*), 'intents', coalesce(sum(l.intents), 0), 'without', count(*) filter (where l.intents = 0),
                            'quiet', count(*) filter (where l.quiet)),
         array_agg(l.id order by l.due nulls last, l.id) filter (where l.quiet or not v_quiet)
    into v_counts, v_ids
    from line l;
  return row(200, (core.page(v_query,
      (select jsonb_agg(core.board_line(x.id) order by x.n) from unnest(core.page_of(v_query, v_ids)) with ordinality x (id, n)),
      coalesce(cardinality(v_ids), 0))
    || jsonb_build_object('counts', v_counts))::json, null, null)::api.answer;
end;
$$;

-- Nobody has met about it for fourteen days, or ever.
create or replace function core.board_quiet(p_item uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select not exists (select from core.contact c where c.item = p_item and c.held_at >= workflow.now() - interval '14 days')
$$;

create or replace function core.board_line(p_item uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', i.id, 'number', l.number, 'title', i.title,
           'state', core.state_words(i.machine, i.state),
           'posters', (select coalesce(jsonb_agg(u.name order by u.name), '[]')
                        from unnest(core.posters(i.id)) p (unit) join party.unit u on u.id = p.unit),
           'claim_until', l.claim_until,
           'intents', (select count(*) from core.intent n where n.item = i.id and n.withdrawn_at is null),
           'teams', (select coalesce(jsonb_agg(u.name order by n.at), '[]') from core.intent n join party.unit u on u.id = n.unit
                      where n.item = i.id and n.withdrawn_at is null),
           'claims', (select count(*) from core.claim c where c.item = i.id and c.live and c.submitted_at is not null),
           'contacts', (select count(*) from core.contact k where k.item = i.id),
           'last', k.last, 'quiet', core.board_quiet(i.id))
    from workflow.item i join core.list_item l on l.id = i.id
    left join lateral (select jsonb_build_object('kind', c.kind, 'at', c.held_at,
                                'unit', (select u.name from party.unit u where u.id = c.unit)) as last
                         from core.contact c where c.item = i.id order by c.held_at desc limit 1) k on true
   where i.id = p_item
$$;
