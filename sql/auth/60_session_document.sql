-- The session as its holder sees it. Needs the person's context.
-- {"id","kind","person":{"id","name","title"},"login","unit":{...}|null,"roles":[...],"membership",
--  "memberships":[{"id","unit":{"id","name"},"roles","state"}],"recommender","second_factor","needs":[...],
--  "ends_at","reauth_until","scopes","sample"}
-- needs: 'second_factor' (nothing else goes until it is enrolled), 'new_password', 'unit_verification'.
create or replace function auth.session_document() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'id', auth.my_session_id(), 'kind', auth.my_session_kind(),
    'person', jsonb_build_object('id', p.id, 'name', p.name, 'title', p.title), 'login', a.login,
    'unit', (select jsonb_build_object('id', u.id, 'name', u.name, 'code', u.code, 'kind', u.kind, 'state', u.state)
               from party.unit u where u.id = auth.my_unit()),
    'roles', to_jsonb(array_remove(auth.my_roles(), '')),
    'membership', s.membership,
    'memberships', (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'roles', to_jsonb(m.roles), 'state', m.state,
                             'unit', jsonb_build_object('id', u.id, 'name', u.name)) order by m.since, m.id), '[]')
                      from party.membership m join party.unit u on u.id = m.unit
                     where m.person = a.id and m.state <> 'ended'),
    'recommender', (select jsonb_build_object('id', r.id, 'name', r.name) from party.recommender r
                     where r.id = auth.my_recommender()),
    'second_factor', auth.has_second_factor(a.id),
    'needs', to_jsonb(array_remove(array[
       case when auth.my_roles() && auth.guarded_roles() and not auth.second_factor_done(a.id) then 'second_factor' end,
       case when auth.password_too_old(a.changed_at) then 'new_password' end,
       case when exists (select from party.unit u where u.id = auth.my_unit() and u.state <> 'verified')
            then 'unit_verification' end], null)),
    'ends_at', s.ends_at, 'reauth_until', s.reauth_at + interval '10 minutes',
    'scopes', to_jsonb(string_to_array(current_setting('jb.scopes', true), ',')),
    'sample', core.is_sample())
    from auth.account a join party.person p on p.id = a.id
    left join (select id, membership, ends_at, reauth_at from auth.session
               union all select id, membership, ends_at, null from auth.token) s on s.id = auth.my_session_id()
   where a.id = auth.me()
$$;
