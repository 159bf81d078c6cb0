-- Questions on a challenge: who asks, who answers, who reads what, and until when.
begin;
\ir fixtures/people.sql
\ir fixtures/challenge.sql
select no_plan();
select fixture.city();
select fixture.challenge('item');
select fixture.challenge('masked', 'jinzhou', '{}', 'masked');
create function pg_temp.ask(p_login text, p_text text, p_item text default 'item') returns api.answer language sql as
$$ select api.item_ask(fixture.session(p_login), fixture.req(), fixture.is(p_item), jsonb_build_object('text', p_text)) $$;
create function pg_temp.answer(p_login text, p_name text, p_text text) returns api.answer language sql as
$$ select api.question_answer(fixture.session(p_login), fixture.req(), fixture.is(p_name), jsonb_build_object('answer', p_text)) $$;
create function pg_temp.public(p_item text default 'item') returns jsonb language sql as
$$ select body::jsonb from api.item_questions(fixture.is(p_item)) $$;
create function pg_temp.work(p_login text) returns jsonb language sql as
$$ select body::jsonb from api.item_questions_work(fixture.session(p_login), fixture.req(), fixture.is('item')) $$;
create function pg_temp.asked(p_name text, p_answer api.answer) returns void language sql as
$$ select fixture.name(p_name, (p_answer.body ->> 'id')::uuid) $$;

select is((pg_temp.public() ->> 'until')::timestamptz, '2026-09-08 17:00+08'::timestamptz, 'asking ends seven days before the claims do');
select is((pg_temp.public() ->> 'open')::boolean, true, 'until then it is open');

