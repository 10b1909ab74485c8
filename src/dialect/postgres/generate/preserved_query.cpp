#include "dialect/postgres/generate/preserved_query.h"

#include <string_view>

#include "dialect/postgres/generate/found_objects.h"
#include "dialect/postgres/generate/preserved_parts.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

std::string quoted(std::string_view text) { return sql::quote_string(text, postgres_syntax); }

/// The rows of VALUES for the items that fulfil the condition, in which only parts of tables have their names.
template <class Condition>
std::string values(const std::vector<RecreatedItem>& pairs, Condition fulfils) {
  std::string rows;
  for (const auto& [before, target] : pairs) {
    if (!fulfils(before)) continue;
    const std::string row = '(' + quoted(before.kind) + ", " + quoted(before.name.schema) + ", " +
                            quoted(before.name.name) + ", " + (before.part.empty() ? "" : quoted(before.part) + ", ") +
                            quoted(target) + ')';
    // A column that becomes a text and is converted back is one.
    if (rows.find(row) == std::string::npos) rows += (rows.empty() ? "" : ",\n         ") + row;
  }
  return rows;
}

constexpr const char* columns_of_views = R"sql(
  SELECT f.target, 'v' AS kind, a.*
  FROM found f JOIN pg_attribute a ON f.kind = 'TABLE' AND a.attrelid = f.oid AND a.attnum > 0 AND NOT a.attisdropped
)sql";

// What children inherit is dropped and created again with the column of the table ('r'): 'h'.
constexpr const char* columns_of_tables = R"sql(
  SELECT CASE WHEN c.oid = top.oid THEN i.target ELSE format('%I.%I', m.nspname, c.relname) END AS target,
         CASE WHEN c.oid = top.oid THEN 'r' ELSE 'h' END AS kind, a.*
  FROM item_column i
  JOIN pg_namespace n ON n.nspname = coalesce(nullif(i.schema, ''), current_schema())
  JOIN pg_class top ON top.relnamespace = n.oid AND top.relname = i.name
  CROSS JOIN LATERAL (
    WITH RECURSIVE heir(number) AS (
      SELECT top.oid
      UNION
      SELECT h.inhrelid FROM heir JOIN pg_inherits h ON h.inhparent = heir.number)
    SELECT number FROM heir) h
  JOIN pg_class c ON c.oid = h.number
  JOIN pg_namespace m ON m.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = i.attname
)sql";

constexpr const char* columns_with_other_types = R"sql(
  SELECT i.target, 'r' AS kind, a.*
  FROM item_storage i
  JOIN pg_namespace n ON n.nspname = coalesce(nullif(i.schema, ''), current_schema())
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = i.name
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = i.attname
)sql";

constexpr const char* columns_to_restore = R"sql(
  SELECT *, format('EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(%L) AND attname = %L)', target,
                   attname) AS is_there
  FROM found_column
)sql";

// Each of these has the columns place, condition, statement: in which order and on which condition the statement must
// run after the items are recreated.

// A sequence has the owner of its table.
constexpr const char* of_items = R"sql(
  SELECT 1, NULL, format('ALTER %s %s OWNER TO %I', kind, target, pg_get_userbyid(owner))
  FROM found WHERE pg_get_userbyid(owner) <> current_user AND kind <> 'SEQUENCE'
  UNION ALL
  SELECT 2, NULL, format('REVOKE ALL ON %s %s FROM PUBLIC, %s', kind, target,
                         concat_ws(', ', quote_ident(pg_get_userbyid(owner)), new_roles))
  FROM found WHERE has_privileges
  UNION ALL
  SELECT 3, NULL, format('GRANT %s ON %s %s TO %s', string_agg(g.privilege_type, ', '), f.kind, f.target,
                         CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END) ||
                  CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
  FROM found f CROSS JOIN LATERAL aclexplode(coalesce(f.acl, acldefault(f.letter::"char", f.owner))) g
  WHERE f.has_privileges GROUP BY f.target, f.kind, g.grantee, g.is_grantable
)sql";

constexpr const char* privileges_of_columns = R"sql(
  SELECT 4, is_there, format('GRANT %s (%I) ON %s TO %s', g.privilege_type, c.attname, c.target,
                             CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END) ||
                      CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
  FROM old_column c CROSS JOIN LATERAL aclexplode(c.attacl) g
)sql";

constexpr const char* comments_of_heirs = R"sql(
  SELECT 6, is_there, format('COMMENT ON COLUMN %s.%I IS %L', c.target, c.attname, d.description)
  FROM old_column c JOIN pg_description d
    ON c.kind = 'h' AND d.classoid = 'pg_class'::regclass AND d.objoid = c.attrelid AND d.objsubid = c.attnum
)sql";

