#include "dialect/postgres/generate/found_objects.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace whimbrel::dialect::postgres {

namespace {

struct ObjectCatalogue {
  std::string_view kind;
  const char* query;
};

// In the letter is the kind of object for acldefault().
constexpr std::array object_catalogues = {
    ObjectCatalogue{"TABLE", R"sql(
    SELECT c.oid, c.relowner, c.relacl, 'r'
    FROM pg_class c WHERE i.kind = 'TABLE' AND c.relnamespace = n.oid AND c.relname = i.name)sql"},
    ObjectCatalogue{"SEQUENCE", R"sql(
    SELECT c.oid, c.relowner, c.relacl, 's'
    FROM pg_class c WHERE i.kind = 'SEQUENCE' AND c.relnamespace = n.oid AND c.relname = i.name)sql"},
    ObjectCatalogue{"ROUTINE", R"sql(
    SELECT p.oid, p.proowner, p.proacl, 'f' FROM pg_proc p
    WHERE i.kind = 'ROUTINE' AND p.pronamespace = n.oid
      AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = i.name)sql"},
    ObjectCatalogue{"TYPE", R"sql(
    SELECT t.oid, t.typowner, t.typacl, 'T' FROM pg_type t
    WHERE i.kind = 'TYPE' AND t.typnamespace = n.oid AND t.typname = i.name)sql"},
    ObjectCatalogue{"STATISTICS", R"sql(
    SELECT x.oid, x.stxowner, NULL::aclitem[], '' FROM pg_statistic_ext x
    WHERE i.kind = 'STATISTICS' AND x.stxnamespace = n.oid AND x.stxname = i.name)sql"},
    ObjectCatalogue{"OPERATOR", R"sql(
    SELECT p.oid, p.oprowner, NULL::aclitem[], '' FROM pg_operator p
    WHERE i.kind = 'OPERATOR' AND p.oprnamespace = n.oid
      AND p.oprname || '(' || coalesce(format_type(nullif(p.oprleft, 0), NULL), 'NONE') || ', ' ||
          coalesce(format_type(nullif(p.oprright, 0), NULL), 'NONE') || ')' = i.name)sql"},
    ObjectCatalogue{"OPERATOR CLASS", R"sql(
    SELECT c.oid, c.opcowner, NULL::aclitem[], '' FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod
    WHERE i.kind = 'OPERATOR CLASS' AND c.opcnamespace = n.oid AND c.opcname || ' USING ' || m.amname = i.name)sql"},
    ObjectCatalogue{"OPERATOR FAMILY", R"sql(
    SELECT f.oid, f.opfowner, NULL::aclitem[], '' FROM pg_opfamily f JOIN pg_am m ON m.oid = f.opfmethod
    WHERE i.kind = 'OPERATOR FAMILY' AND f.opfnamespace = n.oid AND f.opfname || ' USING ' || m.amname = i.name)sql"},
};

constexpr const char* from_items = R"sql(
  SELECT i.kind, i.target, o.*, o.acl IS NOT NULL OR f.are_any AS has_privileges, f.roles AS new_roles
  FROM item i
  JOIN pg_namespace n ON n.nspname = coalesce(nullif(i.schema, ''), current_schema())
  CROSS JOIN LATERAL ()sql";

// Default privileges apply again to a new object; `new_roles` are those that get them, besides PUBLIC.
// https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
constexpr const char* with_default_privileges = R"sql() o(oid, owner, acl, letter)
  CROSS JOIN LATERAL (
    SELECT string_agg(DISTINCT g.grantee::regrole::text, ', ') FILTER (WHERE g.grantee <> 0) AS roles,
           count(*) > 0 AS are_any
    FROM pg_default_acl d LEFT JOIN LATERAL aclexplode(d.defaclacl) g ON true
    WHERE pg_get_userbyid(d.defaclrole) = current_user AND d.defaclnamespace IN (0, n.oid)
      AND d.defaclobjtype::text = CASE o.letter WHEN 's' THEN 'S' ELSE o.letter END) f
)sql";

}  // namespace

std::string query_of_objects(const std::vector<RecreatedItem>& items) {
  std::string objects;
  for (const auto& [kind, query] : object_catalogues) {
    const std::string_view wanted = kind;
    const auto has_kind = [wanted](const RecreatedItem& item) { return item.before.kind == wanted; };
    if (std::none_of(items.begin(), items.end(), has_kind)) continue;
    objects += objects.empty() ? "" : "\n    UNION ALL";
    objects += query;
  }
  return objects.empty() ? objects : from_items + objects + with_default_privileges;
}

}  // namespace whimbrel::dialect::postgres