-- asking
select pg_temp.asked('q1', pg_temp.ask('team', '铪含量是否考核？'));
select pg_temp.asked('q2', pg_temp.ask('team2', '测试样品由谁取？'));
select is(pg_temp.work('poster') #>> '{items,1,no}', '2', 'questions are numbered in the order they came');
select is((select count(*)::int from api.desk(fixture.session('poster'), fixture.req()) d, jsonb_array_elements(d.body::jsonb -> 'also') l
            where l ->> 'code' = 'question'), 2, 'and wait on the poster''s desk');
select is((pg_temp.ask('team_staff', '是否提供原料？')).status, 201::int, 'any member of a verified unit asks');
select is(fixture.refusal($$select pg_temp.ask('poster', '自问自答可以吗')$$), '409 own_question', 'the poster does not ask itself');
update party.unit set state = 'pending' where name = 'team3单位';
select is(fixture.refusal($$select pg_temp.ask('team3', '未核验可以问吗')$$), '403 unit_not_verified', 'a unit that is not verified does not ask');
select is(fixture.refusal($$select api.item_ask(fixture.session('team'), fixture.req(), (select need from core.list_item where id = fixture.is('item')), '{"text": "问一个需求"}')$$),
  '404 not_found', 'a need is not asked about');
select count(*) from generate_series(1, 3) n, pg_temp.ask('team', '第' || n || '个还没有答复的问题') a where a.status = 201;
select is(fixture.refusal($$select pg_temp.ask('team', '第六个问题还能问吗')$$), '409 questions_waiting', 'five of a unit wait at most');

-- who reads what
select is(pg_temp.public() -> 'items', '[]', 'what has no answer is not public');
select is(jsonb_array_length(pg_temp.work('team2') -> 'items'), 1, 'a team sees its own');
select is(jsonb_array_length(pg_temp.work('poster') -> 'items'), 6, 'the poster sees all');
select is((pg_temp.work('poster') ->> 'may_answer')::boolean, true, 'and may answer');
select is(pg_temp.work('poster')::text ~ 'team2?单位', false, 'but not who asked');
select is(pg_temp.work('officer')::text ~ 'team2单位', true, 'which the bureau does');
select is((pg_temp.work('team') ->> 'may_answer')::boolean, false, 'a team does not answer');
select is(fixture.refusal($$select api.question(fixture.session('team2'), fixture.req(), fixture.is('q1'))$$), '404 not_found', 'a rival does not see what waits');
create function pg_temp.rows_in(p_context text) returns bigint language plpgsql as $$
declare
  v_n bigint;
begin
  perform set_config('jb.context', p_context, true);
  set local role jb_api;
  select count(*) into v_n from core.question;
  reset role;
  perform set_config('jb.context', '', true);
  return v_n;
end;
$$;
select is(pg_temp.rows_in('public'), 0::bigint, 'nor does the public, whatever asks the table');
select is(pg_temp.rows_in(''), 0::bigint, 'nor anybody without a context');

-- answering
select is(fixture.refusal($$select pg_temp.answer('team2', 'q2', '我自己答')$$), '403 not_a_party', 'who asked does not answer');
select is((pg_temp.answer('poster', 'q1', '不作考核。')).body ->> 'by', 'poster', 'the poster answers');
select is((pg_temp.answer('officer', 'q2', '三方共同取样。')).body ->> 'by', 'bureau', 'or the bureau');
select is(fixture.refusal($$select pg_temp.answer('poster', 'q1', '改口')$$), '409 question_answered', 'once');
select is(pg_temp.public() ->> 'total', '2', 'what is answered is public');
select is(pg_temp.rows_in('public'), 2::bigint, 'in the table too');
select is(pg_temp.rows_in(''), 0::bigint, 'though not without a context');
select is(pg_temp.public() #>> '{items,0,answer}', '不作考核。', 'with its answer');
select is(pg_temp.public()::text ~ '单位', false, 'and nobody''s name');
select is((api.question(fixture.session('team2'), fixture.req(), fixture.is('q1'))).body ->> 'answer', '不作考核。', 'rivals read it too');
select is((pg_temp.ask('team', '答复之后还可以再问')).status, 201::int, 'an answer makes room for another question');

-- who is told
create function pg_temp.told(p_login text) returns text language plpgsql as $$
begin
  perform job.deliver_inbox(o.id) from workflow.outbox o where o.item is not null order by o.id;
  return (select coalesce(string_agg(n.kind, ' ' order by n.id), '') from workflow.inbox n where n.person = fixture.id(p_login));
end;
$$;
select ok(pg_temp.told('poster') ~ 'question', 'the poster hears of a question');
select ok(pg_temp.told('team') ~ 'answer', 'who asked hears of the answer');
select ok(pg_temp.told('team') !~ 'question', 'not of what others ask');
select ok(pg_temp.told('stranger') = '', 'who has no part hears nothing');

-- a poster that is not named stays so
select pg_temp.asked('m1', pg_temp.ask('team', 'poster单位现有产线能否试验？', 'masked'));
select pg_temp.answer('poster', 'm1', 'poster单位的产线可以试验。');
select is(pg_temp.public('masked') #>> '{items,0,text}', '该企业现有产线能否试验？', 'a question does not name it');
select is(pg_temp.public('masked') #>> '{items,0,answer}', '该企业的产线可以试验。', 'nor does the answer');

-- the end
select fixture.at('2026-09-08 17:00+08');
select is((pg_temp.public() ->> 'open')::boolean, false, 'asking is over on the minute');
select is(fixture.refusal($$select pg_temp.ask('team2', '还来得及吗')$$), '409 questions_closed', 'and refused');
select fixture.name('waits', (select id from core.question where item = fixture.is('item') and answer is null order by no limit 1));
select is((pg_temp.answer('poster', 'waits', '来得及答复。')).status, 200::int, 'what waits is still answered');
select fixture.at('2026-09-15 17:00+08');
select fixture.name('last', (select id from core.question where item = fixture.is('item') and answer is null order by no limit 1));
select is(fixture.refusal($$select pg_temp.answer('poster', 'last', '太晚了')$$), '409 not_open', 'until the claims close');
update workflow.item set public = false where id = fixture.is('masked');
select is(fixture.refusal($$select pg_temp.public('masked')$$), '404 not_found', 'questions on what is not public are not there');
select * from finish();
rollback;
