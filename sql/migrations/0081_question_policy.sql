-- 0081 - a question is its unit's only for a person of it: the public context has no unit, whatever
-- was set before.
set role jb_owner;
drop policy see on core.question;
create policy see on core.question for select using (
  (select auth.context()) = 'system'
  or ((select auth.context()) = 'person' and ((select auth.is_bureau()) or (select auth.has('auditor'))
       or unit = (select auth.my_unit()) or workflow.owns(item)))
  or (answer is not null and (select auth.context()) is not null and workflow.sees(item)));
reset role;
