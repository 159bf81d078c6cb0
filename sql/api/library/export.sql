-- A library as CSV, with the columns that import reads: what goes out comes in as the same records.
-- Byte order mark for spreadsheets, CRLF, and no cell that a spreadsheet would run (lib.guarded).

create or replace function lib.export(p_kind text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  v_body text;
begin
  select string_agg((select string_agg(case when d.doc -> f.name is null then '' else lib.csv_cell(lib.write_cell(f, d.doc -> f.name)) end,
                                       ',' order by f.ordinal) || E'\r\n'
                       from lib.field f where f.kind = p_kind), '' order by d.at, d.id)
    into v_body
    from (select r.id, r.created_at as at, lib.kept_doc(r.kind, r.id) as doc from lib.record r where r.kind = p_kind and r.state <> 'removed'
          union all
          select u.id, u.created_at, lib.unit_doc(u) from party.unit u where p_kind = 'unit' and u.code is not null) d;
  return E'\uFEFF' || lib.csv_line(array(select f.header_zh from lib.field f where f.kind = p_kind order by f.ordinal)) || coalesce(v_body, '');
end;
$$;

-- For the bureau: private columns are in it. A library of more than 10,000 records is exported at the
-- machine (422 export_too_large).
create or replace function api.export_csv(p_session bytea, p_req jsonb, p_kind text)
returns table (status int, text text, media text, filename text)
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter(p_session, p_req);
  perform auth.require_role('officer', 'leader');
  if not exists (select from lib.kind where kind = p_kind) then
    perform workflow.refuse(404, 'not_found');
  end if;
  if (select count(*) from (select from lib.record where kind = p_kind and p_kind <> 'unit' order by created_at desc, id limit 10001) r)
     + (select count(*) from (select from party.unit where p_kind = 'unit' limit 10001) u) > 10000 then
    perform workflow.refuse(422, 'export_too_large', '{"max": 10000}');
  end if;
  perform auth.log('export', auth.me(), null, jsonb_build_object('library', p_kind));
  return query select 200, lib.export(p_kind), 'text/csv; charset=utf-8', lib.path(p_kind) || '.csv';
end;
$$;
