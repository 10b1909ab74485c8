#include "dialect/postgres/inspect/queries.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Tables, views and the like that do not belong to an extension, with their names as display text.
constexpr const char* relations = R"sql(, rel AS (
  SELECT c.oid, c.relkind, c.relispartition, '"' || s.prefix || c.relname || '"' AS name
  FROM pg_class c JOIN scope s ON s.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM member x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid)
), col AS (
  SELECT a.*, rel.relkind, rel.relispartition, ' of column "' || a.attname || '" of ' || rel.name AS words
  FROM pg_attribute a JOIN rel ON rel.oid = a.attrelid
  WHERE rel.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
), con AS (
  SELECT k.*, rel.relispartition, ' constraint "' || k.conname || '" of ' || rel.name AS words
  FROM pg_constraint k JOIN rel ON rel.oid = k.conrelid WHERE k.conislocal
), ind AS (
  SELECT i.indexrelid, i.indisclustered, c.reltablespace, c.relispartition, ' index "' || c.relname || '" of ' || rel.name AS words
  FROM pg_index i JOIN rel ON rel.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid
))sql";

/// A partition's own default or identity is one that no parent has. The settings of a complete schema contain defaults
/// and NOT NULL.
std::string of_tables(bool everything) {
  return R"sql(
SELECT 'foreign table ' || name FROM rel WHERE relkind = 'f'
UNION ALL SELECT 'comment' || col.words FROM col JOIN pg_description d
            ON d.classoid = 'pg_class'::regclass AND d.objoid = col.attrelid AND d.objsubid = col.attnum
          WHERE col.relispartition OR NOT col.attislocal
UNION ALL SELECT 'default' || col.words FROM col
          LEFT JOIN pg_attrdef d ON d.adrelid = col.attrelid AND d.adnum = col.attnum
          WHERE col.relkind IN ('r', 'p') AND (col.relispartition OR NOT col.attislocal))sql" +
         std::string(everything ? " AND col.attgenerated <> ''" : "") + R"sql( AND NOT EXISTS (
            SELECT FROM pg_inherits i JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = col.attname
            LEFT JOIN pg_attrdef e ON e.adrelid = p.attrelid AND e.adnum = p.attnum
            WHERE i.inhrelid = col.attrelid
              AND pg_get_expr(e.adbin, e.adrelid) IS NOT DISTINCT FROM pg_get_expr(d.adbin, d.adrelid))
UNION ALL SELECT 'identity' || col.words FROM col
          WHERE col.attidentity <> '' AND (col.relispartition OR NOT col.attislocal) AND NOT EXISTS (
            SELECT FROM pg_inherits i JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = col.attname
            WHERE i.inhrelid = col.attrelid AND p.attidentity <> '')
UNION ALL SELECT 'NOT NULL' || col.words FROM col
          WHERE col.relkind IN ('r', 'p') AND (col.relispartition OR NOT col.attislocal) AND col.attnotnull)sql" +
         std::string(everything ? " AND false" : "") + R"sql(
            AND NOT EXISTS (
            SELECT FROM pg_inherits i JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = col.attname
            WHERE i.inhrelid = col.attrelid AND p.attnotnull)
UNION ALL SELECT 'comment on' || ind.words FROM ind JOIN pg_description d
            ON d.classoid = 'pg_class'::regclass AND d.objoid = ind.indexrelid AND d.objsubid = 0
          WHERE ind.relispartition
UNION ALL SELECT 'tablespace of' || words FROM ind WHERE reltablespace <> 0
UNION ALL SELECT 'mark for CLUSTER of' || words FROM ind WHERE indisclustered AND relispartition
UNION ALL SELECT 'statistics target of column ' || a.attnum || ' of' || ind.words
          FROM ind JOIN pg_attribute a ON a.attrelid = ind.indexrelid
          WHERE a.attstattarget >= 0 AND ind.relispartition
UNION ALL SELECT 'comment on' || con.words FROM con JOIN pg_description d
            ON d.classoid = 'pg_constraint'::regclass AND d.objoid = con.oid
          WHERE con.contype NOT IN ('p', 'u', 'c', 'f', 'x') OR con.conparentid <> 0
            OR con.relispartition AND con.coninhcount > 0
UNION ALL SELECT 'storage parameters of' || con.words FROM con JOIN pg_class c ON c.oid = con.conindid
          WHERE con.contype IN ('p', 'u') AND c.reloptions IS NOT NULL AND (c.relkind = 'I' OR c.relispartition)
