-- What holds for every sample city: it is marked as one, and what happens in it happens to invented
-- units and people only.
select is((select value from meta.setting where name = 'sample'), 'true', 'the city says that it is a sample');
select ok((select value ? 'zh' and value ? 'en' from meta.setting where name = 'banner'), 'a banner tells it in both languages');
select ok((select movable from meta.clock), 'its clock may be moved');
select is((select count(*) from party.unit where not ref.uscc_valid(code)), 0::bigint, 'every credit code has its check character');
select is((select count(*) from party.unit where substr(code, 3, 6) <> '000000'), 0::bigint, 'and a registration code that nobody has');
select is((select count(*) from party.unit where not sample), 0::bigint, 'every unit is marked as sample data');
select is((select count(*) from party.membership m join party.unit u on u.id = m.unit where u.name not like '示例%'), 0::bigint,
          'nobody acts for a unit that a paper names');
select is((select count(*) from party.unit where name not like '示例%' and source in ('self', 'import', '')), 0::bigint,
          'every such unit cites its paper');
select is((select count(*) from party.person where not sample), 0::bigint, 'every person is invented');
select is((select count(*) from lib.record where source in ('self', 'import', '')), 0::bigint, 'every record of the libraries cites its source');
select is((select count(*) from lib.record r left join lib.search s on s.record = r.id where s.record is null), 0::bigint, 'every record can be found');
select is((select count(*) from lib.record where kind = 'expert' and person is null), 0::bigint, 'every expert has an account');
select cmp_ok((select count(*) from party.recommender where kind = 'zone' and division is null), '>=', 1::bigint, 'a zone without a division code recommends');
select is((select core.check_rules(rules) from core.programme), '[]', 'the rules of its programme are right');
select is((select array_agg(distinct r) from party.membership m, unnest(m.roles) r),
          '{auditor,broker,city,county,expert,leader,member,officer,secadmin,signatory,sysadmin}', 'there is somebody for every role');
