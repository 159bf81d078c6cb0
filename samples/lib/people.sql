-- people.sql - how a sample city makes its units, people and accounts. Everything is in pg_temp and
-- gone with the load. Ids are derived from names, so that a city loaded twice has the same ids.
--
-- The password of every sample account is the one that accounts.txt tells: these accounts exist in
-- sample cities alone, and its hash can stand here.
set local search_path = pg_temp, public;

create function pg_temp.id(p_name text) returns uuid language sql immutable as
$$ select md5('sample ' || p_name)::uuid $$;

-- A credit code that no register gave out: area 000000, a serial number, the right check character.
create function pg_temp.code(p_prefix text, p_serial int) returns text language sql as $$
  select v.c from (select p_prefix || '000000' || lpad(p_serial::text, 9, '0') || a as c
                     from regexp_split_to_table('0123456789ABCDEFGHJKLMNPQRTUWXY', '') a) v
   where ref.uscc_valid(v.c)
$$;

create sequence pg_temp.serial start 900001;

create function pg_temp.unit(p_name text, p_kind text, p_division text default null, p_recommender text default null,
                             p_intro text default null, p_state text default 'verified')
returns uuid language sql as $$
  insert into party.unit (id, code, name, kind, division, recommender, contact, intro, state, verified_at, sample, source, source_date)
  values (pg_temp.id(p_name),
          pg_temp.code(case p_kind when 'enterprise' then '91' when 'government' then '11' else '12' end, nextval('pg_temp.serial')::int),
          p_name, p_kind, p_division, (select id from party.recommender where code_local = p_recommender),
          jsonb_build_object('person', '示例联系人', 'phone', '0416-0000000', 'email', 'contact@example.org', 'address', '示例路 1 号', 'postcode', '121000'),
          p_intro, p_state, case when p_state = 'verified' then workflow.now() end, true, '示例数据', workflow.today())
  returning id
$$;

-- A county department or zone, with the unit whose people act for it.
create function pg_temp.recommender(p_code text, p_name text, p_kind text, p_division text) returns void language sql as $$
  insert into party.recommender (id, code_local, name, kind, division, unit)
  values (pg_temp.id('recommender ' || p_code), p_code, p_name, p_kind, p_division, pg_temp.unit(p_name, 'government', p_division))
$$;

create function pg_temp.person(p_login text, p_name text, p_unit text, p_roles text[], p_title text default null)
returns void language plpgsql as $$
begin
  insert into party.person (id, name, phone, email, title, sample)
  values (pg_temp.id('person ' || p_login), p_name, '13800000000', p_login || '@example.org', p_title, true);
  insert into auth.account (id, login, hash)
  values (pg_temp.id('person ' || p_login), p_login,
          '$argon2id$v=19$m=65536,t=3,p=1$45HoZYq2CAqq4LjrynKJ7w$sLeXCqP+hJQxt26Yk/6M6/3yVUqgEI6x98xEKwXxIEQ');
  insert into party.membership (id, person, unit, roles)
  values (pg_temp.id('membership ' || p_login), pg_temp.id('person ' || p_login), (select id from party.unit where name = p_unit), p_roles);
end;
$$;

-- A CSV file through the same import that the bureau uses; a fault in it ends the load.
create function pg_temp.import(p_kind text, p_text text) returns void language plpgsql as $$
declare
  v_doc jsonb := ops.import_csv(p_kind, p_text);
begin
  if v_doc ->> 'state' <> 'applied' then
    raise exception 'sample data of kind % has faults: %', p_kind, v_doc -> 'errors';
  end if;
  perform set_config('jb.context', '', true);
end;
$$;

create function pg_temp.settings() returns void language sql as $$
  insert into meta.setting (name, value) values
    ('sample', 'true'), ('totp_required', 'false'), ('bureau', '"示例市科学技术局"'),
    ('banner', '{"zh": "样例数据：人物、评审、金额和流程均为虚构，不代表任何真实单位", "en": "Sample data: people, reviews, sums and events are invented"}')
  on conflict (name) do update set value = excluded.value;
  update meta.clock set movable = true;
  -- what every invented text says of itself is no word to match by
  select set_config('jb.context', 'system', true);
  insert into lib.term (rule, term, note, source) values ('stop', '示例', '样例数据的标记', 'sample') on conflict do nothing;
  update feed.state set terms = terms + 1;
  select set_config('jb.context', '', true);
$$;
