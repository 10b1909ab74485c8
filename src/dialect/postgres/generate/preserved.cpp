#include "dialect/postgres/generate/preserved.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "dialect/postgres/generate/recreated_item.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;

/// Finds the items that are dropped and created.
class Pairs {
 public:
  Pairs(const std::vector<Operation>& operations, Target target) {
    std::set<std::pair<Name, std::string>> changed;
    for (const Operation& operation : operations) {
      if (const auto* op = std::get_if<AlterColumn>(&operation)) changed.emplace(op->table, op->after.name);
    }
    const auto add = [&](std::vector<At>& all, std::vector<Item> items, std::size_t place) {
      for (Item& item : items) {
        if (target != Target::any && is_commented(item)) continue;
        if (item.kind == "DEFAULT" && changed.contains({item.name, item.part})) continue;  // It gets its own.
        all.push_back({std::move(item), place});
      }
    };
    for (std::size_t i = 0; i < operations.size(); ++i) {
      add(dropped_, dropped_by(operations[i]), i);
      add(created_, created_by(operations[i]), i);
    }
    pair_equal();
    pair_overloads();
  }

  struct Pair {
    Item before;
    std::string target;  ///< Of the created one.
  };
  std::vector<Pair> pairs{};
  std::size_t first = 0, last = 0;

 private:
  struct At {
    Item item;
    std::size_t place;
    bool is_paired = false;
  };

  void pair_equal() {
    std::map<std::tuple<std::string_view, Name, std::string>, At*> created;
    for (At& at : created_) created.emplace(std::tuple(at.item.kind, at.item.name, at.item.part), &at);
    for (At& at : dropped_) {
      const auto found = created.find({at.item.kind, at.item.name, at.item.part});
      if (found != created.end()) pair(at, *found->second);
    }
  }

  /// A function with other arguments is another one for the server. Here it is the same if it is the only one of its
  /// name that is dropped, and one is created.
  void pair_overloads() {
    using ByName = std::map<Name, std::vector<At*>>;
    const auto by_name = [](std::vector<At>& all) {
      ByName result;
      for (At& at : all) {
        const Name& name = at.item.name;
        if (at.is_paired || at.item.kind != "ROUTINE") continue;
        result[{name.schema, name.name.substr(0, name.name.rfind('('))}].push_back(&at);
      }
      return result;
    };
    const ByName created = by_name(created_);
    for (const auto& [name, dropped] : by_name(dropped_)) {
      const auto found = created.find(name);
      if (found == created.end() || dropped.size() != 1 || found->second.size() != 1) continue;
      pair(*dropped.front(), *found->second.front());
    }
  }

  void pair(At& dropped, At& created) {
    dropped.is_paired = created.is_paired = true;
    first = pairs.empty() ? dropped.place : std::min(first, dropped.place);
    last = std::max({last, dropped.place, created.place});
    pairs.push_back({dropped.item, created.item.target});
  }

  std::vector<At> dropped_, created_;
};

std::string quoted(std::string_view text) { return sql::quote_string(text, postgres_syntax); }

/// The rows of VALUES for the items that fulfil the condition, in which only parts of tables have their names.
template <class Condition>
std::string values(const std::vector<Pairs::Pair>& pairs, Condition fulfils) {
  std::string rows;
  for (const auto& [before, target] : pairs) {
    if (!fulfils(before)) continue;
    rows += (rows.empty() ? "(" : ",\n         (") + quoted(before.kind) + ", " + quoted(before.name.schema) + ", " +
            quoted(before.name.name) + ", " + (before.part.empty() ? "" : quoted(before.part) + ", ") + quoted(target) +
            ')';
  }
  return rows;
}

