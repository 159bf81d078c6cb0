-- CSV, RFC 4180: UTF-8, a header, comma, quotes doubled within quotes, CRLF or LF. Nothing is repaired.

-- The table in a text: one row a record, numbered from 1 (the header). A quote inside an unquoted
-- cell, or text after a closing quote, ends it: refuses 422 csv_malformed with the row.
create or replace function lib.parse_csv(p_text text) returns table (n int, cells text[])
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_text  text := regexp_replace(p_text, '^\uFEFF', '');
  v_match text[];
begin
  if v_text !~ '\n$' then
    v_text := v_text || E'\n';
  end if;
  n := 1;
  cells := '{}';
  -- a cell and what ends it, or one character that belongs to neither
  for v_match in select regexp_matches(v_text, '("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n)|(.)', 'g') loop
    if v_match[3] is not null then
      perform workflow.refuse(422, 'csv_malformed', jsonb_build_object('row', n));
    end if;
    cells := cells || case when left(v_match[1], 1) = '"'
                           then replace(substr(v_match[1], 2, length(v_match[1]) - 2), '""', '"') else v_match[1] end;
    if v_match[2] <> ',' then
      if cells <> '{""}' then
        return next;
      end if;
      cells := '{}';
      n := n + 1;
    end if;
  end loop;
end;
$$;

-- Without a search path of its own, so that it is inlined where it is called for every cell.
create or replace function lib.csv_cell(p_text text) returns text
language sql immutable as
$$ select case when p_text ~ '[",\r\n]' or p_text ~ '^[ ]|[ ]$' then '"' || replace(p_text, '"', '""') || '"' else p_text end $$;

create or replace function lib.csv_line(p_cells text[]) returns text
language sql immutable security definer set search_path = '' as $$
  select string_agg(lib.csv_cell(coalesce(c, '')), ',' order by n) || E'\r\n' from unnest(p_cells) with ordinality as s (c, n)
$$;

-- The fields that a header names, in its order, by Chinese or English header, name or alias. Refuses
-- 422 invalid: unknown_column, repeated_column, missing_column.
create or replace function lib.read_header(p_kind text, p_header text[]) returns text[]
language plpgsql stable security definer set search_path = '' as $$
declare
  v_fields text[];
  v_bad    jsonb;
begin
  select array_agg(f.name order by h.n),
         coalesce(jsonb_agg(workflow.bad(h.t, 'unknown_column', jsonb_build_object('column', h.n)) order by h.n) filter (where f.name is null), '[]')
    into v_fields, v_bad
    from unnest(p_header) with ordinality as h (t, n)
    left join lib.field f on f.kind = p_kind
     and lib.fold(h.t) in (select lib.fold(a) from unnest(array[f.name, f.header_zh, f.header_en] || f.aliases) a);
  v_bad := v_bad
    || (select coalesce(jsonb_agg(workflow.bad(f.header_zh, 'repeated_column')), '[]') from lib.field f
         where f.kind = p_kind and cardinality(array_positions(v_fields, f.name)) > 1)
    || (select coalesce(jsonb_agg(workflow.bad(f.header_zh, 'missing_column') order by f.ordinal), '[]') from lib.field f
         where f.kind = p_kind and f.required and not f.name = any (array_remove(v_fields, null)));
  perform workflow.refuse_fields(v_bad);
  return v_fields;
end;
$$;
