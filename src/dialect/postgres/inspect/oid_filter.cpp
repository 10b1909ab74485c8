#include "dialect/postgres/inspect/catalog.h"
#include "dialect/postgres/inspect/queries.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Objects with one of the names, in every inspected schema.
std::string named_query(const AffectedObjects& part) {
  sql::Writer list(postgres_syntax);
  list.list(part.named, [&](const std::string& name) { list.string(name); });
  const std::string is_named = " = ANY (ARRAY[" + list.take() + "]::name[])";
  return R"sql(
  SELECT 'pg_class'::regclass::oid, c.oid FROM pg_class c JOIN scope s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relname)sql" +
         is_named + R"sql(
  UNION SELECT 'pg_type'::regclass, t.oid FROM pg_type t JOIN scope s ON s.oid = t.typnamespace
  WHERE t.typname)sql" +
         is_named + R"sql(
  UNION SELECT 'pg_proc'::regclass, p.oid FROM pg_proc p JOIN scope s ON s.oid = p.pronamespace
  WHERE p.proname)sql" +
         is_named + R"sql(
  UNION SELECT 'pg_collation'::regclass, k.oid FROM pg_collation k JOIN scope s ON s.oid = k.collnamespace
  WHERE k.collname)sql" +
         is_named;
}

std::string changed_query(const AffectedObjects& part) {
  sql::Writer names(postgres_syntax);
  names.list(part.changed, [&](const model::Name& name) { names.string(name.name); });
  // For the indexes of the catalog, which are not of texts.
  const std::string has_name = " = ANY (ARRAY[" + names.take() + "]::name[])";
  sql::Writer list(postgres_syntax);
  list.list(part.changed,
            [&](const model::Name& name) { list.raw("(").string(name.schema).raw(", ").string(name.name).raw(")"); });
  const std::string are_changed = " IN (VALUES " + (part.changed.empty() ? "(NULL, NULL)" : list.take()) + ")";
  return R"sql(
  SELECT 'pg_class'::regclass::oid, c.oid FROM pg_class c JOIN scope s ON s.oid = c.relnamespace
  WHERE c.relname)sql" +
         has_name + " AND (s.schema, c.relname::text)" + are_changed + R"sql(
  UNION SELECT 'pg_type'::regclass, t.oid FROM pg_type t JOIN scope s ON s.oid = t.typnamespace
  WHERE t.typname)sql" +
         has_name + " AND (s.schema, t.typname::text)" + are_changed;
}

// `affected` contains the changed objects and everything that depends on them, directly or indirectly: a view over a
// view over a table is found by the rules that implement them, and a composite type by the columns of its pg_class. A
// part of a table (a key that references a changed table, a default, a trigger) adds the table, but not its dependents,
// because the table itself is not changed.
//
// `part` adds everything that these objects need and consist of. The keys of a table that is only needed could lead to
// half of the schema, so keys are followed only for affected tables. Arrays and row types come with what they are of.
// https://www.postgresql.org/docs/current/catalog-pg-depend.html
std::string part_query(const InspectScope& scope) {
  std::string query = scope_text(scope);
  query.insert(query.find("WITH ") + 5, "RECURSIVE ");
  return query + ", changed(classid, objid) AS (" + changed_query(*scope.part) + R"sql(
), affected(classid, objid) AS (
  SELECT classid, objid FROM changed
  UNION
  SELECT found.classid, found.objid FROM affected a CROSS JOIN LATERAL (
    SELECT d.classid, d.objid FROM pg_depend d
    WHERE d.refclassid = a.classid AND d.refobjid = a.objid AND d.deptype <> 'e'
    UNION ALL
    SELECT 'pg_class'::regclass, r.ev_class FROM pg_rewrite r
    WHERE a.classid = 'pg_rewrite'::regclass AND r.oid = a.objid
    UNION ALL
    SELECT 'pg_type'::regclass, c.reltype FROM pg_class c
    WHERE a.classid = 'pg_class'::regclass AND c.oid = a.objid AND c.relkind = 'c'
  ) found
), part(classid, objid) AS (
  (SELECT classid, objid FROM affected
   UNION )sql" +
         named_query(*scope.part) + R"sql()
  UNION
  SELECT found.classid, found.objid FROM part p CROSS JOIN LATERAL (
    SELECT d.refclassid, d.refobjid FROM pg_depend d
    WHERE d.classid = p.classid AND d.objid = p.objid AND d.deptype <> 'e'
    UNION ALL
    SELECT d.classid, d.objid FROM pg_depend d
    LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
    LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    WHERE d.refclassid = p.classid AND d.refobjid = p.objid AND d.deptype IN ('a', 'i')
      AND coalesce(k.contype, 'c') <> 'f' AND coalesce(c.relkind, 'i') IN ('i', 'I', 'S', 'c')
      AND d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass, 'pg_attrdef'::regclass, 'pg_class'::regclass,
                        'pg_constraint'::regclass, 'pg_policy'::regclass, 'pg_rewrite'::regclass,
                        'pg_statistic_ext'::regclass, 'pg_trigger'::regclass)
  ) found(classid, objid)
)
SELECT part.classid::regclass::text, '{' || string_agg(part.objid::text, ',') || '}' FROM part
LEFT JOIN pg_type t ON part.classid = 'pg_type'::regclass AND t.oid = part.objid
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype IS DISTINCT FROM 'b' AND coalesce(c.relkind, 'c') = 'c'
GROUP BY part.classid)sql";
}

}  // namespace

OidFilter find_oid_filter(Connection& connection, const InspectScope& scope) {
  OidFilter filter(scope);
  if (!scope.part) return filter;
  filter.part.emplace();
  const std::vector<Rows::Data> numbers = read_together(connection, {part_query(scope)});
  for (const std::vector<Value>& values : numbers.front().values) {
    Fields row(values);
    std::string catalogue = row.text();
    (*filter.part)[std::move(catalogue)] = row.text();
  }
  return filter;
}

}  // namespace whimbrel::dialect::postgres
