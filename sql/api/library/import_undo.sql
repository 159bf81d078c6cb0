-- Taking an import back: what it inserted goes, what it changed is as it was, to the last member. Only
-- the version moves on, so that nobody's older reading passes for the current one.

-- Everything that stands under an id, to be put back.
create or replace function lib.image(p_kind text, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when p_kind = 'unit' then (select jsonb_build_object('unit', to_jsonb(u)) from party.unit u where u.id = p_id)
    else (select jsonb_build_object('record', to_jsonb(r), 'private', p.data)
            from lib.record r left join lib.private p on p.record = r.id where r.id = p_id) end
$$;

create or replace function lib.put_back(p_kind text, p_id uuid, p_image jsonb, p_import uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_unit   party.unit := jsonb_populate_record(null::party.unit, p_image -> 'unit');
  v_record lib.record := jsonb_populate_record(null::lib.record, p_image -> 'record');
begin
  if p_kind = 'unit' then
    update party.unit
       set (code, name, kind, division, recommender, industry, legal_rep, contact, intro, labels, state, source, source_date)
         = (v_unit.code, v_unit.name, v_unit.kind, v_unit.division, v_unit.recommender, v_unit.industry, v_unit.legal_rep,
            v_unit.contact, v_unit.intro, v_unit.labels, v_unit.state, v_unit.source, v_unit.source_date),
           version = version + 1
     where id = p_id;
    perform feed.touch('unit', p_id);
    return;
  end if;
  update lib.record
     set (key, title, unit, person, data, state, state_reason, source, source_date, refreshed_at, sample)
       = (v_record.key, v_record.title, v_record.unit, v_record.person, v_record.data, v_record.state, v_record.state_reason,
          v_record.source, v_record.source_date, v_record.refreshed_at, v_record.sample),
         version = version + 1
   where id = p_id;
  delete from lib.private where record = p_id;
  insert into lib.private (record, data) select p_id, p_image -> 'private' where jsonb_typeof(p_image -> 'private') = 'object';
  perform lib.project(p_id);
  perform lib.keep_version(p_id, 'undo', p_import);
end;
$$;

create or replace function lib.take_out(p_kind text, p_id uuid, p_import uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform feed.touch(feed.kind_of_record(p_kind), p_id);
  if p_kind = 'unit' then
    delete from party.unit where id = p_id;
  else
    perform lib.keep_version(p_id, 'undo', p_import);
    delete from lib.record where id = p_id;
  end if;
exception when foreign_key_violation then
  perform workflow.refuse(409, 'import_in_use', jsonb_build_object('id', p_id));
end;
$$;

-- Refuses 409 import_state, 409 import_changed (rows that somebody has changed since), 409 import_in_use
-- (an imported unit that has people or items by now).
create or replace function api.import_undo(p_session bytea, p_req jsonb, p_id uuid) returns api.answer
language plpgsql security definer set search_path = '' as $$
declare
  v api.answer := workflow.begin(p_session, p_req);
  v_import lib.import;
  v_row lib.import_row;
  v_changed jsonb;
begin
  if v.status is not null then
    return v;
  end if;
  perform auth.require_role('officer');
  v_import := lib.take_import(p_id, 'applied', p_req);
  select jsonb_agg(r.n order by r.n) into v_changed from lib.import_row r
   where r.import = p_id and r.action in ('insert', 'update') and lib.version_of(v_import.kind, r.target) is distinct from r.target_version;
  if v_changed is not null then
    perform workflow.refuse(409, 'import_changed', jsonb_build_object('rows', v_changed));
  end if;
  for v_row in select * from lib.import_row r where r.import = p_id and r.action in ('insert', 'update') order by r.n desc loop
    if v_row.action = 'insert' then
      perform lib.take_out(v_import.kind, v_row.target, p_id);
    else
      perform lib.put_back(v_import.kind, v_row.target, v_row.before, p_id);
    end if;
  end loop;
  update lib.import set state = 'undone', undone_by = auth.me(), undone_at = workflow.now(), version = version + 1 where id = p_id;
  return workflow.done(p_req, 200, api.import_document(p_id)::json, v_import.version + 1);
end;
$$;
