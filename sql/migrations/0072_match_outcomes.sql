-- 0072 - the report on the match engine reads the outcomes of a period.
set role jb_owner;
create index choice_at on core.choice (at);
create index contract_party_signed on core.contract_party (signed_at) where signed_at is not null;
reset role;
