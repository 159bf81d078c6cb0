-- What is told of units, their people and roles: events that concern no item.

-- The sentence of an entry that no event of a machine names; empty for those.
create or replace function job.label_of(p_kind text) returns jsonb
language sql immutable security definer set search_path = '' as $$
  select coalesce((select jsonb_build_object('label', jsonb_build_object('zh', l.zh, 'en', l.en)) from (values
    ('partnership', '邀请参加联合体', 'asked to be a partner'),
    ('contact', '有新的对接记录', 'a contact was logged'),
    ('question', '有新的提问', 'a question was asked'),
    ('answer', '提问已答复', 'a question was answered'),
    ('objection', '收到异议', 'an objection was made'),
    ('unit_pending', '单位待核验', 'a unit awaits verification'),
    ('unit_verified', '单位已通过核验', 'the unit has been verified'),
    ('unit_rejected', '单位未通过核验', 'the unit has not been verified'),
    ('unit_suspended', '单位已暂停使用', 'the unit has been suspended'),
    ('member_invited', '邀请您加入单位', 'you are invited to join a unit'),
    ('member_asked', '有人申请加入单位', 'somebody asks to join the unit'),
    ('member_accepted', '已同意加入单位', 'the membership was accepted'),
    ('member_declined', '未同意加入单位', 'the membership was declined'),
    ('role_asked', '有角色变更待审批', 'a change of roles awaits a decision'),
    ('role_granted', '角色变更已批准', 'the change of roles was granted'),
    ('role_refused', '角色变更未批准', 'the change of roles was refused')) l (kind, zh, en)
   where l.kind = p_kind), '{}')
$$;

-- Whom it concerns. payload: unit; person: the one it is about; to: 'person' or 'unit', who waits for
-- the answer to a membership.
create or replace function job.parties_told(p_kind text, p_payload jsonb) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select case
    when p_kind = 'unit_pending' then
      job.people_with('officer') || array(
        select m.person from party.unit u join party.recommender r on r.id = u.recommender
          join party.membership m on m.unit = r.unit and m.state = 'active' and 'county' = any (m.roles)
         where u.id = (p_payload ->> 'unit')::uuid)
    when p_kind like 'unit\_%' then job.signatories((p_payload ->> 'unit')::uuid)
    when p_kind = 'member_asked' then
      -- the bureau answers for a unit without a signatory
      coalesce(nullif(job.signatories((p_payload ->> 'unit')::uuid), '{}'), job.people_with('officer'))
    when p_payload ->> 'to' = 'unit' then job.signatories((p_payload ->> 'unit')::uuid)
    when p_kind = 'role_asked' then job.people_with('secadmin')
    else array_remove(array[(p_payload ->> 'person')::uuid], null) end
$$;

create or replace function job.people_with(p_role text) returns uuid[]
language sql stable security definer set search_path = '' as
$$ select array(select m.person from party.membership m where m.state = 'active' and p_role = any (m.roles)) $$;

create or replace function job.signatories(p_unit uuid) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select array(select m.person from party.membership m
                where m.unit = p_unit and m.state = 'active' and 'signatory' = any (m.roles))
$$;

-- The title of such an entry is the unit's name.
create or replace function job.parties_params(p_payload jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'title', (select u.name from party.unit u where u.id = (p_payload ->> 'unit')::uuid),
    'person_name', (select p.name from party.person p where p.id = (p_payload ->> 'person')::uuid)))
$$;
