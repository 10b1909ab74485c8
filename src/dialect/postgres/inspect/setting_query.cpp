#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/inspect/queries.h"

namespace whimbrel::dialect::postgres {

namespace {

/// The letter of pg_attribute.attstorage as SET STORAGE names it.
std::string storage_mode(const std::string& letter) {
  return "CASE " + letter + " WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END";
}

/// Children have their own, so no statement is for them, too.
std::string of_columns(const OidFilter& filter, const VersionText& version) {
  return R"sql(
SELECT w.kind || ' of column', 'pg_class', c.oid, a.attnum::int, CASE c.relkind WHEN 'm' THEN '' ELSE 'column' END,
       a.attname::text, 'pg_class'::regclass::oid, c.oid, a.attnum::int, s.schema,
       quote_ident(c.relname) || '.' || quote_ident(a.attname),
       'ALTER TABLE ONLY ' || s.prefix || quote_ident(c.relname) || ' ALTER COLUMN ' || quote_ident(a.attname),
       w.text, w.usual
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm')
JOIN scope s ON s.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
CROSS JOIN LATERAL (
  SELECT 'storage', 'SET STORAGE ' || )sql" +
         storage_mode("a.attstorage") + ", 'SET STORAGE ' || " + storage_mode("t.typstorage") + R"sql(
  WHERE a.attstorage <> t.typstorage
  UNION ALL
  SELECT 'compression', 'SET COMPRESSION ' || CASE )sql" +
         version.compression + R"sql( WHEN 'l' THEN 'lz4' ELSE 'pglz' END, 'SET COMPRESSION DEFAULT'
  WHERE )sql" +
         version.compression + R"sql( <> ''
  UNION ALL
  SELECT 'statistics target', 'SET STATISTICS ' || a.attstattarget, 'SET STATISTICS -1'
  WHERE a.attstattarget >= 0
  UNION ALL
  SELECT split_part(o, '=', 1), 'SET (' || o || ')', 'RESET (' || split_part(o, '=', 1) || ')'
  FROM unnest(a.attoptions) o) AS w(kind, text, usual)
WHERE a.attnum > 0 AND NOT a.attisdropped
  AND (a.attstorage <> t.typstorage OR )sql" +
         version.compression + " <> '' OR a.attstattarget >= 0 OR a.attoptions IS NOT NULL)" +
         not_hidden("table", "c.oid") + filter.has("pg_class", "c.oid");
}

/// The definitions of other indexes than those of keys contain their storage parameters.
std::string settings_of_indexes(const OidFilter& filter) {
  return R"sql(
SELECT w.kind, 'pg_class', c.oid, 0, 'index', i.relname::text, 'pg_class'::regclass::oid, w.number, w.place, s.schema,
       w.name, w.target, w.text, w.usual
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid AND NOT i.relispartition
JOIN pg_class c ON c.oid = x.indrelid AND c.relkind IN ('r', 'p', 'm')
JOIN scope s ON s.oid = c.relnamespace
LEFT JOIN pg_constraint k ON k.conindid = x.indexrelid AND k.conrelid = x.indrelid AND k.contype IN ('p', 'u')
CROSS JOIN LATERAL (
  SELECT 'clustering of table', c.oid, 0, quote_ident(c.relname), 'ALTER TABLE ' || s.prefix || quote_ident(c.relname),
         'CLUSTER ON ' || quote_ident(i.relname), 'SET WITHOUT CLUSTER'
  WHERE x.indisclustered
  UNION ALL
  SELECT 'statistics target of index', i.oid, a.attnum::int, quote_ident(i.relname) || ' ' || a.attnum,
         'ALTER INDEX ' || s.prefix || quote_ident(i.relname) || ' ALTER COLUMN ' || a.attnum,
         'SET STATISTICS ' || a.attstattarget, 'SET STATISTICS -1'
  FROM pg_attribute a WHERE a.attrelid = i.oid AND a.attstattarget >= 0
  UNION ALL
  SELECT split_part(o, '=', 1) || ' of index', i.oid, 0, quote_ident(i.relname),
         'ALTER INDEX ' || s.prefix || quote_ident(i.relname), 'SET (' || o || ')',
         'RESET (' || split_part(o, '=', 1) || ')'
  FROM unnest(i.reloptions) o WHERE k.oid IS NOT NULL AND i.relkind = 'i'
  ) AS w(kind, number, place, name, target, text, usual)
WHERE true)sql" +
         not_hidden("table", "c.oid") + filter.has("pg_class", "c.oid");
}

/// Returns the query for a property of columns that a child does not define but only inherits. It is set when the
/// column is created; of columns that stay, it is compared as a part of the column.
std::string of_inherited_columns(const OidFilter& filter, const std::string& kind, const std::string& target,
                                 const std::string& change, const std::string& undo, const std::string& condition) {
  return "\nSELECT '" + kind + R"sql(', 'pg_class', c.oid, a.attnum::int, 'column', a.attname::text,
       'pg_class'::regclass::oid, c.oid, a.attnum::int, s.schema, quote_ident(c.relname) || '.' || quote_ident(a.attname),
       ')sql" +
         target + R"sql( ' || s.prefix || quote_ident(c.relname) || ' ALTER COLUMN ' || quote_ident(a.attname),
       )sql" +
         change + ", " + undo + R"sql(
