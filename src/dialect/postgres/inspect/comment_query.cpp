#include "dialect/postgres/inspect/queries.h"

namespace whimbrel::dialect::postgres {

namespace {

// Each of these, and of the settings, has the columns kind, catalogue, owner, column, kind of the part, part, class,
// OID and column of the comment, schema, name, target, text, and the text that the server sets by itself.

/// Those of partitions belong to the partitioned table, and their names are not compared.
std::string on_indexes(const OidFilter& filter) {
  return R"sql(
SELECT 'comment', 'pg_class', c.oid, 0, 'index', i.relname::text, d.classoid, d.objoid, 0,
       s.schema, 'index ' || quote_ident(i.relname), 'INDEX ' || s.prefix || quote_ident(i.relname), d.description, NULL::text
FROM pg_description d
JOIN pg_index x ON d.classoid = 'pg_class'::regclass AND x.indexrelid = d.objoid AND d.objsubid = 0
JOIN pg_class i ON i.oid = x.indexrelid AND NOT i.relispartition
JOIN pg_class c ON c.oid = x.indrelid AND c.relkind IN ('r', 'p', 'm')
JOIN scope s ON s.oid = c.relnamespace
WHERE true)sql" +
         not_hidden("table", "c.oid") + filter.has("pg_class", "c.oid");
}

std::string on_constraints(const OidFilter& filter) {
  return R"sql(
SELECT 'comment', 'pg_class', c.oid, 0, 'constraint', k.conname::text, d.classoid, d.objoid, 0,
       s.schema, 'constraint ' || quote_ident(k.conname) || ' on ' || quote_ident(c.relname),
       'CONSTRAINT ' || quote_ident(k.conname) || ' ON ' || s.prefix || quote_ident(c.relname), d.description, NULL::text
FROM pg_description d
JOIN pg_constraint k ON d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid
JOIN pg_class c ON c.oid = k.conrelid
JOIN scope s ON s.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND k.conparentid = 0 AND k.conislocal
  AND NOT (c.relispartition AND k.coninhcount > 0) AND (k.contype <> 'f' OR true)sql" +
         filter.part_has("pg_class", "k.confrelid") + ")" + not_hidden("table", "c.oid") +
         filter.has("pg_class", "c.oid");
}

std::string on_triggers(const OidFilter& filter, const VersionText& version) {
  return R"sql(
SELECT 'comment', 'pg_class', c.oid, 0, 'trigger', t.tgname::text, d.classoid, d.objoid, 0,
       s.schema, 'trigger ' || quote_ident(t.tgname) || ' on ' || quote_ident(c.relname),
       'TRIGGER ' || quote_ident(t.tgname) || ' ON ' || s.prefix || quote_ident(c.relname), d.description, NULL::text
FROM pg_description d
JOIN pg_trigger t ON d.classoid = 'pg_trigger'::regclass AND t.oid = d.objoid
JOIN pg_class c ON c.oid = t.tgrelid AND c.relkind IN ('r', 'p', 'v')
JOIN scope s ON s.oid = c.relnamespace
WHERE NOT t.tgisinternal AND NOT )sql" +
         version.parent_trigger + not_member("pg_trigger", "t.oid") + not_hidden("table", "c.oid") +
         filter.has("pg_class", "c.oid");
}

std::string of_view_columns(const OidFilter& filter) {
  return R"sql(
SELECT 'comment', 'pg_class', c.oid, a.attnum::int, '', NULL::text, d.classoid, d.objoid, d.objsubid,
       s.schema, 'column ' || quote_ident(c.relname) || '.' || quote_ident(a.attname),
       'COLUMN ' || s.prefix || quote_ident(c.relname) || '.' || quote_ident(a.attname), d.description, NULL::text
FROM pg_description d
JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid AND c.relkind IN ('v', 'm')
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND a.attnum > 0
JOIN scope s ON s.oid = c.relnamespace
WHERE true)sql" +
         not_hidden("table", "c.oid") + filter.has("pg_class", "c.oid") + R"sql(
UNION ALL
SELECT 'default of view', 'pg_class', c.oid, a.attnum::int, '', NULL::text, 'pg_attrdef'::regclass::oid, f.oid, 0,
       s.schema, quote_ident(c.relname) || '.' || quote_ident(a.attname),
       'ALTER VIEW ' || s.prefix || quote_ident(c.relname) || ' ALTER COLUMN ' || quote_ident(a.attname),
       'SET DEFAULT ' || pg_get_expr(f.adbin, f.adrelid), 'DROP DEFAULT'
FROM pg_attrdef f
JOIN pg_class c ON c.oid = f.adrelid AND c.relkind = 'v'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.adnum
JOIN scope s ON s.oid = c.relnamespace
WHERE true)sql" +
         not_hidden("table", "c.oid") + filter.has("pg_class", "c.oid");
}

