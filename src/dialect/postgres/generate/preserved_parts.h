#pragma once

// The parts of preserved_query.cpp for triggers, with their copies in partitions.

namespace whimbrel::dialect::postgres {

// A trigger has copies in partitions, and in theirs.
inline constexpr const char* triggers_of_tables = R"sql(
  SELECT whole.tgenabled AS enabled_first, t.*
  FROM item_part i
  JOIN pg_namespace n ON n.nspname = coalesce(nullif(i.schema, ''), current_schema())
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = i.name
  JOIN pg_trigger whole ON i.kind = 'TRIGGER' AND whole.tgrelid = c.oid AND whole.tgname = i.part
  CROSS JOIN LATERAL (
    WITH RECURSIVE copy(number) AS (
      SELECT whole.oid
      UNION ALL
      SELECT d.objid FROM copy JOIN pg_depend d ON d.refclassid = 'pg_trigger'::regclass AND d.refobjid = copy.number
        AND d.classid = d.refclassid)
    SELECT number FROM copy) found
  JOIN pg_trigger t ON t.oid = found.number
)sql";

inline constexpr const char* triggers_of_views = R"sql(
  SELECT t.tgenabled AS enabled_first, t.*
  FROM found f JOIN pg_trigger t ON f.kind = 'TABLE' AND t.tgrelid = f.oid AND NOT t.tgisinternal
)sql";

inline constexpr const char* triggers_to_restore = R"sql(
  SELECT *, format('EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(%L) AND tgname = %L)', tgrelid::regclass,
                   tgname) AS is_there
  FROM found_trigger
)sql";

// The copies are enabled as the trigger itself is when it is created.
inline constexpr const char* of_triggers = R"sql(
  SELECT 7, is_there,
         format('ALTER TABLE ONLY %s %s TRIGGER %I', tgrelid::regclass,
                CASE tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS'
                               ELSE 'ENABLE' END, tgname)
  FROM old_trigger WHERE tgenabled <> enabled_first
  UNION ALL
  SELECT 6, is_there, format('ALTER TRIGGER %I ON %s DEPENDS ON EXTENSION %I', tgname, tgrelid::regclass, e.extname)
  FROM old_trigger t JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = t.oid AND d.deptype = 'x'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
)sql";

}  // namespace whimbrel::dialect::postgres
