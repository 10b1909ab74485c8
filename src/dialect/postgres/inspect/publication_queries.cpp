#include "dialect/postgres/inspect/queries.h"

namespace whimbrel::dialect::postgres {

// One for all tables, or for those of schemas, is never changed and has no target, so that nothing drops it. Only a
// superuser may create it, so it is not in a copy, which is without all tables or schemas anyway.
std::string publications(const OidFilter& filter, const VersionText& version) {
  const std::string content =
      "CASE WHEN b.puballtables THEN 'ALL TABLES' ELSE 'TABLES IN SCHEMA ' || " + version.published_schemas + " END";
  return R"sql(
SELECT 'pg_publication', b.oid, 'publication', '', b.pubname,
       CASE WHEN w.content IS NULL THEN quote_ident(b.pubname) END,
       'CREATE PUBLICATION ' || quote_ident(b.pubname) || coalesce(' FOR ' || w.content, '') ||
         ' WITH (publish = ' || quote_literal(concat_ws(', ',
         CASE WHEN b.pubinsert THEN 'insert' END, CASE WHEN b.pubupdate THEN 'update' END,
         CASE WHEN b.pubdelete THEN 'delete' END, CASE WHEN b.pubtruncate THEN 'truncate' END)) ||
         CASE WHEN )sql" +
         version.via_root + R"sql( THEN ', publish_via_partition_root = true' ELSE '' END ||
         coalesce(', publish_generated_columns = ' || )sql" +
         version.published_generated + R"sql(, '') || ')'
FROM pg_publication b
CROSS JOIN LATERAL (SELECT )sql" +
         (filter.scope.everything ? content : "NULL::text") + R"sql( AS content) w
WHERE )sql" +
         (filter.scope.everything ? "true" : "NOT b.puballtables") + filter.has("pg_publication", "b.oid");
}

// The server sorts the columns by their numbers, which differ between databases.
std::string publication_entries(const OidFilter& filter, const VersionText& version) {
  return R"sql(
SELECT 'pg_publication_rel', e.oid, 'publication entry', s.schema, c.relname || ' in ' || b.pubname,
       quote_ident(b.pubname) || ' DROP TABLE ONLY ' || s.prefix || quote_ident(c.relname),
       'ALTER PUBLICATION ' || quote_ident(b.pubname) || ' ADD TABLE ONLY ' || s.prefix || quote_ident(c.relname) ||
         coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) || ')'
                   FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY ()sql" +
         version.published_columns + R"sql()), '') ||
         coalesce(' WHERE (' || )sql" +
         version.published_rows + R"sql( || ')', '')
FROM pg_publication_rel e JOIN pg_publication b ON b.oid = e.prpubid
JOIN pg_class c ON c.oid = e.prrelid JOIN scope s ON s.oid = c.relnamespace
WHERE true)sql" +
         not_hidden("table", "c.oid") + filter.has("pg_publication_rel", "e.oid");
}

}  // namespace whimbrel::dialect::postgres