// Default privileges apply again to a new object; `new_roles` are those of them.
// https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
constexpr const char* found_items = R"sql(
), found AS (
  SELECT i.kind, i.target, o.*, o.acl IS NOT NULL OR f.roles IS NOT NULL AS has_privileges, f.roles AS new_roles
  FROM item i
  JOIN pg_namespace n ON n.nspname = coalesce(nullif(i.schema, ''), current_schema())
  CROSS JOIN LATERAL (
    SELECT c.oid, c.relowner AS owner, c.relacl AS acl, 'r' AS letter
    FROM pg_class c WHERE i.kind = 'TABLE' AND c.relnamespace = n.oid AND c.relname = i.name
    UNION ALL
    SELECT p.oid, p.proowner, p.proacl, 'f' FROM pg_proc p
    WHERE i.kind = 'ROUTINE' AND p.pronamespace = n.oid
      AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = i.name
    UNION ALL
    SELECT t.oid, t.typowner, t.typacl, 'T' FROM pg_type t
    WHERE i.kind = 'TYPE' AND t.typnamespace = n.oid AND t.typname = i.name
    UNION ALL
    SELECT x.oid, x.stxowner, NULL, '' FROM pg_statistic_ext x
    WHERE i.kind = 'STATISTICS' AND x.stxnamespace = n.oid AND x.stxname = i.name
    UNION ALL
    SELECT p.oid, p.oprowner, NULL, '' FROM pg_operator p
    WHERE i.kind = 'OPERATOR' AND p.oprnamespace = n.oid
      AND p.oprname || '(' || coalesce(format_type(nullif(p.oprleft, 0), NULL), 'NONE') || ', ' ||
          coalesce(format_type(nullif(p.oprright, 0), NULL), 'NONE') || ')' = i.name
    UNION ALL
    SELECT c.oid, c.opcowner, NULL, '' FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod
    WHERE i.kind = 'OPERATOR CLASS' AND c.opcnamespace = n.oid AND c.opcname || ' USING ' || m.amname = i.name
    UNION ALL
    SELECT f.oid, f.opfowner, NULL, '' FROM pg_opfamily f JOIN pg_am m ON m.oid = f.opfmethod
    WHERE i.kind = 'OPERATOR FAMILY' AND f.opfnamespace = n.oid AND f.opfname || ' USING ' || m.amname = i.name) o
  CROSS JOIN LATERAL (
    SELECT string_agg(DISTINCT g.grantee::regrole::text, ', ') FILTER (WHERE g.grantee <> 0) AS roles
    FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) g
    WHERE pg_get_userbyid(d.defaclrole) = current_user AND d.defaclnamespace IN (0, n.oid)
      AND d.defaclobjtype::text = o.letter) f
)sql";

constexpr const char* columns_of_views = R"sql(
  SELECT f.target, 'v' AS kind, a.*
  FROM found f JOIN pg_attribute a ON f.kind = 'TABLE' AND a.attrelid = f.oid AND a.attnum > 0 AND NOT a.attisdropped
)sql";

constexpr const char* columns_of_tables = R"sql(
  SELECT i.target, 'r' AS kind, a.*
  FROM item_column i
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

constexpr const char* of_items = R"sql(
  SELECT 1, NULL, format('ALTER %s %s OWNER TO %I', kind, target, pg_get_userbyid(owner))
  FROM found WHERE pg_get_userbyid(owner) <> current_user
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

constexpr const char* of_columns = R"sql(
  SELECT 4, is_there, format('GRANT %s (%I) ON %s TO %s', g.privilege_type, c.attname, c.target,
                             CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END) ||
                      CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
  FROM old_column c CROSS JOIN LATERAL aclexplode(c.attacl) g
  UNION ALL
  SELECT 5, is_there, format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', target, attname, attstattarget)
  FROM old_column WHERE attstattarget >= 0
  UNION ALL
  SELECT 5, is_there, format('ALTER TABLE %s ALTER COLUMN %I SET (%s)', target, attname,
                             array_to_string(attoptions, ', '))
  FROM old_column WHERE attoptions IS NOT NULL
)sql";

constexpr const char* of_views = R"sql(
  SELECT 8, NULL, format('REFRESH MATERIALIZED VIEW %s WITH NO DATA', f.target)
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

constexpr const char* of_defaults = R"sql(
  SELECT DISTINCT 7, format('EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(%L) AND attname = %L)',
                            i.target, i.attname),
         format('ALTER TABLE ONLY %s ALTER COLUMN %I ', i.target, i.attname) ||
           coalesce('SET DEFAULT ' || pg_get_expr(own.adbin, own.adrelid), 'DROP DEFAULT')
  FROM item_default i
  JOIN pg_attribute a ON a.attrelid = to_regclass(i.target) AND a.attname = i.attname AND a.attgenerated = ''
  JOIN pg_inherits h ON h.inhrelid = a.attrelid
  JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname
  LEFT JOIN pg_attrdef own ON own.adrelid = a.attrelid AND own.adnum = a.attnum
  LEFT JOIN pg_attrdef parents ON parents.adrelid = p.attrelid AND parents.adnum = p.attnum
  WHERE pg_get_expr(own.adbin, own.adrelid) IS DISTINCT FROM pg_get_expr(parents.adbin, parents.adrelid)
)sql";

// A partition gets the triggers of its parent again, enabled as they are there.
constexpr const char* of_partitions = R"sql(
  SELECT 7, format('EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(%L) AND tgname = %L)', i.target, t.tgname),
         format('ALTER TABLE ONLY %s %s TRIGGER %I', i.target,
                CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS'
                                 ELSE 'ENABLE' END, t.tgname)
  FROM item i JOIN pg_trigger t ON i.kind = 'PARTITION' AND t.tgrelid = to_regclass(i.target) AND NOT t.tgisinternal
  JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = t.oid AND d.refclassid = d.classid
  JOIN pg_trigger whole ON whole.oid = d.refobjid AND whole.tgenabled <> t.tgenabled
)sql";

