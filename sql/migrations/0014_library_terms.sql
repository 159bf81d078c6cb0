-- 0014 - the filters of a library search are terms beside the words ('=field/material'), so that one
-- text index answers words and filters together: it skips where bitmaps of two indexes would be
-- made whole and intersected.
set role jb_owner;
drop index lib.search_division, lib.search_trl, lib.search_level, lib.search_fields;
reset role;
