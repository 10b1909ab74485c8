#include "dialect/postgres/inspect/queries.h"

#include <algorithm>
#include <cstddef>

#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Storage parameters in the syntax of WITH.
std::string parameters_of(const std::string& options, const std::string& prefix = "") {
  return "(SELECT string_agg('" + prefix + R"sql(' || CASE WHEN o ~ '=[A-Za-z0-9_.+-]+$' THEN o
                       ELSE split_part(o, '=', 1) || '=' || quote_literal(substr(o, strpos(o, '=') + 1)) END, ', ')
          FROM unnest()sql" +
         options + ") o)";
}

/// The numbers of the table's columns that one of its parts uses; NULL for other parts. Subqueries for single rows of
/// the catalog are expensive, so parts that are only lists of columns are excluded.
/// https://www.postgresql.org/docs/current/catalog-pg-depend.html
std::string uses_of(const std::string& condition, const std::string& catalogue, const std::string& number,
                    const std::string& table) {
  return "CASE WHEN " + condition + R"sql( THEN
         (SELECT coalesce(string_agg(DISTINCT u.refobjsubid::text, ' '), '') FROM pg_depend u
          WHERE u.classid = ')sql" +
         catalogue + "'::regclass AND u.objid = " + number +
         " AND u.refclassid = 'pg_class'::regclass AND u.refobjid = " + table + " AND u.refobjsubid > 0) END";
}

// A sequence's owner is the column with which it is dropped ('a', serial) or of which it is a part ('i', identity).
std::string relations_query(const OidFilter& filter) {
  return scope_text(filter.scope) + R"sql(
SELECT c.oid, s.schema, c.relname, c.relkind::text, c.relispartition, c.relpersistence = 'u', )sql" +
         parameters_of("c.reloptions") + ", " + parameters_of("toast.reloptions", "toast.") + R"sql(, d.description,
       CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END, pg_get_expr(c.relpartbound, c.oid),
       ts.spcname, CASE WHEN am.amname <> 'heap' THEN am.amname END,
       c.relrowsecurity, c.relforcerowsecurity, c.relreplident::text,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
       CASE WHEN c.relkind IN ('r', 'p') THEN
         (SELECT string_agg(i.inhparent::text, ' ' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid)
       END,
       CASE WHEN c.relkind IN ('r', 'p') THEN
         (SELECT string_agg(quote_ident(pn.nspname) || '.' || quote_ident(p.relname), ' ' ORDER BY i.inhseqno)
          FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
          WHERE i.inhrelid = c.oid)
       END,
       CASE c.relkind WHEN 'p' THEN
         (SELECT string_agg(part.oid::regclass::text, ', ' ORDER BY part.oid::regclass::text)
          FROM pg_inherits i JOIN pg_class part ON part.oid = i.inhrelid
          WHERE i.inhparent = c.oid AND part.relnamespace NOT IN (SELECT oid FROM scope))
       END,
       CASE c.relkind WHEN 'p' THEN
         (SELECT concat_ws(' ', k.partattrs::text, string_agg(d.objsubid::text, ' '))
          FROM pg_partitioned_table k
          LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid > 0
            AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = 0 AND d.deptype = 'i'
          WHERE k.partrelid = c.oid GROUP BY k.partattrs)
       END,
       c.reloftype, CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
       CASE WHEN pg_get_userbyid(c.relowner) <> current_user THEN pg_get_userbyid(c.relowner) END,
       c.oid::regclass::text, q.seqstart::text, q.seqincrement::text, q.seqmin::text, q.seqmax::text, q.seqcache::text,
       q.seqcycle, format_type(q.seqtypid, NULL), o.refobjid, o.refobjsubid, o.deptype::text
FROM pg_class c
JOIN scope s ON s.oid = c.relnamespace
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_sequence q ON q.seqrelid = c.oid
LEFT JOIN pg_depend o ON c.relkind = 'S' AND o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
  AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i')
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S'))sql" +
         not_hidden("table", "c.oid") + not_hidden("table", "coalesce(o.refobjid, c.oid)") +
         filter.has("pg_class", "c.oid") + R"sql(
ORDER BY c.oid)sql";
}

