-- What a value may be. Shape has been checked by the form or made by lib.read_cell; here is meaning.

-- The code that a list has for a text in its current edition: the code itself, or the one code of that
-- Chinese name. 铁西区 lies in two cities: such a name is no code.
create or replace function lib.code_of(p_list text, p_text text) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select case when bool_or(c.code = p_text) then p_text when count(*) = 1 then min(c.code) end
      from ref.code_list l join ref.code c on c.list = l.list and c.edition = l.edition
     where l.list = p_list and l.current and p_text in (c.code, c.name_zh));
end;
$$;

-- Null, or what is wrong with a value: {"code", params}. The value is not null.
create or replace function lib.check_value(p_field lib.field, p_value jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_text text := p_value #>> '{}';
  v_bad  text;
begin
  case
    when p_field.type in ('text', 'prose') then
      if char_length(v_text) > p_field.highest then
        return jsonb_build_object('code', 'too_long', 'max', p_field.highest);
      end if;
    when p_field.type in ('int', 'year') then
      if v_text::numeric < p_field.lowest then
        return jsonb_build_object('code', 'too_small', 'min', p_field.lowest);
      elsif v_text::numeric > p_field.highest then
        return jsonb_build_object('code', 'too_large', 'max', p_field.highest);
      end if;
    when p_field.type in ('words', 'codes', 'labels', 'patents') then
      if jsonb_array_length(p_value) > p_field.highest then
        return jsonb_build_object('code', 'too_many_items', 'max', p_field.highest);
      end if;
      select e into v_bad from jsonb_array_elements_text(p_value) e
       where case p_field.type when 'words' then char_length(e) > 40
                               when 'patents' then ref.patent_number(e) is null
                               else lib.code_of(p_field.list, e) is null end limit 1;
      if v_bad is not null then
        return jsonb_build_object('code', case p_field.type when 'words' then 'word_too_long'
                 when 'patents' then 'bad_patent_number' else 'unknown_code' end, 'value', v_bad, 'list', p_field.list);
      end if;
    when p_field.type = 'code' then
      if lib.code_of(p_field.list, v_text) is null then
        return jsonb_build_object('code', 'unknown_code', 'value', v_text, 'list', p_field.list);
      end if;
    when p_field.type = 'edition' then
      if not exists (select from ref.code_list l where l.list = p_field.list and l.edition = v_text) then
        return jsonb_build_object('code', 'unknown_edition', 'value', v_text, 'list', p_field.list);
      end if;
    when p_field.type = 'uscc' then
      if not ref.uscc_valid(v_text) then
        return jsonb_build_object('code', 'bad_check_digit', 'value', v_text);
      end if;
    when p_field.type = 'patent' then
      if ref.patent_number(v_text) is null then
        return jsonb_build_object('code', 'bad_patent_number', 'value', v_text);
      end if;
    when p_field.type = 'recommender' then
      if not exists (select from party.recommender r where v_text in (r.code_local, r.name)) then
        return jsonb_build_object('code', 'unknown_recommender', 'value', v_text);
      end if;
    else
      null;  -- date, month, money, phone, email, postcode: their shape is all there is
  end case;
  return null;
end;
$$;

-- Every fault of a document: [{"field", "code", ...}], in the order of the fields.
create or replace function lib.check_document(p_kind text, p_doc jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('field', f.name) || e.fault order by f.ordinal), '[]')
    from lib.field f
    cross join lateral (
      select case when jsonb_typeof(coalesce(p_doc -> f.name, 'null')) = 'null' or p_doc -> f.name = '[]'
                  then case when f.required then '{"code": "required"}'::jsonb end
                  else lib.check_value(f, p_doc -> f.name) end as fault) e
   where f.kind = p_kind and e.fault is not null
$$;

-- The document as it is kept: codes for names, numbers in one spelling, nothing empty or unknown.
create or replace function lib.tidy(p_kind text, p_doc jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(d.key, case f.type
             when 'code' then to_jsonb(lib.code_of(f.list, p_doc ->> f.name))
             when 'codes' then (select jsonb_agg(distinct lib.code_of(f.list, e)) from jsonb_array_elements_text(d.value) e)
             when 'labels' then (select jsonb_agg(distinct lib.name_of(f.list, lib.code_of(f.list, e))) from jsonb_array_elements_text(d.value) e)
             when 'patent' then to_jsonb(ref.patent_number(p_doc ->> f.name))
             when 'patents' then (select jsonb_agg(distinct ref.patent_number(e)) from jsonb_array_elements_text(d.value) e)
             else d.value end), '{}')
      from jsonb_each(p_doc) d
      join lib.field f on f.kind = p_kind and f.name = d.key
     where d.value not in ('null', '[]', '""'));
end;
$$;
