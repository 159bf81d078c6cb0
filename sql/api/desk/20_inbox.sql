-- The inbox of a person: written by the worker from the outbox, read and ticked off here.

-- GET /inbox?page=&size=&unread=; `sees`: whether what a message is about may (still) be read.
create or replace function api.inbox(p_session bytea, p_req jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v_query  jsonb := coalesce(p_req -> 'query', '{}');
  v_ids    bigint[];
  v_items  jsonb;
begin
  perform auth.enter(p_session, p_req);
  perform core.page_offset(v_query); -- a page that is too deep is refused before anything is read
  -- one walk for the page and for the count; only the page is read whole
  execute 'select array(select n.id from workflow.inbox n where n.person = (select auth.me())'
    || case when (v_query ->> 'unread')::boolean then ' and n.read_at is null' else '' end || ' order by n.id desc limit 1001)' into v_ids;
  select jsonb_agg(jsonb_build_object('id', n.id, 'kind', n.kind, 'item', n.item, 'params', n.params, 'at', n.at, 'read_at', n.read_at,
           'sees', n.item is null or workflow.sees(n.item)) order by n.id desc)
    into v_items from workflow.inbox n where n.id = any (core.page_of(v_query, v_ids));
  return row(200, core.page(v_query, v_items, cardinality(v_ids))::json, null, null)::api.answer;
end;
$$;

-- POST /inbox/read {until}: everything up to this number has been read.
create or replace function api.inbox_read(p_session bytea, p_req jsonb, p_body jsonb) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v       api.answer := workflow.begin(p_session, p_req);
  v_count int;
begin
  if v.status is not null then
    return v;
  end if;
  update workflow.inbox set read_at = workflow.now() where person = auth.me() and id <= (p_body ->> 'until')::bigint and read_at is null;
  get diagnostics v_count = row_count;
  perform workflow.tell_desks(array[auth.me()]);
  return workflow.done(p_req, 200, json_build_object('read', v_count));
end;
$$;
