-- The matchmaking board: what is open for claims, how far both sides have come, and where nobody has been
-- lately. For the bureau.

-- GET /matchmaking?quiet=&page=&size=, soonest deadline first. A line: {"id", "number", "title", "state",
-- "posters", "claim_until", "intents", "claims", "contacts", "last" {"kind", "at", "unit"}, "teams" (who has
-- declared an intent), "quiet" (no contact for fourteen days, or none at all)}. `counts` are of all that is open.
create or replace function api.matchmaking(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query jsonb := coalesce(nullif(p_req -> 'query', 'null'), '{}');
  v_lines jsonb;
  v_shown jsonb;
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader', 'auditor');
  select coalesce(jsonb_agg(core.board_line(t.id) order by t.due nulls last, t.id), '[]') into v_lines from (
    select i.id, i.due from workflow.item i where i.machine = 'list_item' and i.state in ('open', 'interested')
     order by i.due nulls last, i.id limit 1000) t;
  select jsonb_agg(l order by n) into v_shown
    from jsonb_array_elements(v_lines) with ordinality x (l, n)
   where not coalesce((v_query ->> 'quiet')::boolean, false) or (l ->> 'quiet')::boolean;
  return row(200, (core.page(v_query,
      (select jsonb_agg(l order by n) from (select l, n from jsonb_array_elements(v_shown) with ordinality x (l, n)
                                             order by n limit core.page_size(v_query) offset core.page_offset(v_query)) t),
      coalesce(jsonb_array_length(v_shown), 0))
    || jsonb_build_object('counts', (
         select jsonb_build_object('open', count(*), 'intents', coalesce(sum((l ->> 'intents')::int), 0),
                  'without', count(*) filter (where l -> 'intents' = '0'), 'quiet', count(*) filter (where (l ->> 'quiet')::boolean))
           from jsonb_array_elements(v_lines) l)))::json,
    null, null)::api.answer;
end;
$$;

create or replace function core.board_line(p_item uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', i.id, 'number', l.number, 'title', i.title,
           'state', core.state_words(i.machine, i.state),
           'posters', (select coalesce(jsonb_agg(u.name order by u.name), '[]') from party.unit u
                        where u.id = i.owner or u.id in (select p.unit from workflow.party p where p.item = i.id and p.role = 'poster')),
           'claim_until', l.claim_until,
           'intents', (select count(*) from core.intent n where n.item = i.id and n.withdrawn_at is null),
           'teams', (select coalesce(jsonb_agg(u.name order by n.at), '[]') from core.intent n join party.unit u on u.id = n.unit
                      where n.item = i.id and n.withdrawn_at is null),
           'claims', (select count(*) from core.claim c where c.item = i.id and c.live and c.submitted_at is not null),
           'contacts', (select count(*) from core.contact k where k.item = i.id),
           'last', k.last, 'quiet', k.held_at is null or k.held_at < workflow.now() - interval '14 days')
    from workflow.item i join core.list_item l on l.id = i.id
    left join lateral (select c.held_at, jsonb_build_object('kind', c.kind, 'at', c.held_at,
                                'unit', (select u.name from party.unit u where u.id = c.unit)) as last
                         from core.contact c where c.item = i.id order by c.held_at desc limit 1) k on true
   where i.id = p_item
$$;
