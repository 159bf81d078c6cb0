-- The service's time: the database's, or where a test or sample city has stopped the clock, that.
-- Every deadline and every recorded moment of the procedure uses it; sessions and throttles do not.
create or replace function workflow.now() returns timestamptz
language sql stable security definer set search_path = '' as
$$ select coalesce((select frozen from meta.clock), pg_catalog.now()) $$;

-- Today in Shanghai.
create or replace function workflow.today() returns date
language sql stable security definer set search_path = '' as
$$ select (workflow.now() at time zone 'Asia/Shanghai')::date $$;

-- The first moment of a Shanghai day: half-open windows end on one of these.
create or replace function workflow.day_start(p_day date) returns timestamptz
language sql immutable security definer set search_path = '' as
$$ select p_day::timestamp at time zone 'Asia/Shanghai' $$;
