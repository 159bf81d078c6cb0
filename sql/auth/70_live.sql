-- A session or token of this account has ended or changed its name: whoever waits under one (GET /live)
-- is asked again. Channel session_ended, payload the account.
create or replace function auth.tell_ended(p_account uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform pg_notify('session_ended', p_account::text);
end;
$$;