std::string columns_query(const OidFilter& filter, const VersionText& version) {
  return scope_text(filter.scope) + R"sql(
SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
       a.attgenerated::text, pg_get_expr(f.adbin, f.adrelid),
       CASE WHEN f.adbin IS NOT NULL THEN format_type(a.atttypid, -1) END,
       CASE WHEN k.oid IS NULL THEN NULL WHEN pg_collation_is_visible(k.oid) THEN k.collname
            ELSE '"' || replace(kn.nspname, '"', '""') || '"."' || replace(k.collname, '"', '""') || '"' END,
       d.description, a.attislocal, CASE WHEN en.nspname <> current_schema() THEN en.nspname END, e.typname,
       )sql" +
         // Before version 15 the column, instead of its expression, uses the other columns.
         uses_of("a.attgenerated <> ''", "pg_attrdef", "f.oid", "a.attrelid") + R"sql(,
       CASE WHEN a.attgenerated <> '' THEN
         (SELECT string_agg(u.refobjsubid::text, ' ') FROM pg_depend u
          WHERE u.classid = 'pg_class'::regclass AND u.objid = a.attrelid AND u.objsubid = a.attnum
            AND u.refclassid = 'pg_class'::regclass AND u.refobjid = a.attrelid AND u.refobjsubid > 0) END,
       a.attstorage <> t.typstorage OR )sql" +
         version.compression + R"sql( <> '',
       CASE WHEN t.typtype = 'd' THEN (
         WITH RECURSIVE base AS (
           SELECT t.typbasetype AS oid, t.typtypmod AS modifier
           UNION ALL
           SELECT b.typbasetype, b.typtypmod FROM base JOIN pg_type b ON b.oid = base.oid WHERE b.typtype = 'd')
         SELECT format_type(base.oid, base.modifier)
         FROM base JOIN pg_type b ON b.oid = base.oid WHERE b.typtype <> 'd') END
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN scope s ON s.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e
  ON e.typtype = 'e' AND e.oid = CASE WHEN t.typtype = 'e' THEN t.oid WHEN t.typcategory = 'A' THEN t.typelem END
LEFT JOIN pg_namespace en ON en.oid = e.typnamespace
LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
LEFT JOIN pg_collation k ON k.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_namespace kn ON kn.oid = k.collnamespace
LEFT JOIN pg_description d
  ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped)sql" +
         filter.has("pg_class", "c.oid") + R"sql(
ORDER BY a.attrelid, a.attnum)sql";
}

// An inherited constraint belongs to the parent. A partition's constraint that is also its own was created before the
// partition was attached. A foreign key to a partitioned table has a copy for each partition, on the same table.
std::string constraints_query(const OidFilter& filter, const VersionText& version) {
  return scope_text(filter.scope) + R"sql(
SELECT k.oid, k.conrelid, k.conname, k.contype::text, k.conkey::text, k.conindid, k.condeferrable, k.condeferred,
       k.convalidated, k.connoinherit, whole.oid IS NOT NULL OR NOT k.conislocal OR (c.relispartition AND k.coninhcount > 0),
       pg_get_expr(k.conbin, k.conrelid), CASE k.contype WHEN 'x' THEN pg_get_constraintdef(k.oid) END,
       )sql" +
         uses_of("k.contype = 'x'", "pg_class", "k.conindid", "k.conrelid") + R"sql(,
       k.confrelid, k.confkey::text,
       CASE WHEN fn.nspname <> current_schema() OR NOT pg_table_is_visible(fc.oid) THEN fn.nspname END, fc.relname,
       CASE WHEN k.contype = 'f' AND NOT EXISTS (SELECT FROM scope s WHERE s.oid = fn.oid)sql" +
         not_hidden("table", "fc.oid") + R"sql() THEN
         (SELECT string_agg(quote_ident(a.attname), ',' ORDER BY key.place)
          FROM unnest(k.confkey) WITH ORDINALITY AS key(number, place)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = key.number)
       END,
       k.confupdtype::text, k.confdeltype::text, k.confmatchtype::text, )sql" +
         version.set_columns + R"sql(::text
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN scope s ON s.oid = c.relnamespace
LEFT JOIN pg_constraint whole ON whole.oid = k.conparentid
LEFT JOIN pg_class fc ON fc.oid = k.confrelid
LEFT JOIN pg_namespace fn ON fn.oid = fc.relnamespace
WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND whole.conrelid IS DISTINCT FROM k.conrelid
  AND (k.contype <> 'f' OR true)sql" +
         filter.part_has("pg_class", "k.confrelid") + ")" + filter.has("pg_class", "c.oid") + R"sql(
