"""The columns that tell nothing of any person, table by table: what is neither here nor declared as held is a fault."""

from __future__ import annotations

from collections.abc import Mapping

NOT_PERSONAL: Mapping[str, str] = {
    "agencies": "id code name sort_key kind parent_id headcount",
    "appeal_answers": "id contest_id number version week_id about bank question_id outcome public_text answer reason",
    "audit_checks": "id at count link fault number",
    "audit_entries": "salt facts_hash link erased",
    "audit_head": "id count link",
    "banks": "digest source loaded_at printed sealed sealed_at opened_at",
    "batches": "week_id number sealed_at audit_count audit_head seals head is_final told_at",
    "commitment_requests": "week_id",
    "commitments": "id week_id number made_at digest basis body rules",
    "confirmations": "week_id agency_id listed declared exempt",
    "contest_banks": "contest_id name digest",
    "contests": "id slug rules rules_digest loaded_at passphrase_hash",
    "headcounts": "week_id agency_id headcount",
    "heartbeats": "name at",
    "incidents": (
        "week_id kind began_at ended_at extended_to agencies division sit_again attempts set_aside id decision_number "
        "reason"
    ),
    "installation": "id kind since",
    "item_analyses": "week_id division marked_at made_at figures done total stopped_at",
    "key_openings": "week_id id decision_number reason",
    "lot_values": "week_id value ties id decision_number reason",
    "letter_fields": "contest_id",
    "office_templates": "id kind filename content digest",
    "publication_files": "publication_id kind digest made_at",
    "publications": "id week_id number reason digest",
    "question_counts": "week_id bank question_id dealt right",
    "question_drafts": "id contest_id bank question_id kind body base_digest state version",
    "question_history": "id draft_id body",
    "question_imports": "id contest_id bank filename content state report choices found refused taken finished_at",
    "reminders": "id agency_id day week_id text people",
    "rulings": "week_id bank question_id kind letters computed_from done total stopped_at id decision_number reason",
    "signals": "done total stopped_at",
    "tallies": "week_id division people people_all_right attempts",
    "troubles": "hour kind count",
    "verifiers": "digest content",
    "week_banks": "week_id name digest",
    "week_counts": "week_id counted_at acts body",
    "weeks": (
        "id contest_id number opens_at closes_at draw_seed lot_seed extended_to frozen_at marked_at record_secret "
        "sealed_question_secret question_secret commitment lot_value"
    ),
}