constexpr const char* statistics_of_columns = R"sql(
  SELECT 5, is_there, format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', target, attname, attstattarget)
  FROM old_column WHERE attstattarget >= 0
  UNION ALL
  SELECT 5, is_there, format('ALTER TABLE %s ALTER COLUMN %I SET (%s)', target, attname,
                             array_to_string(attoptions, ', '))
  FROM old_column WHERE attoptions IS NOT NULL
)sql";

// Not every type can be stored in these ways, and version 12 has no compression methods.
constexpr const char* storage_of_columns = R"sql(
  SELECT 5, format('EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid '
                   'WHERE a.attrelid = to_regclass(%L) AND a.attname = %L AND t.typstorage <> ''p'')', c.target, c.attname),
         format('ALTER TABLE ONLY %s ALTER COLUMN %I SET %s', c.target, c.attname, way.text)
  FROM stored_column c JOIN pg_type t ON t.oid = c.atttypid
  CROSS JOIN LATERAL (
    SELECT 'STORAGE ' || CASE c.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                           ELSE 'EXTENDED' END AS text
    WHERE c.attstorage <> t.typstorage
    UNION ALL
    SELECT CASE to_jsonb(c) ->> 'attcompression' WHEN 'p' THEN 'COMPRESSION pglz' WHEN 'l' THEN 'COMPRESSION lz4' END) way
  WHERE way.text IS NOT NULL
)sql";

constexpr const char* of_views = R"sql(
  SELECT 8, format('EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(%L) AND relkind = ''m'')', f.target),
         format('REFRESH MATERIALIZED VIEW %s WITH NO DATA', f.target)
  FROM found f JOIN pg_class c ON f.kind = 'TABLE' AND c.oid = f.oid AND c.relkind = 'm' AND NOT c.relispopulated
)sql";

constexpr const char* of_unknown_views = R"sql(
  SELECT 6, is_there, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', c.target, c.attname,
                             pg_get_expr(d.adbin, d.adrelid))
  FROM old_column c JOIN pg_attrdef d ON c.kind = 'v' AND d.adrelid = c.attrelid AND d.adnum = c.attnum
  UNION ALL
  SELECT 6, is_there, format('COMMENT ON COLUMN %s.%I IS %L', c.target, c.attname, d.description)
  FROM old_column c JOIN pg_description d
    ON c.kind = 'v' AND d.classoid = 'pg_class'::regclass AND d.objoid = c.attrelid AND d.objsubid = c.attnum
  UNION ALL
  SELECT 6, format('to_regclass(%L) IS NOT NULL', i.indexrelid::regclass),
         format('COMMENT ON INDEX %s IS %L', i.indexrelid::regclass, d.description)
  FROM found f JOIN pg_index i ON f.kind = 'TABLE' AND i.indrelid = f.oid
  JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = i.indexrelid
  UNION ALL
  SELECT 6, format('EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(%L) AND tgname = %L)', f.target, t.tgname),
         format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, f.target, d.description)
  FROM found f JOIN pg_trigger t ON f.kind = 'TABLE' AND t.tgrelid = f.oid
  JOIN pg_description d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = t.oid
)sql";

// The definitions of other types contain their comments.
constexpr const char* of_types = R"sql(
  SELECT 6, NULL, format('COMMENT ON TYPE %s IS %L', f.target, d.description)
  FROM found f JOIN pg_type t ON f.kind = 'TYPE' AND t.oid = f.oid AND t.typtype = 'e'
  JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid
)sql";

constexpr const char* of_parts = R"sql(
  SELECT 6, NULL, format('COMMENT ON %s %s IS %L', i.kind, i.target, d.description)
  FROM item_part i
  JOIN pg_namespace n ON n.nspname = coalesce(nullif(i.schema, ''), current_schema())
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = i.name
  CROSS JOIN LATERAL (
    SELECT 'pg_constraint'::regclass AS classoid, k.oid FROM pg_constraint k
    WHERE i.kind = 'CONSTRAINT' AND k.conrelid = c.oid AND k.conname = i.part
    UNION ALL
    SELECT 'pg_class'::regclass, p.oid FROM pg_index x JOIN pg_class p ON p.oid = x.indexrelid
    WHERE i.kind = 'INDEX' AND x.indrelid = c.oid AND p.relname = i.part
    UNION ALL
    SELECT 'pg_trigger'::regclass, t.oid FROM pg_trigger t
    WHERE i.kind = 'TRIGGER' AND t.tgrelid = c.oid AND t.tgname = i.part) o
  JOIN pg_description d ON d.classoid = o.classoid AND d.objoid = o.oid AND d.objsubid = 0
)sql";

constexpr const char* indexes_of_views = R"sql(
  SELECT x.indexrelid::regclass::text AS target, x.*
  FROM found f JOIN pg_index x ON f.kind = 'TABLE' AND x.indrelid = f.oid
)sql";

