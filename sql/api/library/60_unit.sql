-- Units as records of an import: the same documents, kept in party.unit.

create or replace function lib.unit_doc(p_unit party.unit) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object('code', p_unit.code, 'name', p_unit.name, 'kind', p_unit.kind,
           'division', p_unit.division, 'recommender', (select r.name from party.recommender r where r.id = p_unit.recommender),
           'industry', p_unit.industry, 'legal_rep', p_unit.legal_rep, 'intro', p_unit.intro,
           'labels', nullif(to_jsonb(p_unit.labels), '[]'), 'source', p_unit.source, 'source_date', p_unit.source_date)
         || (select coalesce(jsonb_object_agg(f, p_unit.contact -> f), '{}')
               from unnest(array['person', 'phone', 'email', 'address', 'postcode', 'site']) f where p_unit.contact ? f))
$$;

-- A new unit waits for the bureau to verify it, like one that has registered itself; another name for
-- a verified one makes it wait again.
create or replace function lib.save_unit(p_id uuid, p_doc jsonb) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_doc jsonb := lib.tidy('unit', p_doc);
  v_contact jsonb := (select coalesce(jsonb_object_agg(f, v_doc -> f), '{}')
                        from unnest(array['person', 'phone', 'email', 'address', 'postcode', 'site']) f where v_doc ? f);
  v_labels text[] := array(select jsonb_array_elements_text(v_doc -> 'labels'));
  v_recommender uuid := (select r.id from party.recommender r where v_doc ->> 'recommender' in (r.code_local, r.name) limit 1);
  v_id uuid := p_id;
begin
  begin
    if v_id is null then
      insert into party.unit (code, name, kind, division, recommender, industry, legal_rep, contact, intro, labels, source, source_date, created_at)
      values (v_doc ->> 'code', v_doc ->> 'name', v_doc ->> 'kind', v_doc ->> 'division', v_recommender, v_doc ->> 'industry',
              v_doc ->> 'legal_rep', v_contact, v_doc ->> 'intro', v_labels, coalesce(v_doc ->> 'source', 'import'),
              coalesce((v_doc ->> 'source_date')::date, workflow.today()), workflow.now())
      returning id into v_id;
    else
      update party.unit
         set state = case when state = 'verified' and name <> v_doc ->> 'name' then 'pending' else state end,
             name = v_doc ->> 'name', kind = v_doc ->> 'kind', division = v_doc ->> 'division', recommender = v_recommender,
             industry = v_doc ->> 'industry', legal_rep = v_doc ->> 'legal_rep', contact = v_contact, intro = v_doc ->> 'intro',
             labels = v_labels, source = coalesce(v_doc ->> 'source', 'import'),
             source_date = coalesce((v_doc ->> 'source_date')::date, workflow.today()), version = version + 1
       where id = v_id;
    end if;
  exception when unique_violation then
    perform workflow.refuse(409, 'unit_exists', jsonb_build_object('code', v_doc -> 'code'));
  end;
  perform feed.touch('unit', v_id);
  return v_id;
end;
$$;
