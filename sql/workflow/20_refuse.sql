-- Refusing is raising: SQLSTATE WF<status>, the slug as message, parameters as JSON detail. The
-- gateway turns it into a problem document; the transaction leaves nothing behind.
-- p_params may carry "errors": [{"field": "...", "code": "...", ...}].
create or replace function workflow.refuse(p_status int, p_slug text, p_params jsonb default '{}')
returns void language plpgsql as $$
begin
  raise exception using errcode = 'WF' || p_status, message = p_slug, detail = p_params::text;
end;
$$;

-- Refuses with 422 'invalid' when the array of field errors is not empty.
create or replace function workflow.refuse_fields(p_errors jsonb) returns void language plpgsql as $$
begin
  if jsonb_array_length(coalesce(p_errors, '[]')) > 0 then
    perform workflow.refuse(422, 'invalid', jsonb_build_object('errors', p_errors));
  end if;
end;
$$;

-- One field error: workflow.bad('budget', 'too_small', '{"min": 100}')
create or replace function workflow.bad(p_field text, p_code text, p_params jsonb default '{}')
returns jsonb language sql immutable as
$$ select jsonb_build_object('field', p_field, 'code', p_code) || p_params $$;

-- A path parameter that must be a UUID; anything else is not there.
create or replace function workflow.as_uuid(p_text text) returns uuid language plpgsql immutable as $$
begin
  return p_text::uuid;
exception when invalid_text_representation then
  perform workflow.refuse(404, 'not_found');
end;
$$;