constexpr const char* indexes_of_tables = R"sql(
  SELECT i.target, x.*
  FROM item_part i
  JOIN pg_namespace n ON n.nspname = coalesce(nullif(i.schema, ''), current_schema())
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = i.name
  JOIN pg_index x ON i.kind = 'INDEX' AND x.indrelid = c.oid
  JOIN pg_class p ON p.oid = x.indexrelid AND p.relname = i.part
)sql";

// Only expressions have a statistics target. Storage parameters that are defined stay.
constexpr const char* of_indexes = R"sql(
  SELECT 6, format('to_regclass(%L) IS NOT NULL', x.target),
         format('ALTER TABLE %s CLUSTER ON %I', x.indrelid::regclass, p.relname)
  FROM old_index x JOIN pg_class p ON p.oid = x.indexrelid WHERE x.indisclustered
  UNION ALL
  SELECT 6, format('EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(%L) AND indkey[%s] = 0)', x.target,
                   a.attnum - 1),
         format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', x.target, a.attnum, a.attstattarget)
  FROM old_index x JOIN pg_attribute a ON a.attrelid = x.indexrelid AND a.attstattarget >= 0
  UNION ALL
  SELECT 6, format('EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(%L) AND relam = %s AND reloptions IS NULL)',
                   x.target, p.relam),
         format('ALTER INDEX %s SET (%s)', x.target, array_to_string(p.reloptions, ', '))
  FROM old_index x JOIN pg_class p ON p.oid = x.indexrelid AND p.relkind = 'i' AND p.reloptions IS NOT NULL
  UNION ALL
  SELECT 6, format('to_regclass(%L) IS NOT NULL', x.target),
         format('ALTER INDEX %s SET TABLESPACE %I', x.target, t.spcname)
  FROM old_index x JOIN pg_class p ON p.oid = x.indexrelid AND p.relkind = 'i'
  JOIN pg_tablespace t ON t.oid = p.reltablespace
  UNION ALL
  SELECT 6, format('to_regclass(%L) IS NOT NULL', x.target),
         format('ALTER INDEX %s DEPENDS ON EXTENSION %I', x.target, e.extname)
  FROM old_index x JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid AND d.deptype = 'x'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
)sql";

// Such an object is dropped with an extension to which it does not belong.
constexpr const char* dependence_on_extensions = R"sql(
  SELECT 6, NULL, format('ALTER %s %s DEPENDS ON EXTENSION %I',
                         CASE f.kind WHEN 'TABLE' THEN 'MATERIALIZED VIEW' ELSE f.kind END, f.target, e.extname)
  FROM found f
  JOIN pg_depend d ON d.classid = CASE f.kind WHEN 'TABLE' THEN 'pg_class' ELSE 'pg_proc' END::regclass
    AND f.kind IN ('TABLE', 'ROUTINE') AND d.objid = f.oid AND d.deptype = 'x'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
)sql";

// A default that differs from that of any parent, direct or indirect, may be lost together with the parent's.
constexpr const char* of_defaults = R"sql(
  SELECT DISTINCT 7, format('EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(%L) AND attname = %L)',
                            i.target, i.attname),
         format('ALTER TABLE ONLY %s ALTER COLUMN %I ', i.target, i.attname) ||
           coalesce('SET DEFAULT ' || pg_get_expr(own.adbin, own.adrelid), 'DROP DEFAULT')
  FROM item_default i
  JOIN pg_attribute a ON a.attrelid = to_regclass(i.target) AND a.attname = i.attname AND a.attgenerated = ''
  CROSS JOIN LATERAL (
    WITH RECURSIVE ancestor(number) AS (
      SELECT inhparent FROM pg_inherits WHERE inhrelid = a.attrelid
      UNION
      SELECT h.inhparent FROM ancestor JOIN pg_inherits h ON h.inhrelid = ancestor.number)
    SELECT number FROM ancestor) h
  JOIN pg_attribute p ON p.attrelid = h.number AND p.attname = a.attname
  LEFT JOIN pg_attrdef own ON own.adrelid = a.attrelid AND own.adnum = a.attnum
  LEFT JOIN pg_attrdef parents ON parents.adrelid = p.attrelid AND parents.adnum = p.attnum
  WHERE pg_get_expr(own.adbin, own.adrelid) IS DISTINCT FROM pg_get_expr(parents.adbin, parents.adrelid)
)sql";

// A partition gets the triggers of its parent again, enabled as they are there. Before version 15, they are internal.
constexpr const char* of_partitions = R"sql(
  SELECT 7, format('EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(%L) AND tgname = %L)', i.target, t.tgname),
         format('ALTER TABLE ONLY %s %s TRIGGER %I', i.target,
                CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS'
                                 ELSE 'ENABLE' END, t.tgname)
  FROM item i JOIN pg_trigger t ON i.kind = 'PARTITION' AND t.tgrelid = to_regclass(i.target)
    AND (NOT t.tgisinternal OR current_setting('server_version_num')::int < 150000)
  JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = t.oid AND d.refclassid = d.classid
  JOIN pg_trigger whole ON whole.oid = d.refobjid AND whole.tgenabled <> t.tgenabled
)sql";

