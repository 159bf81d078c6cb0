/* forms.h - every form by name. The arrays stand in forms/<area>.c; a name is form_<what>. */
#ifndef JB_FORMS_H
#define JB_FORMS_H

#include "form.h"

/* forms/common.c */
extern const struct field form_event[]; /* POST .../events: event, reason, checks */
extern const struct field form_page[];  /* GET lists: page, size, sort, q */
extern const struct field form_empty[]; /* a POST without content */

/* forms/session.c */
extern const struct field form_sign_in[];        /* POST /session: login, password, code */
extern const struct field form_reauth[];         /* POST /session/reauth: password, code */
extern const struct field form_password[];       /* POST /account/password */
extern const struct field form_register[];       /* POST /accounts */
extern const struct field form_first_admin[];    /* POST /first-admin */
extern const struct field form_password_reset[]; /* POST /password-reset */

/* forms/account.c */
extern const struct field form_membership_choice[];
extern const struct field form_second_factor[];
extern const struct field form_token[];
extern const struct field form_profile[];
extern const struct field form_notifications[];
extern const struct field form_user[];
extern const struct field form_users_query[];
extern const struct field form_reason[];
extern const struct field form_reset[];
extern const struct field form_role_ask[];
extern const struct field form_role_decision[];
extern const struct field form_role_query[];
extern const struct field form_events_query[];

/* forms/party.c */
extern const struct field form_unit[];
extern const struct field form_units_query[];
extern const struct field form_unit_decision[];
extern const struct field form_aliases[];
extern const struct field form_recommender_choice[];
extern const struct field form_recommender[];
extern const struct field form_invitation[];
extern const struct field form_answer[];
extern const struct field form_member_roles[];
extern const struct field form_relation[];
extern const struct field form_credit[];
extern const struct field form_credits_query[];
extern const struct field form_note[];

/* forms/library.c */
extern const struct field form_expert[];
extern const struct field form_achievement[];
extern const struct field form_patent[];
extern const struct field form_earlier_need[];
extern const struct field form_record_state[];
extern const struct field form_expert_link[];
extern const struct field form_library_search[];
extern const struct field form_similar[];
extern const struct field form_record_list[];
extern const struct field form_import_list[];
extern const struct field form_import_apply[];
extern const struct field form_codes[];
extern const struct field form_code_list[];
extern const struct field form_calendar[];
extern const struct field form_term[];
extern const struct field form_term_edit[];
extern const struct field form_term_list[];

/* forms/match.c */
extern const struct field form_match[];      /* GET .../experts and the like: filters, page, size */
extern const struct field form_match_text[]; /* POST /match */
extern const struct field form_alike[];      /* GET .../duplicates */
extern const struct field form_groups[];     /* GET /batches/{id}/groups */
extern const struct field form_search[];     /* GET /search */
extern const struct field form_team[];       /* GET .../team-proposals */
extern const struct field form_match_report[];

/* forms/programme.c */
extern const struct field form_programme[];
extern const struct field form_programmes_query[];
extern const struct field form_batch[];
extern const struct field form_prolongation[];
extern const struct field form_batches_query[];
extern const struct field form_need[];
extern const struct field form_need_new[];
extern const struct field form_wording[];
extern const struct field form_merge[];
extern const struct field form_recommendation[];
extern const struct field form_candidates_query[];
extern const struct field form_panel[];
extern const struct field form_panel_members[];
extern const struct field form_panel_answer[];
extern const struct field form_recusal[];
extern const struct field form_score[];
extern const struct field form_sheet_draft[];
extern const struct field form_conclusion[];
extern const struct field form_list[];

/* forms/item.c */
extern const struct field form_items_query[];
extern const struct field form_items_csv_query[];
extern const struct field form_state_query[];
extern const struct field form_board_query[];
extern const struct field form_audit_query[];
extern const struct field form_outcome_query[];
extern const struct field form_outcome_csv_query[];
extern const struct field form_inbox_query[];
extern const struct field form_inbox_read[];
extern const struct field form_statement[];
extern const struct field form_contact[];
extern const struct field form_extension[];
extern const struct field form_reissue[];
extern const struct field form_claim[];
extern const struct field form_signoff[];
extern const struct field form_choice[];
extern const struct field form_application[];
extern const struct field form_filing[];
extern const struct field form_approval[];
extern const struct field form_notice[];
extern const struct field form_batch_notice[];
extern const struct field form_question[];
extern const struct field form_question_answer[];
extern const struct field form_objection[];
extern const struct field form_letter[];
extern const struct field form_objection_answer[];
extern const struct field form_contract[];
extern const struct field form_contract_new[];
extern const struct field form_signature[];
extern const struct field form_start[];

#endif