/// Returns the query of what must run after the items are recreated.
std::string query_to_read(const std::vector<Pairs::Pair>& pairs, Target target) {
  const auto is_kind = [](std::string_view kind) { return [kind](const Item& item) { return item.kind == kind; }; };
  const auto has = [&](std::string_view kind) { return !values(pairs, is_kind(kind)).empty(); };
  const std::string items = values(pairs, [](const Item& item) { return item.part.empty(); });
  const std::string columns = values(pairs, is_kind("COLUMN"));
  const std::string commented = values(pairs, is_commented);
  std::string with;
  std::vector<std::string> parts;
  const auto add_table = [&](const std::string& table) { with += (with.empty() ? "" : ", ") + table; };
  if (!items.empty()) {
    add_table("item(kind, schema, name, target) AS (\n  VALUES " + items + found_items + ")");
    parts.emplace_back(of_items);
  }
  if (!columns.empty()) {
    add_table("item_column(kind, schema, name, attname, target) AS (\n  VALUES " + columns + "\n)");
  }
  if (has("TABLE") || !columns.empty()) {
    add_table("found_column AS (" + std::string(has("TABLE") ? columns_of_views : "") +
              (has("TABLE") && !columns.empty() ? "  UNION ALL" : "") + (columns.empty() ? "" : columns_of_tables) +
              "), old_column AS (" + columns_to_restore + ")");
    parts.emplace_back(of_columns);
  }
  if (!commented.empty()) {
    add_table("item_part(kind, schema, name, part, target) AS (\n  VALUES " + commented + "\n)");
    parts.emplace_back(of_parts);
  }
  const std::string defaults = values(pairs, is_kind("DEFAULT"));
  if (!defaults.empty()) {
    add_table("item_default(kind, schema, name, attname, target) AS (\n  VALUES " + defaults + "\n)");
    parts.emplace_back(of_defaults);
  }
  if (has("PARTITION")) parts.emplace_back(of_partitions);
  if (has("TABLE")) parts.emplace_back(of_views);
  if (has("TABLE") && target == Target::any) parts.emplace_back(of_unknown_views);
  if (has("TYPE") && target == Target::any) parts.emplace_back(of_types);
  std::string query =
      "WITH " + with + "\nSELECT json_agg(json_build_array(condition, statement) ORDER BY place, statement)\nFROM (";
  for (std::size_t i = 0; i < parts.size(); ++i) query += (i == 0 ? "" : "  UNION ALL") + parts[i];
  return query + ") AS s(place, condition, statement)";
}

constexpr const char* block_to_restore = R"sql(
DECLARE
  item json;
  holds boolean;
BEGIN
  FOR item IN SELECT json_array_elements(nullif(current_setting('whimbrel.preserved'), '')::json) LOOP
    EXECUTE 'SELECT ' || coalesce(item->>0, 'true') INTO holds;
    IF holds THEN
      EXECUTE item->>1;
    END IF;
  END LOOP;
  PERFORM set_config('whimbrel.preserved', '', false);
END
)sql";

}  // namespace

std::optional<Preserved> preserved_by(const std::vector<Operation>& operations, Target target) {
  const Pairs found(operations, target);
  if (found.pairs.empty()) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> words = {
      {"owner and privileges of ", {}}, {"comments on ", {}}, {"defaults of ", {}}, {"states of triggers of ", {}}};
  for (const auto& [before, name] : found.pairs) {
    const std::size_t what = before.kind == "PARTITION" ? 3
                             : before.kind == "DEFAULT" ? 2
                             : is_commented(before)     ? 1
                                                        : 0;
    std::string& names = words[what].second;
    names += (names.empty() ? "" : ", ") + name;
    if (before.kind == "COLUMN" || before.kind == "DEFAULT") names += '.' + before.part;
  }
  std::string description;
  for (const auto& [what, names] : words) {
    if (!names.empty()) description += (description.empty() ? "" : "; ") + what + names;
  }
  std::string read = "\nBEGIN\n  PERFORM set_config('whimbrel.preserved', (\n" + query_to_read(found.pairs, target) +
                     "\n)::text, false);\nEND\n";
  return Preserved{found.first, found.last, do_block(read), do_block(block_to_restore), std::move(description)};
}

std::string do_block(const std::string& block) {
  std::string quotes = "$whimbrel$";
  while (block.find(quotes) != std::string::npos) quotes.insert(quotes.size() - 1, "_");
  return "DO " + quotes + block + quotes;
}

}  // namespace whimbrel::dialect::postgres