FROM pg_class c
JOIN scope s ON s.oid = c.relnamespace
CROSS JOIN LATERAL (
  WITH RECURSIVE ancestor(number) AS (
    SELECT inhparent FROM pg_inherits WHERE inhrelid = c.oid
    UNION
    SELECT h.inhparent FROM ancestor JOIN pg_inherits h ON h.inhrelid = ancestor.number)
  SELECT array_agg(number) AS numbers FROM ancestor) ancestors
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = ''
  AND (c.relispartition OR NOT a.attislocal)
LEFT JOIN pg_attrdef own ON own.adrelid = a.attrelid AND own.adnum = a.attnum
WHERE c.relkind IN ('r', 'p') AND ancestors.numbers IS NOT NULL AND )sql" +
         condition + not_hidden("table", "c.oid") + filter.has("pg_class", "c.oid");
}

/// A default may be lost with that of any parent, direct or indirect, from which it differs. NOT NULL is given to all
/// children below.
std::string of_children(const OidFilter& filter) {
  return of_inherited_columns(filter, own_default_kind, "ALTER TABLE ONLY",
                              "coalesce('SET DEFAULT ' || pg_get_expr(own.adbin, own.adrelid), 'DROP DEFAULT')",
                              "CASE WHEN own.oid IS NULL THEN 'SET DEFAULT NULL' ELSE 'DROP DEFAULT' END",
                              R"sql(a.attgenerated = '' AND EXISTS (
    SELECT FROM pg_attribute p LEFT JOIN pg_attrdef d ON d.adrelid = p.attrelid AND d.adnum = p.attnum
    WHERE p.attrelid = ANY (ancestors.numbers) AND p.attname = a.attname AND p.attgenerated = '' AND p.attidentity = ''
      AND (own.oid IS NOT NULL OR d.oid IS NOT NULL)
      AND pg_get_expr(own.adbin, own.adrelid) IS DISTINCT FROM pg_get_expr(d.adbin, d.adrelid)))sql") +
         "\nUNION ALL" +
         of_inherited_columns(filter, own_not_null_kind, "ALTER TABLE",
                              "CASE WHEN a.attnotnull THEN 'SET NOT NULL' ELSE 'DROP NOT NULL' END",
                              "CASE WHEN a.attnotnull THEN 'DROP NOT NULL' ELSE 'SET NOT NULL' END",
                              R"sql(a.attnotnull <> EXISTS (
    SELECT FROM pg_inherits h JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname
    WHERE h.inhrelid = c.oid AND p.attnotnull))sql");
}

/// A sequence that a column owns is made like the table, and changes with it.
std::string persistence_of_sequences(const OidFilter& filter, const VersionText& version) {
  return R"sql(
SELECT 'persistence of sequence', 'pg_class', c.oid, a.attnum::int, 'column', a.attname::text,
       'pg_class'::regclass::oid, q.oid, 0, s.schema, quote_ident(q.relname),
       'ALTER SEQUENCE ' || s.prefix || quote_ident(q.relname),
       CASE q.relpersistence WHEN 'u' THEN 'SET UNLOGGED' ELSE 'SET LOGGED' END,
       CASE c.relpersistence WHEN 'u' THEN 'SET UNLOGGED' ELSE 'SET LOGGED' END
FROM pg_depend d
JOIN pg_class q ON d.classid = 'pg_class'::regclass AND q.oid = d.objid AND q.relkind = 'S'
JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid AND c.relkind IN ('r', 'p')
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
JOIN scope s ON s.oid = q.relnamespace
WHERE d.deptype IN ('a', 'i') AND q.relpersistence <> c.relpersistence AND )sql" +
         version.has_unlogged_sequences + not_hidden("table", "c.oid") + not_hidden("table", "q.oid") +
         filter.has("pg_class", "c.oid");
}

/// A partition has copies of its parent's triggers, with the enabled state of the original, unless it was changed for
/// the partition. Before version 15, they are internal.
std::string states_of_triggers(const OidFilter& filter) {
  const auto state = [](const std::string& letter) {
    return "CASE " + letter +
           " WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END"
           " || ' TRIGGER ' || quote_ident(t.tgname)";
  };
  return R"sql(
SELECT 'state of trigger', 'pg_class', c.oid, 0, 'trigger of parent', t.tgname::text, 'pg_trigger'::regclass::oid, t.oid,
       0, s.schema, quote_ident(t.tgname) || ' on ' || quote_ident(c.relname),
       'ALTER TABLE ONLY ' || s.prefix || quote_ident(c.relname),
       )sql" +
         state("t.tgenabled") + ", " + state("whole.tgenabled") + R"sql(
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid AND c.relispartition AND c.relkind IN ('r', 'p')
JOIN scope s ON s.oid = c.relnamespace
CROSS JOIN LATERAL (
  WITH RECURSIVE copied(number, height) AS (
    SELECT t.oid, 0
    UNION ALL
    SELECT d.refobjid, copied.height + 1
    FROM copied JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = copied.number
      AND d.refclassid = d.classid)
  SELECT w.tgenabled, w.tgisinternal FROM copied JOIN pg_trigger w ON w.oid = copied.number
  ORDER BY copied.height DESC LIMIT 1) whole
WHERE NOT whole.tgisinternal AND t.tgenabled <> whole.tgenabled)sql" +
         not_hidden("table", "c.oid") + filter.has("pg_class", "c.oid");
}

}  // namespace

std::string settings_part(const OidFilter& filter, const VersionText& version) {
  return of_columns(filter, version) + "\nUNION ALL" + settings_of_indexes(filter) + "\nUNION ALL" +
         of_children(filter) + "\nUNION ALL" + states_of_triggers(filter) + "\nUNION ALL" +
         persistence_of_sequences(filter, version);
}

}  // namespace whimbrel::dialect::postgres