ORDER BY k.conrelid, k.oid)sql";
}

std::string indexes_query(const OidFilter& filter, const VersionText& version) {
  return scope_text(filter.scope) + R"sql(
SELECT i.indexrelid, i.indrelid, ic.relname, am.amname, i.indisunique, i.indisvalid OR ic.relkind = 'I', )sql" +
         version.nulls_not_distinct + R"sql(, i.indisreplident, i.indnkeyatts, i.indkey::text,
       k.oid IS NOT NULL, ic.relispartition, )sql" +
         parameters_of("ic.reloptions") + R"sql(,
       CASE WHEN k.oid IS NULL THEN pg_get_indexdef(i.indexrelid) END,
       )sql" +
         uses_of("i.indexprs IS NOT NULL OR i.indpred IS NOT NULL", "pg_class", "i.indexrelid", "i.indrelid") +
         R"sql(
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN scope s ON s.oid = c.relnamespace
JOIN pg_am am ON am.oid = ic.relam
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
WHERE c.relkind IN ('r', 'p', 'm'))sql" +
         filter.has("pg_class", "c.oid") + R"sql(
ORDER BY i.indrelid, i.indexrelid)sql";
}

std::string triggers_query(const OidFilter& filter, const VersionText& version) {
  return scope_text(filter.scope) + R"sql(
SELECT t.oid, t.tgrelid, t.tgname, pg_get_triggerdef(t.oid, true), t.tgenabled::text, t.tgrelid::regclass::text,
       )sql" +
         uses_of("true", "pg_trigger", "t.oid", "t.tgrelid") + R"sql(
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN scope s ON s.oid = c.relnamespace
WHERE NOT t.tgisinternal AND NOT )sql" +
         version.parent_trigger + R"sql()sql" + not_member("pg_trigger", "t.oid") + filter.has("pg_class", "c.oid") +
         R"sql(
ORDER BY t.tgrelid, t.tgname)sql";
}

std::string enums_query(const OidFilter& filter) {
  if (!filter.may_have("pg_type")) return no_rows;
  return scope_text(filter.scope) + R"sql(
SELECT t.oid, s.schema, t.typname, l.enumlabel
FROM pg_type t
JOIN scope s ON s.oid = t.typnamespace
LEFT JOIN pg_enum l ON l.enumtypid = t.oid
WHERE t.typtype = 'e')sql" +
         not_hidden("type", "t.oid") + filter.has("pg_type", "t.oid") + R"sql(
ORDER BY t.oid, l.enumsortorder)sql";
}

}  // namespace

