-- The second factor (S11): RFC 6238, single use, nothing kept in clear.
begin;
\ir fixtures/people.sql
select no_plan();
select fixture.person('officer', '局甲', fixture.unit('示例市科技局', 'government'), '{officer}');
select fixture.person('poster', '企业甲', fixture.unit('示例企业甲'), '{member,signatory}');
select fixture.session('officer'), fixture.session('poster');
create function pg_temp.key() returns text language sql immutable as $$ select repeat('ab', 32) $$;
create function pg_temp.secret() returns bytea language sql as
$$ select auth.open_secret(fixture.id('officer'), (select secret from auth.totp where account = fixture.id('officer')), pg_temp.key()) $$;
create function pg_temp.code(p_offset int default 0) returns text language sql as
$$ select auth.totp_code(pg_temp.secret(), auth.totp_step() + p_offset) $$;
create function pg_temp.body(p_code text) returns jsonb language sql as $$ select jsonb_build_object('code', p_code) $$;
create function pg_temp.open(p_code text, p_name text) returns api.answer language sql as
$$ select api.sign_in_open(fixture.id('officer'), true, sha256(convert_to(p_name, 'UTF8')), p_code, pg_temp.key(), null, '{}') $$;

-- RFC 6238, appendix B, the last six digits
select is(auth.totp_code('12345678901234567890', t / 30), right(want, 6), 'RFC 6238 at ' || t)
  from (values (59, '94287082'), (1111111109, '07081804'), (1111111111, '14050471'), (1234567890, '89005924'),
               (2000000000, '69279037'), (20000000000, '65353130')) v (t, want);
-- RFC 4648
select is(auth.base32(convert_to(plain, 'UTF8')), want, 'RFC 4648: ' || plain)
  from (values ('f', 'MY'), ('fo', 'MZXQ'), ('foo', 'MZXW6'), ('foob', 'MZXW6YQ'), ('fooba', 'MZXW6YTB'), ('foobar', 'MZXW6YTBOI')) v (plain, want);

update meta.setting set value = 'true' where name = 'totp_required';
select throws_ok($$ select api.second_factor_confirm(fixture.session('officer'), fixture.req(), pg_temp.body('000000'), pg_temp.key()) $$,
                 'WF409', 'second_factor_not_asked', 'there is nothing to confirm before asking');
create temp table asked as select * from api.second_factor_enrol(fixture.session('officer'), fixture.req(), repeat('0f', 32), pg_temp.key());
select is((select status from asked), 201, 'an officer may enrol though nothing else is open yet');
select is((select body ->> 'secret' from asked), auth.base32(decode(repeat('0f', 20), 'hex')), 'and is shown the secret');
select matches((select body ->> 'uri' from asked), '^otpauth://totp/Jiebang:officer\?secret=[A-Z2-7]+&issuer=Jiebang', 'and as an address for authenticators');
select is(pg_temp.secret(), decode(repeat('0f', 20), 'hex'), 'it is kept under the key');
select is(auth.open_secret(fixture.id('officer'), (select secret from auth.totp), repeat('cd', 32)), null, 'and opens under no other');
select is(auth.open_secret(fixture.id('poster'), (select secret from auth.totp), pg_temp.key()), null, 'nor for another account');
select ok(position(decode(repeat('0f', 20), 'hex') in (select secret from auth.totp)) = 0, 'it does not stand there in clear');
select throws_ok($$ select api.second_factor_confirm(fixture.session('officer'), fixture.req(), pg_temp.body(pg_temp.code(5)), pg_temp.key()) $$,
                 'WF401', 'wrong_code', 'a code of another time does not confirm');
select throws_ok($$ select auth.enter(fixture.session('officer'), fixture.req()) $$, 'WF403', 'second_factor_needed', 'nothing is open yet');

create temp table confirmed as select * from api.second_factor_confirm(fixture.session('officer'), fixture.req(), pg_temp.body(pg_temp.code(-1)), pg_temp.key());
select is((select status from confirmed), 200, 'a right code confirms');
select is((select json_array_length(body -> 'recovery_codes') from confirmed), 10, 'and brings ten recovery codes');
select lives_ok($$ select auth.enter(fixture.session('officer'), fixture.req()) $$, 'the way is open');
select throws_ok($$ select api.second_factor_enrol(fixture.session('officer'), fixture.req(), repeat('0f', 32), pg_temp.key()) $$,
                 'WF409', 'second_factor_on', 'it is not replaced by asking again');
