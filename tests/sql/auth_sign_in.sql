-- Signing in and its throttles (S8, S9, S10, S12, S13).
begin;
\ir fixtures/people.sql
select no_plan();
select fixture.person('poster', '企业甲', fixture.unit('示例企业甲'), '{member,signatory}');
select fixture.person('other', '企业乙', fixture.unit('示例企业乙'), '{member,signatory}');

create function pg_temp.find(p_login text, p_ip text default '192.0.2.1') returns text language sql as
$$ select coalesce(hash, 'nobody') from api.sign_in_find(p_login, jsonb_build_object('rid', p_login || clock_timestamp(), 'ip', p_ip)) $$;
create function pg_temp.open(p_login text, p_ok boolean, p_name text default 'new', p_ip text default '192.0.2.1') returns api.answer language sql as
$$ select api.sign_in_open(fixture.id(p_login), p_ok, sha256(convert_to(p_name, 'UTF8')), null, 'k', null, jsonb_build_object('rid', 'x', 'ip', p_ip)) $$;
-- so many failures of a login from one address; time is made to pass between them
create function pg_temp.fail(p_login text, p_times int, p_ip text default '192.0.2.1') returns void language plpgsql as $$
begin
  for i in 1 .. p_times loop
    perform pg_temp.find(p_login, p_ip);
    update auth.attempt set last_at = last_at - interval '61 seconds';
  end loop;
end;
$$;

select is(pg_temp.find('poster'), '$argon2id$fixture', 'a login finds its hash');
select is(pg_temp.find('POSTER'), '$argon2id$fixture', 'whatever its case');
select is(pg_temp.find('nobody-at-all'), 'nobody', 'an unknown login finds a row of nulls, not an error');
select is((pg_temp.open('poster', true)).status, 201, 'the right password opens a session');
select is((select account from auth.session where hash = sha256('new')), fixture.id('poster'), 'under the hash that was given');
select is((select ends_at - created_at from auth.session where hash = sha256('new')), interval '12 hours', 'for twelve hours');
select is((select membership from auth.session where hash = sha256('new')), (select id from party.membership where person = fixture.id('poster')),
          'acting by the membership');
select throws_ok($$ select pg_temp.open('poster', false, 'w') $$, 'WF401', 'wrong_credentials', 'the wrong password does not');
select throws_ok($$ select pg_temp.open('no such', true, 'w') $$, 'WF401', 'wrong_credentials', 'no account reads the same');
select throws_ok($$ select pg_temp.open('poster', null, 'w') $$, 'WF401', 'wrong_credentials', 'an unknown check is a failed one');
select is((select count(*)::int from auth.session where account = fixture.id('poster')), 1, 'and they open nothing');

select is((select failures from auth.attempt where kind = 'login' and key = auth.login_key('poster')), null, 'success forgives the tries');
select pg_temp.find('poster');
select is((select failures from auth.attempt where kind = 'login' and key = auth.login_key('poster')), 1, 'a try counts before it is known to be wrong');
update auth.account set state = 'disabled' where id = fixture.id('poster');
select throws_ok($$ select pg_temp.open('poster', true, 'w') $$, 'WF401', 'account_disabled', 'who knows the password is told that the account is disabled');
select throws_ok($$ select pg_temp.open('poster', false, 'w') $$, 'WF401', 'wrong_credentials', 'who does not is told nothing');
update auth.account set state = 'active' where id = fixture.id('poster');
select api.sign_in_open(fixture.id('poster'), true, sha256('re'), null, 'k', '$argon2id$new', '{}');
select is((select hash from auth.account where id = fixture.id('poster')), '$argon2id$new', 'a hash of older costs is replaced on the way');

-- the pause per login
delete from auth.attempt;
select pg_temp.find('poster'), pg_temp.find('poster'), pg_temp.find('poster');
select throws_ok($$ select pg_temp.find('poster') $$, 'WF429', 'too_many_tries', 'the fourth try at once has to wait');
update auth.attempt set last_at = last_at - interval '2 seconds';
select lives_ok($$ select pg_temp.find('poster') $$, 'a second later it may');
update auth.attempt set last_at = last_at - interval '1 second';
select throws_ok($$ select pg_temp.find('poster') $$, 'WF429', 'too_many_tries', 'the next pause is longer');
select is((select array_agg(auth.pause_left(n, 3, clock_timestamp()) order by n) from generate_series(2, 10) n), '{0,1,2,4,8,16,32,60,60}', 'pauses double up to a minute');
select pg_temp.find('ghost'), pg_temp.find('ghost'), pg_temp.find('ghost');
select throws_ok($$ select pg_temp.find('ghost') $$, 'WF429', 'too_many_tries', 'an unknown login is slowed like a known one');