// New features by version, from https://www.postgresql.org/docs/release/
// 13: a trigger knows the one that it copies (before, such copies are internal), publish_via_partition_root;
// 14: multirange types, compression methods for columns;
// 15: unlogged sequences, NULLS NOT DISTINCT, columns of ON DELETE SET NULL, a separate column for the ICU locale of
// databases and collations, columns and rows of published tables;
// 16: rules of ICU collations; 17: that locale under another name, also for the built-in provider;
// 18: NOT ENFORCED, WITHOUT OVERLAPS and PERIOD, virtual generated columns (attgenerated 'v'), NOT NULL as rows of
// pg_constraint (contype 'n'), still also in pg_attribute, publish_generated_columns.
VersionText::VersionText(int version)
    : nulls_not_distinct(version >= 150000 ? "i.indnullsnotdistinct" : "false"),
      set_columns(version >= 150000 ? "k.confdelsetcols" : "NULL"),
      parent_trigger(version >= 130000 ? "t.tgparentid <> 0" : "false"),
      collation_locale(version >= 170000   ? "k.colllocale"
                       : version >= 150000 ? "k.colliculocale"
                                           : "CASE k.collprovider WHEN 'i' THEN k.collcollate END"),
      collation_rules(version >= 160000 ? "k.collicurules" : "NULL::text"),
      multirange(version >= 140000 ? "', multirange_type_name = ' || r.rngmultitypid::regtype::text" : "''"),
      is_multirange(version >= 140000 ? "r.rngmultitypid = t.oid" : "false"),
      compression(version >= 140000 ? "a.attcompression::text" : "''"),
      not_enforced(version >= 180000 ? "NOT k.conenforced" : "false"),
      is_temporal(version >= 180000 ? "k.conperiod" : "false"),
      has_unlogged_sequences(version >= 150000 ? "true" : "false"),
      statistics_target(version >= 130000 ? "nullif(x.stxstattarget, -1)" : "NULL::text"),
      published_columns(version >= 150000 ? "e.prattrs" : "NULL::int2vector"),
      published_rows(version >= 150000 ? "pg_get_expr(e.prqual, e.prrelid)" : "NULL::text"),
      published_schemas(version >= 150000 ? "(SELECT string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname) "
                                            "FROM pg_publication_namespace x JOIN pg_namespace n ON n.oid = x.pnnspid "
                                            "WHERE x.pnpubid = b.oid)"
                                          : "NULL::text"),
      via_root(version >= 130000 ? "b.pubviaroot" : "false"),
      published_generated(version >= 180000 ? "CASE b.pubgencols WHEN 's' THEN 'stored' END" : "NULL::text") {}

std::string scope_text(const InspectScope& scope) {
  sql::Writer schemas(postgres_syntax);
  schemas.raw("n.nspname = current_schema()");
  if (scope.everything) schemas.raw(" OR (n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')");
  for (const std::string& schema : scope.schemas) schemas.raw(" OR n.nspname = ").string(schema);
  return R"sql(WITH scope AS (
  SELECT n.oid, n.nspname, CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname END AS schema,
         CASE WHEN n.nspname = current_schema() THEN '' ELSE quote_ident(n.nspname) || '.' END AS prefix
  FROM pg_namespace n WHERE )sql" +
         schemas.take() + R"sql(
), member AS (
  SELECT d.classid, d.objid, d.refobjid AS extension FROM pg_depend d
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
))sql";
}

std::string not_member(const std::string& catalogue, const std::string& number) {
  return " AND NOT EXISTS (SELECT FROM member own WHERE own.classid = '" + catalogue +
         "'::regclass AND own.objid = " + number + ")";
}

std::string not_hidden(const std::string& kind, const std::string& number) {
  // Were it an OR, the server would ask its negation for all objects of pg_catalog before it looks at schemas.
  return " AND CASE WHEN s.prefix <> '' THEN true ELSE pg_" + kind + "_is_visible(" + number + ") END";
}

std::string OidFilter::has(const std::string& catalogue, const std::string& number) const {
  return not_member(catalogue, number) + part_has(catalogue, number);
}

std::string OidFilter::part_has(const std::string& catalogue, const std::string& number) const {
  if (!part) return {};
  const auto found = part->find(catalogue);
  const std::string numbers = '\'' + (found == part->end() ? "{}" : found->second) + "'::oid[]";
  // The server begins with a few numbers and an index, but only if they are no subquery; before version 14 it would
  // compare each row with each of many.
  constexpr std::ptrdiff_t few = 500;
  const bool are_few = std::count(numbers.begin(), numbers.end(), ',') < few;
  return " AND " + number + (are_few ? " = ANY (" + numbers + ')' : " IN (SELECT unnest(" + numbers + "))");
}

std::vector<std::string> catalog_queries(const OidFilter& filter, int version) {
  const VersionText text(version);
  return {relations_query(filter),     columns_query(filter, text),    constraints_query(filter, text),
          indexes_query(filter, text), uses_query(filter, text),       triggers_query(filter, text),
          enums_query(filter),         objects_query(filter, version), type_contents_query(filter),
          comments_query(filter, text)};
}

}  // namespace whimbrel::dialect::postgres
