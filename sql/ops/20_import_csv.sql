-- Import and export by an operator at the machine: the same checks as over HTTP, in one step.
-- Gives the import's document; with `errors` in it nothing has been written.
create or replace function ops.import_csv(p_kind text, p_text text, p_dry boolean default false) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_import lib.import;
  v_id  uuid;
  v_doc jsonb;
begin
  perform auth.enter_system('import');
  v_id := lib.check_import(p_kind, p_text, 200000);
  select * into strict v_import from lib.import where id = v_id;
  v_doc := api.import_document(v_import.id);
  if not p_dry and v_doc -> 'errors' = '[]' then
    perform lib.apply_import(v_import, false);
    v_doc := api.import_document(v_import.id);
  end if;
  return v_doc;
end;
$$;

create or replace function ops.export_csv(p_kind text) returns text
language plpgsql security definer set search_path = '' as $$
begin
  perform auth.enter_system('export');
  return lib.export(p_kind);
end;
$$;