/// The tables of WITH, and the parts of the query over them.
class Query {
 public:
  void add_table(const std::string& name, const std::string& query) {
    with_ += (with_.empty() ? "" : ", ") + name + " AS (" + query + ')';
  }
  void add_items(const std::string& name, const std::string& rows) { add_table(name, "\n  VALUES " + rows + '\n'); }
  void add(std::string_view part) {
    parts_ += parts_.empty() ? "" : "  UNION ALL";
    parts_ += part;
  }
  [[nodiscard]] std::string text() const {
    return "WITH " + with_ +
           "\nSELECT json_agg(json_build_array(condition, statement) ORDER BY place, statement)\nFROM (" + parts_ +
           ") AS s(place, condition, statement)";
  }

 private:
  std::string with_, parts_;
};

/// Returns those of the tables that are not empty, one after the other.
std::string all_of(const std::vector<std::string>& tables) {
  std::string query;
  for (const std::string& table : tables) {
    if (!table.empty()) query += (query.empty() ? "" : "  UNION ALL") + table;
  }
  return query;
}

}  // namespace

std::string query_to_read(const std::vector<RecreatedItem>& pairs, TargetDatabase target) {
  const auto rows_of = [&](std::string_view kind) {
    return values(pairs, [&](const Item& item) { return item.kind == kind; });
  };
  const std::string items = values(pairs, [](const Item& item) { return item.part.empty(); });
  const std::string columns = rows_of("COLUMN");
  const std::string stored = rows_of("STORAGE");
  const std::string commented = values(pairs, is_commented);
  const std::string defaults = rows_of("DEFAULT");
  const bool has_views = !rows_of("TABLE").empty();
  const bool is_unknown = target == TargetDatabase::any;
  const auto if_has = [](bool condition, const char* table) { return condition ? std::string(table) : std::string(); };
  Query query;
  if (!items.empty()) query.add_items("item(kind, schema, name, target)", items);
  if (const std::string objects = query_of_objects(pairs); !objects.empty()) {
    query.add_table("found", objects);
    query.add(of_items);
    if (has_views || !rows_of("ROUTINE").empty()) query.add(dependence_on_extensions);
  }
  if (!columns.empty()) query.add_items("item_column(kind, schema, name, attname, target)", columns);
  if (!stored.empty()) query.add_items("item_storage(kind, schema, name, attname, target)", stored);
  if (!commented.empty()) query.add_items("item_part(kind, schema, name, part, target)", commented);
  if (!defaults.empty()) query.add_items("item_default(kind, schema, name, attname, target)", defaults);
  const std::string found = all_of({if_has(has_views, columns_of_views), if_has(!columns.empty(), columns_of_tables)});
  if (!found.empty()) {
    query.add_table("found_column", found);
    query.add_table("old_column", columns_to_restore);
    query.add(privileges_of_columns);
    if (!columns.empty()) query.add(comments_of_heirs);
    if (is_unknown) query.add(statistics_of_columns);
  }
  if (is_unknown && (!found.empty() || !stored.empty())) {
    query.add_table("stored_column", all_of({found, if_has(!stored.empty(), columns_with_other_types)}));
    query.add(storage_of_columns);
  }
  if (!commented.empty()) query.add(of_parts);
  const bool has_triggers = !rows_of("TRIGGER").empty();
  if (has_triggers || (is_unknown && has_views)) {
    query.add_table("found_trigger",
                    all_of({if_has(has_triggers, triggers_of_tables), if_has(has_views, triggers_of_views)}));
    query.add_table("old_trigger", triggers_to_restore);
    query.add(of_triggers);
  }
  if (!rows_of("INDEX").empty()) {
    query.add_table("partition_index", indexes_of_partitions);
    query.add(of_indexes_of_partitions);
  }
  if (is_unknown && (has_views || !commented.empty())) {
    query.add_table("old_index",
                    all_of({if_has(has_views, indexes_of_views), if_has(!commented.empty(), indexes_of_tables)}));
    query.add(of_indexes);
  }
  if (!defaults.empty()) query.add(of_defaults);
  if (!rows_of("PARTITION").empty()) query.add(of_partitions);
  if (has_views) query.add(of_views);
  if (has_views && is_unknown) query.add(of_unknown_views);
  if (is_unknown && !rows_of("TYPE").empty()) query.add(of_types);
  return query.text();
}

}  // namespace whimbrel::dialect::postgres
