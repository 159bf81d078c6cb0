-- Acts that somebody may do at any time and nobody waits for: they stand on the page of the case, not
-- on the desk.
update workflow.event set optional = event in (
  'withdraw', 'self_solve', 'extend', 'prolong', 'stop_secret', 'nurture', 'cancel', 'drop', 'dissolve', 'thaw', 'sign_fail', 'revise',
  'intend', 'merge', 'decline', 'fail_review', 'repool');