-- the lock
delete from auth.attempt;
select pg_temp.fail('poster', 9, null);
select is((select locked_until from auth.attempt where kind = 'login' and key = auth.login_key('poster')), null, 'nine failures lock nothing');
select pg_temp.fail('poster', 1, null);
select throws_ok($$ select pg_temp.find('poster') $$, 'WF423', 'locked', 'ten do');
select is((select locked_until from auth.attempt where kind = 'login' and key = auth.login_key('poster')), now() + interval '15 minutes', 'for fifteen minutes');
select is((select count(*)::int from auth.event where kind = 'lock' and account = fixture.id('poster')), 1, 'which is on record');
select lives_ok($$ select pg_temp.find('other') $$, 'others sign in as ever');
update auth.attempt set locked_until = now(), last_at = now() - interval '16 minutes';
select lives_ok($$ select pg_temp.find('poster') $$, 'and then it is over');
select is((select failures from auth.attempt where kind = 'login' and key = auth.login_key('poster')), 1, 'with a clean start');
delete from auth.attempt;
select pg_temp.fail('ghost', 10, null);
select throws_ok($$ select pg_temp.find('ghost') $$, 'WF423', 'locked', 'an unknown login locks as well: nothing is learnt from it');

-- addresses
delete from auth.attempt;
do $$ begin for i in 1 .. 20 loop perform pg_temp.find('guess' || i, '198.51.100.7'); end loop; end $$;
select throws_ok($$ select pg_temp.find('poster', '198.51.100.7') $$, 'WF429', 'too_many_tries', 'twenty failures of an address slow it');
select lives_ok($$ select pg_temp.find('poster', '198.51.100.8') $$, 'and no other');
insert into auth.place (account, ip) values (fixture.id('other'), '198.51.100.7');
select lives_ok($$ select pg_temp.find('other', '198.51.100.7') $$, 'who has signed in from there before is not slowed: nobody locks a bureau out');
update auth.attempt set failures = 1000 where kind = 'ip';
update auth.attempt set last_at = clock_timestamp() - interval '61 seconds';
select lives_ok($$ select pg_temp.find('poster', '198.51.100.7') $$, 'an address is never locked, it waits a minute');

-- re-authentication
delete from auth.attempt;
select fixture.session('poster');
update auth.session set reauth_at = now() - interval '1 hour' where hash = fixture.session('poster');
select is((select hash from api.session_reauth_find(fixture.session('poster'))), '$argon2id$new', 're-authentication finds the own hash');
select throws_ok($$ select api.session_reauth(fixture.session('poster'), false, null, 'k', '{}', sha256('rotated')) $$, 'WF401', 'wrong_credentials', 'refuses the wrong password');
select is((api.session_reauth(fixture.session('poster'), true, null, 'k', '{}', sha256('rotated'))).status, 200, 'takes the right one');
select is((select reauth_at from auth.session where hash = sha256('rotated')), now(), 'the session is recent');
select is((select count(*)::int from auth.session where hash = sha256(convert_to('session poster', 'UTF8'))), 0, 'and its old id is worth nothing');
do $$ begin for i in 1 .. 3 loop perform api.session_reauth_find(sha256('rotated')); end loop; end $$;
select throws_ok($$ select * from api.session_reauth_find(sha256('rotated')) $$, 'WF429', 'too_many_tries', 'guesses there are throttled like at sign-in');

-- the record
select ok(exists (select from auth.event where kind = 'sign_in' and account = fixture.id('poster') and actor = fixture.id('poster') and ip = '192.0.2.1'),
          'a sign-in is on record with its address');
select ok(exists (select from auth.event where kind = 'sign_in_try' and account = fixture.id('poster')), 'and so is every try');
select finish();
rollback;
