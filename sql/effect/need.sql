-- Effects of batch and need.

-- The solicitation ends by itself at its deadline; a rolling one without end does not.
create or replace function effect.batch_window(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ select workflow.set_timer(p_item, 'solicit_end', (select solicit_until from core.batch where id = p_item)) $$;

-- A longer window moves its timer, and is announced with the reason.
create or replace function effect.batch_prolonged(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as $$
  select core.change_window(p_item, 'prolong', (p_data ->> 'solicit_until')::timestamptz, p_data ->> 'reason');
  select effect.batch_window(p_item, p_data)
$$;

-- So is an early end. From then on the window is over, also for a rolling batch; one that had not yet
-- begun keeps the end that was announced, since it must not lie before its beginning.
create or replace function effect.batch_closed_early(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as $$
  select core.change_window(p_item, 'close', case when b.rolling or b.solicit_from < workflow.now() then workflow.now() else b.solicit_until end,
                            p_data ->> 'reason') from core.batch b where b.id = p_item;
  select effect.batch_window_over(p_item, p_data)
$$;

create or replace function core.change_window(p_batch uuid, p_event text, p_until timestamptz, p_reason text) returns void
language sql security definer set search_path = '' as $$
  update core.batch
     set solicit_until = p_until, changes = changes || jsonb_build_object('event', p_event, 'at', workflow.now(),
           'before', solicit_until, 'until', p_until, 'reason', p_reason)
   where id = p_batch
$$;

-- An ended window's timer has no meaning any more.
create or replace function effect.batch_window_over(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ select workflow.set_timer(p_item, 'solicit_end', null) $$;

-- What was submitted is kept as it was, with its hash.
create or replace function effect.need_submitted(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ select core.keep_need_version(p_item, 'submitted', (select content from core.need where id = p_item)) $$;

-- A draft that was never submitted leaves nothing of its text behind when it is withdrawn: it becomes
-- visible to the bureau in that state, and it may have been stopped for secrecy.
create or replace function effect.draft_wiped(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ select core.set_need_content(p_item, '{"title": "（已撤回的草稿）"}') $$;

-- The same for a need that turned out to be secret, as far as the record allows: the working text goes,
-- the submitted version stays sealed in the append-only record and is shown to nobody.
create or replace function effect.secret_stopped(p_item uuid, p_data jsonb) returns void
language sql security definer set search_path = '' as
$$ select core.set_need_content(p_item, '{"title": "（涉密不受理）"}') $$;

-- The leading poster has left a common need: what the others had brought into it goes back to the
-- library, to go on alone or to be merged anew.
create or replace function effect.sources_released(p_item uuid, p_data jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
begin
  perform core.release_sources(p_item, (select owner from workflow.item where id = p_item));
  perform workflow.back_to(v_before);
end;
$$;

-- p_leaver's own sources stay merged; of a common need among them, what others brought into that.
create or replace function core.release_sources(p_common uuid, p_leaver uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_row record;
begin
  for v_row in select n.id, i.owner from core.need n join workflow.item i on i.id = n.id
                where n.merged_into = p_common and i.state = 'merged' order by n.id loop
    if v_row.owner = p_leaver then
      perform core.release_sources(v_row.id, p_leaver);
    else
      update core.need set merged_into = null where id = v_row.id;
      perform workflow.cascade(v_row.id, 'release', jsonb_build_object('from', p_common));
    end if;
  end loop;
end;
$$;