std::string on_enums(const OidFilter& filter) {
  return R"sql(
SELECT 'comment', 'pg_type', t.oid, 0, '', NULL::text, d.classoid, d.objoid, 0,
       s.schema, 'type ' || quote_ident(t.typname), 'TYPE ' || s.prefix || quote_ident(t.typname), d.description, NULL::text
FROM pg_description d
JOIN pg_type t ON d.classoid = 'pg_type'::regclass AND t.oid = d.objoid AND t.typtype = 'e'
JOIN scope s ON s.oid = t.typnamespace
WHERE true)sql" +
         not_hidden("type", "t.oid") + filter.has("pg_type", "t.oid");
}

/// The server sets the comments on a new extension, and on the schema of a new database.
constexpr const char* on_schemas_and_extensions = R"sql(
SELECT 'comment', 'pg_namespace', s.oid, 0, 'schema', s.nspname::text, 'pg_namespace'::regclass::oid, s.oid, 0,
       s.schema, 'schema ' || quote_ident(s.nspname), 'SCHEMA ' || quote_ident(s.nspname),
       obj_description(s.oid, 'pg_namespace'), CASE s.nspname WHEN 'public' THEN 'standard public schema' END
FROM scope s
UNION ALL
SELECT 'comment', 'pg_extension', e.oid, 0, '', NULL::text, 'pg_extension'::regclass::oid, e.oid, 0,
       '', 'extension ' || quote_ident(e.extname), 'EXTENSION ' || quote_ident(e.extname),
       obj_description(e.oid, 'pg_extension'), v.comment
FROM pg_extension e LEFT JOIN pg_available_extensions() v ON v.name = e.extname
WHERE e.oid >= 16384)sql";

std::string on_parts_of_objects(const OidFilter& filter) {
  return R"sql(
SELECT 'comment', 'pg_type', c.reltype, 0, '', NULL::text, d.classoid, d.objoid, d.objsubid,
       s.schema, 'column ' || quote_ident(c.relname) || '.' || quote_ident(a.attname),
       'COLUMN ' || s.prefix || quote_ident(c.relname) || '.' || quote_ident(a.attname), d.description, NULL::text
FROM pg_description d
JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid AND c.relkind = 'c'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND a.attnum > 0
JOIN scope s ON s.oid = c.relnamespace
WHERE true)sql" +
         not_hidden("type", "c.reltype") + filter.has("pg_type", "c.reltype") + R"sql(
UNION ALL
SELECT 'comment', 'pg_type', t.oid, 0, '', NULL::text, d.classoid, d.objoid, 0,
       s.schema, 'constraint ' || quote_ident(k.conname) || ' on domain ' || quote_ident(t.typname),
       'CONSTRAINT ' || quote_ident(k.conname) || ' ON DOMAIN ' || s.prefix || quote_ident(t.typname), d.description, NULL::text
FROM pg_description d
JOIN pg_constraint k ON d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid AND k.contype IN ('c', 'n')
JOIN pg_type t ON t.oid = k.contypid
JOIN scope s ON s.oid = t.typnamespace
WHERE true)sql" +
         not_hidden("type", "t.oid") + filter.has("pg_type", "t.oid");
}

}  // namespace

std::string comment_number(const std::string& catalogue, const std::string& number, const std::string& column) {
  return "((" + catalogue + "::oid::bigint << 43) | (" + number + "::bigint << 11) | " + column + ")";
}

std::string comments_query(const OidFilter& filter, const VersionText& version) {
  const InspectScope& scope = filter.scope;
  const bool has_parts = scope.objects && filter.may_have("pg_type");
  if (!scope.everything && !has_parts) return no_rows;
  std::string query = scope_text(scope) + R"sql(
SELECT x.kind, x.catalogue, x.owner, x.place, x.part_kind, x.part, )sql" +
                      comment_number("x.class", "x.number", "x.sub_number") + R"sql(, x.schema, x.name,
       CASE x.kind WHEN 'comment' THEN 'COMMENT ON ' || x.target || ' IS ' || coalesce(quote_literal(x.text), 'NULL')
                   ELSE x.target || ' ' || x.text END,
       CASE x.kind WHEN 'comment' THEN 'COMMENT ON ' || x.target || ' IS ' || coalesce(quote_literal(x.usual), 'NULL')
                   ELSE x.target || ' ' || x.usual END
FROM ()sql" + on_parts_of_objects(filter);
  if (scope.everything) {
    for (const std::string& part :
         {on_indexes(filter), on_constraints(filter), on_triggers(filter, version), of_view_columns(filter),
          on_enums(filter), std::string(on_schemas_and_extensions), settings_part(filter, version)}) {
      query += "\nUNION ALL" + part;
    }
  }
  return query + R"sql() AS x(kind, catalogue, owner, place, part_kind, part, class, number, sub_number, schema, name,
             target, text, usual)
WHERE x.text IS DISTINCT FROM x.usual
ORDER BY x.kind, x.schema, x.name)sql";
}

}  // namespace whimbrel::dialect::postgres
