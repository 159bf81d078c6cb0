-- 0060 - what the lists need where a city has a million needs and claims (bench/plans): a county's list
-- by state and its desk by deadline, an account by a part of its name, what somebody has not read.
set role jb_owner;
create index item_recommender_state on workflow.item (recommender, machine, state, created_at desc, id) where recommender is not null;
create index item_recommender_due on workflow.item (recommender, machine, state, due) where recommender is not null;
create index account_login_trgm on auth.account using gin (login public.gin_trgm_ops);
create index person_name_trgm on party.person using gin (name public.gin_trgm_ops);
create index inbox_unread on workflow.inbox (person, id desc) where read_at is null;
create index role_grant_asked on auth.role_grant (asked_at desc, id);
create index credit_created on party.credit (created_at desc, id);
create index recommendation_at on core.recommendation (at desc, id);
create index recommendation_recommender_at on core.recommendation (recommender, at desc, id);
reset role;
