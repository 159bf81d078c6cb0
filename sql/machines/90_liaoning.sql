-- liaoning (先签约): DOMAIN 0.3, 3.3: the sides sign first, the poster applies, experts review, then
-- notice, approval and the task contract.
--   matching → chosen → agreed → applied → reviewed → noticing → noticed → filed → approved → signed
--   → started; applied → matching (评审未通过); filed → matching (不予核准)
-- Everything else is the parent's.
select workflow.load_edges('liaoning', 'list_item', array[
  ['open interested', 'intend',   'interested',  'system',  '', ''],
  ['open interested', 'claims_close', 'sealed',  'system',  'has_claims is_sealed', 'batch_claims_close'],
  ['open interested', 'claims_close', 'matching', 'system', 'has_claims not_sealed', 'claims_opened batch_claims_close'],
  ['open interested', 'claims_close', 'unclaimed', 'system', 'no_claims', 'batch_claims_close'],
  ['sealed',      'unseal',       'matching',    'officer leader', 'two_openers', 'claims_opened'],
  ['open unclaimed', 'extend',    'open',        'officer', 'has_reason', 'item_extended'],
  ['interested',  'extend',       'interested',  'officer', 'has_reason', 'item_extended'],
  ['unclaimed matching', 'reissue', 'open',      'leader',  'has_reason no_claims_left', 'item_reissued'],
  ['open interested sealed unclaimed matching chosen agreed applied reviewed', 'withdraw', 'withdrawn', 'leader', 'has_reason', 'item_ended batch_claims_close'],
  ['open interested sealed unclaimed matching', 'self_solve', 'self_solved', 'poster', 'has_reason signatory lead_poster', 'item_ended batch_claims_close'],
  ['matching',    'choose',       'chosen',      'poster',  'signatory lead_poster choice_ready parties_credit', 'choice_made'],
  ['chosen',      'agree',        'agreed',      'system',  'agreements_signed', ''],
  ['chosen',      'sign_fail',    'matching',    'officer', 'has_reason', 'signing_failed'],
  ['agreed',      'apply',        'applied',     'poster',  'signatory lead_poster parties_credit application_fits', 'application_made'],
  ['applied',     'pass_review',  'reviewed',    'officer', 'review_advised', ''],
  ['applied',     'fail_review',  'matching',    'officer', 'has_reason review_against', 'review_failed'],
  ['reviewed',    'notice',       'noticing',    'officer', 'parties_credit', ''],
  ['agreed reviewed', 'sign_fail', 'matching',   'officer', 'has_reason party_barred', 'signing_failed'],
  ['noticing disputed noticed', 'dispute', 'disputed', 'system', '', 'notice_paused'],
  ['disputed',    'resume',       'noticing',    'system',  'no_open_objection', 'notice_resumed'],
  ['noticing disputed', 'overturn', 'matching',  'system',  'no_winner_remains', 'award_overturned'],
  ['disputed',    'overturn',     'disputed',    'system',  'winners_remain', 'award_overturned'],
  ['noticing',    'overturn',     'noticing',    'system',  'winners_remain', 'award_overturned'],
  ['noticing',    'notice_end',   'noticed',     'system',  'no_open_objection', ''],
  ['noticed',     'file',         'filed',       'officer', 'no_open_objection', 'approval_filed'],
  ['filed',       'approve',      'approved',    'city',    'approval_document approver_is_other', 'approval_given claims_won'],
  ['filed',       'refuse',       'matching',    'city',    'approval_document has_reason approver_is_other', 'approval_refused'],
  ['approved',    'sign',         'signed',      'system',  'contracts_signed no_open_objection', 'contracts_made'],
  ['approved',    'sign_fail',    'matching',    'officer', 'has_reason none_signed', 'signing_failed'],
  ['approved',    'sign_fail',    'approved',    'officer', 'has_reason some_signed', 'signing_failed'],
  ['signed',      'start',        'started',     'system',  'projects_started', '']]);
