-- The rules and the programme that an item stands under. Read as the system: a rule holds for
-- everybody, also for who may not see the batch itself (a cancelled one, a draft).
create or replace function core.programme_of(p_item uuid) returns core.programme
language plpgsql security definer set search_path = '' as $$
declare
  v_before text := workflow.as_system();
  v_row    core.programme;
begin
  select p.* into v_row
    from workflow.item i
    join core.batch b on b.id = coalesce(i.batch, i.id)
    join core.programme p on p.id = b.programme
   where i.id = p_item;
  perform workflow.back_to(v_before);
  return v_row;
end;
$$;

create or replace function core.rules_of(p_item uuid) returns jsonb
language sql security definer set search_path = '' as
$$ select (core.programme_of(p_item)).rules $$;

-- 万元 of a rule as integer fen.
create or replace function core.fen(p_wan numeric) returns bigint
language sql immutable security definer set search_path = '' as
$$ select round(p_wan * 1000000)::bigint $$;

-- May a unit of this kind and division take this part ('poster', 'claimant')? Null, or why not:
-- 'kind', 'division', 'verified'.
create or replace function core.not_eligible(p_rules jsonb, p_part text, p_unit uuid) returns text
language sql stable security definer set search_path = '' as $$
  select case
    when not (e -> 'kinds') ? u.kind then 'kind'
    when jsonb_array_length(e -> 'divisions') > 0
     and not exists (select from jsonb_array_elements_text(e -> 'divisions') d where u.division like d || '%') then 'division'
    when (e ->> 'verified')::boolean and u.state <> 'verified' then 'verified' end
    from party.unit u, lateral (select p_rules -> 'eligibility' -> p_part) x (e)
   where u.id = p_unit
$$;
