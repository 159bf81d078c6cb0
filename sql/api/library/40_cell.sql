-- A cell of a file, in and out. What lib.write_cell writes, lib.read_cell reads as the same value.

create or replace function lib.guarded(p_text text) returns text
language sql immutable as
-- a spreadsheet runs a cell that begins so as a formula, some in wide letters too: the apostrophe makes it text
$$ select case when p_text ~ '^\s*[=+@＝＋－＠''-]|^[\t\r\n]' then '''' || p_text else p_text end $$;

create or replace function lib.unguarded(p_text text) returns text
language sql immutable as
$$ select case when p_text ~ '^''(\s*[=+@＝＋－＠''-]|[\t\r\n])' then substr(p_text, 2) else p_text end $$;

-- Controls and what turns or hides text, the same as in a form (utf8_is_control); prose has lines and tabs.
create or replace function lib.unreadable(p_text text, p_prose boolean) returns boolean
language sql immutable security definer set search_path = '' as $$
  select p_text ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]'
         or (not p_prose and p_text ~ '[\t\n\r]')
$$;

-- {"value": ...}, {"error": {"code", ...}} or {} for an empty cell.
create or replace function lib.read_cell(p_field lib.field, p_cell text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_text  text := btrim(lib.unguarded(p_cell), E' \t　');
  v_value jsonb;
  v_parts text[];
  v_fault jsonb;
begin
  if v_text = '' then
    return '{}';
  end if;
  if lib.unreadable(v_text, p_field.type = 'prose') then
    return '{"error": {"code": "bad_character"}}';
  end if;
  case
    when p_field.type in ('words', 'codes', 'labels', 'patents') then
      select to_jsonb(array_agg(btrim(w) order by n)) into v_value
        from regexp_split_to_table(v_text, case when p_field.type = 'words' then '[;；,，、|\n]+' else '[;；|\n]+' end)
             with ordinality as s (w, n) where btrim(w) <> '';
    when p_field.type in ('int', 'year') then
      if v_text !~ '^[+-]?[0-9]{1,9}年?$' then
        return '{"error": {"code": "not_an_integer"}}';
      end if;
      v_value := to_jsonb(rtrim(v_text, '年')::int);
    when p_field.type = 'money' then
      if replace(v_text, ',', '') !~ '^[0-9]{1,12}(\.[0-9]+)?$' then
        return '{"error": {"code": "not_a_number"}}';
      elsif replace(v_text, ',', '')::numeric * 1000000 <> trunc(replace(v_text, ',', '')::numeric * 100) * 10000 then
        return '{"error": {"code": "too_many_decimals", "max": 2}}';
      end if;
      v_value := to_jsonb((replace(v_text, ',', '')::numeric * 1000000)::bigint);
    when p_field.type in ('date', 'month') then
      v_parts := regexp_match(v_text, case p_field.type when 'date' then '^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$'
                                        else '^([0-9]{4})[-/.年]([0-9]{1,2})(?:月|[-/.][0-9]{1,2})?$' end);
      begin
        v_value := to_jsonb(to_char(make_date(v_parts[1]::int, v_parts[2]::int, coalesce(v_parts[3], '1')::int),
                                    case p_field.type when 'date' then 'YYYY-MM-DD' else 'YYYY-MM' end));
      exception when datetime_field_overflow then
        v_value := null;
      end;
      if v_value is null then
        return jsonb_build_object('error', jsonb_build_object('code', 'not_a_' || p_field.type));
      end if;
    when p_field.type = 'uscc' then
      v_text := upper(regexp_replace(normalize(v_text, nfkc), '[\s-]', '', 'g'));
      if v_text !~ '^[0-9A-HJ-NP-RTUW-Y]{18}$' then
        return '{"error": {"code": "bad_credit_code"}}';
      end if;
      v_value := to_jsonb(v_text);
    when p_field.type = 'phone' and v_text !~ '^(\+86[- ]?)?(1[0-9]{10}|0[0-9]{2,3}[- ]?[0-9]{7,8}([- ][0-9]{1,6})?)$' then
      return '{"error": {"code": "bad_phone"}}';
    when p_field.type = 'email' and v_text !~ '^[^\s@]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$' then
      return '{"error": {"code": "bad_email"}}';
    when p_field.type = 'postcode' and v_text !~ '^[0-9]{6}$' then
      return '{"error": {"code": "bad_postcode"}}';
    else
      v_value := to_jsonb(v_text);
  end case;
  v_value := coalesce(v_value, to_jsonb(v_text));
  v_fault := lib.check_value(p_field, v_value);
  if v_fault is not null then
    return jsonb_build_object('error', v_fault);
  end if;
  return jsonb_build_object('value', v_value);
end;
$$;

-- A value as a cell: Chinese names for codes, 万元 for money, ；between several.
create or replace function lib.write_cell(p_field lib.field, p_value jsonb) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select case when p_value is null or p_value = 'null' then '' else lib.guarded(case
      when p_field.type in ('codes', 'labels') then
        (select string_agg(lib.name_of(p_field.list, e), '；' order by n) from jsonb_array_elements_text(p_value) with ordinality as s (e, n))
      when p_field.type in ('words', 'patents') then
        (select string_agg(e, '；' order by n) from jsonb_array_elements_text(p_value) with ordinality as s (e, n))
      when p_field.type = 'code' then lib.name_of(p_field.list, p_value #>> '{}')
      when p_field.type = 'money' then trim_scale((p_value #>> '{}')::numeric / 1000000)::text
      else p_value #>> '{}' end) end);
end;
$$;

-- The Chinese name where it leads back to the code, else the code (铁西区 is in two cities).
create or replace function lib.name_of(p_list text, p_code text) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce((select c.name_zh from ref.code_list l join ref.code c on c.list = l.list and c.edition = l.edition
                      where l.list = p_list and l.current and c.code = p_code and lib.code_of(p_list, c.name_zh) = c.code), p_code));
end;
$$;

-- What a code is called, for people: in the current edition, else in an older one.
create or replace function lib.label_of(p_list text, p_code text) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select c.name_zh from ref.code c join ref.code_list l on l.list = c.list and l.edition = c.edition
     where c.list = p_list and c.code = p_code order by l.current desc, l.effective_from desc nulls last limit 1);
end;
$$;
