-- The sample city of the order in which the parties sign first.
begin;
select no_plan();
\ir ../lib/sample_city.sql
select is((select preset from core.programme), 'liaoning', 'its programme has that order');
select is((select targets -> 0 ->> 'value' from core.programme), '50', 'fifty projects by 2025');
select * from finish();
rollback;