UNION ALL SELECT 'comment on sequence ' || rel.name FROM rel
          JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = rel.oid AND o.deptype IN ('a', 'i')
            AND o.refclassid = 'pg_class'::regclass
          JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = rel.oid AND d.objsubid = 0
          WHERE rel.relkind = 'S')sql";
}

std::string of_versions(const VersionText& version) {
  return R"sql(
UNION ALL SELECT 'comment on trigger "' || t.tgname || '" of ' || rel.name
          FROM pg_trigger t JOIN rel ON rel.oid = t.tgrelid
          JOIN pg_description d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = t.oid
          WHERE )sql" +
         version.parent_trigger + " UNION ALL SELECT 'NOT ENFORCED of' || k.words FROM con k WHERE " +
         version.not_enforced + " UNION ALL SELECT 'period of' || k.words FROM con k WHERE " + version.is_temporal;
}

/// Objects of one kind that users created: 16384 is the first OID of objects that are not the server's own.
std::string objects(const std::string& kind, const std::string& catalogue, const std::string& name,
                    const std::string& schema = "", const std::string& condition = "true") {
  std::string query = " UNION ALL SELECT '" + kind + " \"' || " + (schema.empty() ? "" : "s.prefix || ") + "x." + name +
                      " || '\"' FROM " + catalogue + " x";
  if (!schema.empty()) query += " JOIN scope s ON s.oid = x." + schema;
  return query + " WHERE x.oid >= 16384 AND " + condition +
         " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '" + catalogue +
         "'::regclass AND d.objid = x.oid AND d.deptype IN ('e', 'i'))";
}

/// Objects of the default schema that are hidden by one of pg_catalog.
std::string hidden(const std::string& what, const std::string& catalogue, const std::string& kind,
                   const std::string& name, const std::string& schema, const std::string& condition = "true") {
  return " UNION ALL SELECT '" + what + " \"' || " + name + " || '\", whose name means one of pg_catalog' FROM " +
         catalogue + " x JOIN scope s ON s.oid = x." + schema + " WHERE " + condition + " AND NOT (true" +
         not_hidden(kind, "x.oid") + ") AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '" + catalogue +
         "'::regclass AND d.objid = x.oid AND d.deptype IN ('e', 'i'))";
}

std::string of_hidden() {
  return hidden("relation", "pg_class", "table", "x.relname", "relnamespace",
                "x.relkind IN ('r', 'p', 'v', 'm', 'S')") +
         hidden("type", "pg_type", "type", "x.typname", "typnamespace",
                "(x.typtype IN ('d', 'e', 'r') OR EXISTS (SELECT FROM pg_class c WHERE c.oid = x.typrelid AND "
                "c.relkind = 'c'))") +
         hidden("function", "pg_proc", "function", "x.proname || '(' || oidvectortypes(x.proargtypes) || ')'",
                "pronamespace") +
         hidden("operator", "pg_operator", "operator", "x.oprname", "oprnamespace") +
         hidden("collation", "pg_collation", "collation", "x.collname", "collnamespace");
}

std::string of_database() {
  return objects("event trigger", "pg_event_trigger", "evtname || '\", which calls \"' || x.evtfoid::regprocedure") +
         objects("publication", "pg_publication", "pubname") +
         objects("foreign server", "pg_foreign_server", "srvname") +
         objects("foreign-data wrapper", "pg_foreign_data_wrapper", "fdwname") +
         objects("language", "pg_language", "lanname") +
         objects("text search configuration", "pg_ts_config", "cfgname", "cfgnamespace") +
         objects("text search dictionary", "pg_ts_dict", "dictname", "dictnamespace") +
         objects("conversion", "pg_conversion", "conname", "connamespace") +
         objects("type", "pg_type", "typname", "typnamespace",
                 "(x.typtype = 'b' AND x.typcategory <> 'A' OR x.typtype = 'p' OR EXISTS (SELECT FROM pg_range r WHERE "
                 "r.rngtypid = x.oid AND r.rngcanonical <> 0))") +
         objects("aggregate", "pg_proc", "proname", "pronamespace",
                 "EXISTS (SELECT FROM pg_aggregate a WHERE a.aggfnoid = x.oid AND a.aggkind <> 'n')");
}

}  // namespace

std::string unsupported_objects_query(const InspectScope& scope, int version) {
  std::string query =
      scope_text(scope) + relations + of_tables(scope.everything) + of_versions(VersionText(version)) + of_hidden();
  if (scope.everything) query += of_database();
  return query;
}

}  // namespace whimbrel::dialect::postgres