select throws_ok($$ select api.second_factor_confirm(fixture.session('officer'), fixture.req(), pg_temp.body(pg_temp.code()), pg_temp.key()) $$,
                 'WF409', 'second_factor_on', 'nor confirmed twice');

-- signing in
select is((select totp from api.sign_in_find('officer', '{}')), true, 'sign-in knows of it');
select throws_ok($$ select pg_temp.open(null, 'a') $$, 'WF401', 'code_needed', 'the password alone is not enough');
select throws_ok($$ select pg_temp.open('', 'a') $$, 'WF401', 'code_needed', 'nor with an empty code');
select throws_ok($$ select pg_temp.open(pg_temp.code(-1), 'a') $$, 'WF401', 'wrong_code', 'the code that confirmed is used up');
select throws_ok($$ select pg_temp.open(pg_temp.code(2), 'a') $$, 'WF401', 'wrong_code', 'two steps ahead is too far');
select is((pg_temp.open(pg_temp.code(), 'a')).status, 201, 'a fresh one opens');
select throws_ok($$ select pg_temp.open(pg_temp.code(), 'b') $$, 'WF401', 'wrong_code', 'and does not open again');
select is((pg_temp.open(pg_temp.code(1), 'b')).status, 201, 'a clock half a minute ahead is fine');
select throws_ok($$ select pg_temp.open(pg_temp.code(), 'c') $$, 'WF401', 'wrong_code', 'after which earlier ones are void');

-- recovery codes
create function pg_temp.recovery(p_n int) returns text language sql as $$ select body -> 'recovery_codes' ->> p_n from confirmed $$;
select is((pg_temp.open(pg_temp.recovery(0), 'c')).status, 201, 'a recovery code opens');
select throws_ok($$ select pg_temp.open(pg_temp.recovery(0), 'd') $$, 'WF401', 'wrong_code', 'once');
select is((pg_temp.open(upper(replace(pg_temp.recovery(1), '-', '')), 'd')).status, 201, 'however it is typed');
select ok(not exists (select from auth.recovery_code r where r.hash = convert_to(replace(pg_temp.recovery(2), '-', ''), 'UTF8'))
          and exists (select from auth.recovery_code r where r.hash = sha256(convert_to(replace(pg_temp.recovery(2), '-', ''), 'UTF8'))),
          'they are kept as digests');
update auth.totp set last_step = 0;
select is((api.recovery_codes(fixture.session('officer'), fixture.req(), pg_temp.body(pg_temp.code()), pg_temp.key())).status, 200, 'new ones can be had for a code');
select throws_ok($$ select pg_temp.open(pg_temp.recovery(3), 'e') $$, 'WF401', 'wrong_code', 'which voids the old');

-- off
update auth.totp set last_step = 0;
update auth.session set reauth_at = now() - interval '1 hour' where hash = fixture.session('officer');
select throws_ok($$ select api.second_factor_off(fixture.session('officer'), fixture.req(), pg_temp.body(pg_temp.code()), pg_temp.key()) $$,
                 'WF403', 'reauth_needed', 'taking it off is a weighty act');
update auth.session set reauth_at = now() where hash = fixture.session('officer');
select throws_ok($$ select api.second_factor_off(fixture.session('officer'), fixture.req(), pg_temp.body('000000x'), pg_temp.key()) $$,
                 'WF401', 'wrong_code', 'and costs a code');
select is((api.second_factor_off(fixture.session('officer'), fixture.req(), pg_temp.body(pg_temp.code()), pg_temp.key())).status, 200, 'then it is off');
select throws_ok($$ select auth.enter(fixture.session('officer'), fixture.req()) $$, 'WF403', 'second_factor_needed', 'and an officer stands outside again');
select is((select count(*)::int from auth.session where account = fixture.id('officer')), 1, 'other sessions have ended');
select throws_ok($$ select api.second_factor_off(fixture.session('poster'), fixture.req(), pg_temp.body('000000'), pg_temp.key()) $$,
                 'WF409', 'second_factor_not_asked', 'who has none takes none off');
select throws_ok($$ select api.recovery_codes(fixture.session('poster'), fixture.req(), pg_temp.body('000000'), pg_temp.key()) $$,
                 'WF409', 'second_factor_not_asked', 'nor has recovery codes');
select ok((select array_agg(kind order by seq) from auth.event where account = fixture.id('officer') and kind like 'second%')
          = '{second_factor_asked,second_factor_on,second_factor_off}', 'all of it is on record');
select finish();
rollback;
