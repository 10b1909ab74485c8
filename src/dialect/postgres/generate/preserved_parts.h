#pragma once

// The parts of preserved_query.cpp for triggers, with their copies in partitions, and for the indexes of partitions.

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

// The server may name the index of a partition differently when it recreates it with that of the table.
inline constexpr const char* indexes_of_partitions = R"sql(
  SELECT format('SELECT quote_ident(p.relname) FROM pg_partition_tree(to_regclass(%L)) t JOIN pg_index x ON '
                'x.indexrelid = t.relid JOIN pg_class p ON p.oid = t.relid WHERE x.indrelid = to_regclass(%L)', i.target,
                x.indrelid::regclass) AS search,
         format('ALTER INDEX %I.', m.nspname) AS alter_index, m.nspname, x.indrelid, x.indisclustered,
         whole.reltablespace AS whole_tablespace, whole.reloptions AS whole_options, p.*
  FROM item_part i
  JOIN pg_namespace n ON n.nspname = coalesce(nullif(i.schema, ''), current_schema())
  JOIN pg_class whole ON i.kind = 'INDEX' AND whole.relnamespace = n.oid AND whole.relname = i.part
    AND whole.relkind = 'I'
  CROSS JOIN LATERAL pg_partition_tree(whole.oid) t
  JOIN pg_class p ON t.level > 0 AND p.oid = t.relid
  JOIN pg_namespace m ON m.oid = p.relnamespace
  JOIN pg_index x ON x.indexrelid = p.oid
)sql";

inline constexpr const char* of_indexes_of_partitions = R"sql(
  SELECT 7, format('EXISTS (%s%s)', x.search, s.further),
         format('DO %L', format('BEGIN EXECUTE %L || (%s) || %L; END', s.before, x.search, s.after))
  FROM partition_index x
  CROSS JOIN LATERAL (
    SELECT '' AS further, format('COMMENT ON INDEX %I.', x.nspname) AS before, format(' IS %L', d.description) AS after
    FROM pg_description d WHERE d.classoid = 'pg_class'::regclass AND d.objoid = x.oid AND d.objsubid = 0
    UNION ALL
    SELECT '', format('ALTER TABLE ONLY %s CLUSTER ON ', x.indrelid::regclass), '' WHERE x.indisclustered
    UNION ALL
    SELECT format(' AND x.indkey[%s] = 0', a.attnum - 1), x.alter_index,
           format(' ALTER COLUMN %s SET STATISTICS %s', a.attnum, a.attstattarget)
    FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0
    UNION ALL
    SELECT format(' AND p.relam = %s', x.relam) ||
             CASE WHEN x.reloptions IS NOT DISTINCT FROM x.whole_options THEN ' AND p.reloptions IS NULL' ELSE '' END,
           x.alter_index, format(' SET (%s)', array_to_string(x.reloptions, ', '))
    WHERE x.relkind = 'i' AND x.reloptions IS NOT NULL
    UNION ALL
    SELECT format(' AND p.relam = %s', x.relam), x.alter_index, format(' RESET (%s)', string_agg(w.name, ', '))
    FROM (SELECT split_part(unnest(x.whole_options), '=', 1) EXCEPT
          SELECT split_part(unnest(x.reloptions), '=', 1)) w(name)
    WHERE x.relkind = 'i' HAVING count(*) > 0
    UNION ALL
    SELECT '', x.alter_index, format(' SET TABLESPACE %I', t.spcname)
    FROM pg_tablespace t WHERE t.oid = x.reltablespace AND t.oid <> x.whole_tablespace
    UNION ALL
    SELECT '', x.alter_index, format(' DEPENDS ON EXTENSION %I', e.extname)
    FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = x.oid AND d.deptype = 'x') s
)sql";

}  // namespace whimbrel::dialect::postgres
