-- Check characters of credit codes and patent numbers; the examples are published ones.
begin;
select no_plan();

select ok(ref.uscc_valid('91110000600037341L'), 'an enterprise whose code ends in a letter is valid');
select ok(ref.uscc_valid('91310115MA1K3BTP2B'), 'a code with letters within is valid');
select ok(ref.uscc_valid('121200004013590816'), 'a public institution whose code ends in a digit is valid');
select ok(not ref.uscc_valid('91110000600037341N'), 'a wrong check character is refused');
select ok(not ref.uscc_valid('9111000060003734IL'), 'a letter that never appears is refused');
select ok(not ref.uscc_valid('911100006000373'), 'a code that is too short is refused');

select is(ref.patent_number('CN201410234381.X'), 'CN201410234381.X', 'a right application number stays');
select is(ref.patent_number('2014 1023 4381x'), 'CN201410234381.X', 'blanks, small letters and a missing point are put right');
select is(ref.patent_number('ＺＬ201410234381.X'), 'ZL201410234381.X', 'full-width letters are read');
select is(ref.patent_number('CN201410234381.1'), null, 'a wrong check digit is no number');
select is(ref.patent_number('CN201450234381.X'), null, 'a kind that does not exist is no number');

select * from finish();
rollback;
