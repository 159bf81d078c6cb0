-- Numbers that carry a check character.

-- 统一社会信用代码, GB 32100-2015: 31 characters, weights 3^i mod 31. Positions 3-8 are digits; letters
-- in front of them are allowed (rural cooperatives).
create or replace function ref.uscc_valid(p_code text) returns boolean
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_alphabet constant text := '0123456789ABCDEFGHJKLMNPQRTUWXY';
  v_sum    int := 0;
  v_weight int := 1;
begin
  if p_code !~ '^[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$' then
    return false;
  end if;
  for i in 1 .. 17 loop
    v_sum := v_sum + (strpos(v_alphabet, substr(p_code, i, 1)) - 1) * v_weight;
    v_weight := v_weight * 3 % 31;
  end loop;
  return substr(p_code, 18, 1) = substr(v_alphabet, (31 - v_sum % 31) % 31 + 1, 1);
end;
$$;

-- A Chinese application or patent number since October 2003: year, kind, seven digits, point, check
-- (weights 2..9,2..5 mod 11). Returns it as CN... or ZL... with point; null when it is not one.
create or replace function ref.patent_number(p_text text) returns text
language plpgsql immutable security definer set search_path = '' as $$
declare
  v_all text := upper(regexp_replace(normalize(p_text, nfkc), '[\s-]', '', 'g'));
  v     text[] := regexp_match(v_all, '^(CN|ZL)?((?:19|20)[0-9]{2}[12389][0-9]{7})\.?([0-9X])$');
  v_sum int := 0;
begin
  if v is null then
    return null;
  end if;
  for i in 1 .. 12 loop
    v_sum := v_sum + substr(v[2], i, 1)::int * ((i - 1) % 8 + 2);
  end loop;
  if v[3] <> substr('0123456789X', v_sum % 11 + 1, 1) then
    return null;
  end if;
  return coalesce(v[1], 'CN') || v[2] || '.' || v[3];
end;
$$;
