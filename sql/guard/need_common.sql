-- Guards that several machines share. Null: it holds; else the refusal.

-- A reason was given, of at least five characters.
create or replace function guard.has_reason(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when char_length(btrim(coalesce(p_data ->> 'reason', ''))) < 5 then jsonb_build_object('status', 422, 'slug', 'invalid',
    'errors', jsonb_build_array(workflow.bad('reason', case when p_data ->> 'reason' is null then 'required' else 'too_short' end, '{"min": 5}'))) end
$$;

-- Somebody who may bind the unit, not just draft for it; for the bureau, a leader.
create or replace function guard.signatory(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as
$$ select case when not (auth.has('signatory') or auth.has('leader')) then '{"status": 403, "slug": "signatory_needed"}'::jsonb end $$;

-- Of several posters (after a merge) the leading one decides.
create or replace function guard.lead_poster(p_item uuid, p_data jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select case when i.owner is distinct from auth.my_unit() then '{"status": 403, "slug": "lead_poster_needed"}'::jsonb end
    from workflow.item i where i.id = p_item
$$;

-- A checklist with a name on every line and all of them ticked. For a need it must also name what the
-- programme's rules ask for (need.formal_checks).
create or replace function guard.formal_checks(p_item uuid, p_data jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_checks jsonb := coalesce(p_data -> 'checks', '[]');
  v_needed text[] := '{}';
  v_missed text[];
  v_failed text[] := array(select c ->> 'name' from jsonb_array_elements(v_checks) c where not coalesce((c ->> 'ok')::boolean, false));
begin
  if (select machine from workflow.item where id = p_item) = 'need' then
    v_needed := array(select jsonb_array_elements_text(core.rules_of(p_item) #> '{need,formal_checks}'));
  end if;
  v_missed := array(select m from unnest(v_needed) m where not exists (
                      select from jsonb_array_elements(v_checks) c where c ->> 'name' = m));
  if v_missed <> '{}' or jsonb_array_length(v_checks) = 0 then
    return jsonb_build_object('status', 422, 'slug', 'checks_missing', 'missing', to_jsonb(v_missed));
  elsif v_failed <> '{}' then
    return jsonb_build_object('status', 409, 'slug', 'checks_failed', 'failed', to_jsonb(v_failed));
  end if;
  return null;
end;
$$;
