#include <unordered_map>

#include "dialect/postgres/inspect/catalog_state.h"
#include "dialect/postgres/inspect/queries.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::Grant;
using model::OwnedObject;
using model::Privileges;

// Each of these has the columns kind, number, place, schema, name, target, owner, follows, acl. Others than schemas and
// routines have no target, since their names suffice. The owner of a sequence that belongs to a column is the table's.

constexpr const char* relation_query = R"sql(
SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
       c.oid, 0, s.schema, c.relname::text, '', c.relowner,
       c.relkind = 'S' AND EXISTS (
         SELECT FROM pg_depend d
         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
           AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')),
       c.relacl
FROM pg_class c JOIN scope s ON s.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S'))sql";

// All columns are read, since only those that still exist can be in a REVOKE.
constexpr const char* column_query = R"sql(
SELECT 'COLUMN', a.attrelid, a.attnum, '', a.attname::text, '', c.relowner, false, a.attacl
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN scope s ON s.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped)sql";

// An aggregate may have an ORDER BY among its arguments, which other statements do not take.
constexpr const char* routine_query = R"sql(
SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, p.oid, 0, s.schema,
       p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
       s.prefix || quote_ident(p.proname) || '(' || CASE p.prokind WHEN 'a' THEN oidvectortypes(p.proargtypes)
         ELSE pg_get_function_identity_arguments(p.oid) END || ')',
       p.proowner, false, p.proacl
FROM pg_proc p JOIN scope s ON s.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                  AND d.deptype = 'i'))sql";

constexpr const char* type_query = R"sql(
SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.oid, 0, s.schema, t.typname::text, '',
       t.typowner, false, t.typacl
FROM pg_type t JOIN scope s ON s.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c'))sql";

constexpr const char* schema_query = R"sql(
SELECT 'SCHEMA', n.oid, 0, s.schema, '', '"' || replace(n.nspname, '"', '""') || '"', n.nspowner, false, n.nspacl
FROM pg_namespace n JOIN scope s ON s.oid = n.oid
WHERE true)sql";

// These have owners, but no privileges.
constexpr const char* owned_only = R"sql(
SELECT 'COLLATION', k.oid, 0, s.schema, k.collname::text, '', k.collowner, false,
       NULL::aclitem[]
FROM pg_collation k JOIN scope s ON s.oid = k.collnamespace
UNION ALL
SELECT 'STATISTICS', x.oid, 0, s.schema, x.stxname::text, '', x.stxowner, false, NULL
FROM pg_statistic_ext x JOIN scope s ON s.oid = x.stxnamespace
UNION ALL
SELECT 'OPERATOR', o.oid, 0, s.schema, o.oprname || '(' || x.arguments || ')',
       s.prefix || o.oprname || ' (' || x.arguments || ')', o.oprowner, false, NULL
FROM pg_operator o JOIN scope s ON s.oid = o.oprnamespace
CROSS JOIN LATERAL (SELECT coalesce(format_type(nullif(o.oprleft, 0), NULL), 'NONE') || ', ' ||
                             coalesce(format_type(nullif(o.oprright, 0), NULL), 'NONE') AS arguments) x
WHERE o.oprcode <> 0 AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_operator'::regclass AND m.objid = o.oid)
  AND (s.prefix <> '' OR pg_operator_is_visible(o.oid))
UNION ALL
SELECT 'OPERATOR CLASS', c.oid, 0, s.schema, c.opcname || ' USING ' || m.amname,
       s.prefix || quote_ident(c.opcname) || ' USING ' || quote_ident(m.amname), c.opcowner, false, NULL
FROM pg_opclass c JOIN scope s ON s.oid = c.opcnamespace JOIN pg_am m ON m.oid = c.opcmethod
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_opclass'::regclass AND m.objid = c.oid)
UNION ALL
SELECT 'OPERATOR FAMILY', f.oid, 0, s.schema, f.opfname || ' USING ' || m.amname,
       s.prefix || quote_ident(f.opfname) || ' USING ' || quote_ident(m.amname), f.opfowner, false, NULL
FROM pg_opfamily f JOIN scope s ON s.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod
WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_opfamily'::regclass AND m.objid = f.oid)
UNION ALL
SELECT 'PUBLICATION', b.oid, 0, '', b.pubname::text, '', b.pubowner, false, NULL
FROM pg_publication b WHERE NOT b.puballtables)sql";

constexpr const char* defaults = R"sql(
SELECT 'DEFAULT', d.oid, CASE WHEN d.defaclnamespace = 0 THEN 0 ELSE 1 END, coalesce(s.schema, ''),
       CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                            WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
       coalesce('"' || replace(s.nspname, '"', '""') || '"', ''), d.defaclrole, false, d.defaclacl
FROM pg_default_acl d LEFT JOIN scope s ON s.oid = d.defaclnamespace
WHERE d.defaclnamespace = 0 OR s.oid IS NOT NULL)sql";

// The owner is an arbitrary role: the server's own.
constexpr const char* initial = R"sql(
SELECT 'INITIAL', 0, k.place, '', k.kind, '', 10, false, acldefault(k.letter::"char", 10)
FROM (VALUES (1, 'TABLE', 'r'), (2, 'SEQUENCE', 's'), (3, 'FUNCTION', 'f'), (4, 'TYPE', 'T'), (5, 'SCHEMA', 'n'),
             (6, 'LARGE OBJECT', 'L')) AS k(place, kind, letter))sql";

constexpr const char* reader = R"sql(
SELECT 'READER', 0, 0, '', '', '', r.oid, false, NULL FROM pg_roles r WHERE r.rolname = current_user)sql";

/// A row of the query.
struct PrivilegeRow {
  explicit PrivilegeRow(Fields& row)
      : kind(row.text()),
        number(row.number()),
        place(row.number()),
        schema(row.text()),
        name(row.text()),
        target(row.text()),
        owner(row.text()),
        follows(row.flag()),
        is_initial(row.flag()) {
    grant.grantor = row.text();
    grant.role = row.text();
    grant.privilege = row.text();
    grant.grantable = row.flag();
  }

  std::string kind;
  std::int64_t number, place;
  std::string schema, name, target, owner;
  bool follows, is_initial;
  Grant grant;
};

/// Puts the rows together; those of an object come one after the other, and those of columns last.
class Reader {
 public:
  Privileges read(const Rows::Data& rows) {
    result_.defaults.emplace();
    for (const std::vector<Value>& values : rows.values) {
      Fields fields(values);
      add(PrivilegeRow(fields));
    }
    return std::move(result_);
  }

 private:
  void add(PrivilegeRow row) {
    const bool has_grant = !row.grant.privilege.empty();
    if (row.kind == "READER") {
      result_.reader = std::move(row.owner);
      return;
    }
    if (row.kind == "INITIAL") {
      model::InitialPrivileges& kind = result_.initial[row.name];
      if (has_grant) (row.grant.role.empty() ? kind.everybody : kind.owner).push_back(row.grant.privilege);
      return;
    }
    std::vector<Grant>* const grants = row.kind == "DEFAULT" ? find_defaults(row) : find_object(row);
    if (grants != nullptr && has_grant) grants->push_back(std::move(row.grant));
  }

  std::vector<Grant>* find_defaults(const PrivilegeRow& row) {
    if (row.number != last_default_) {
      last_default_ = row.number;
      model::DefaultPrivileges& made = result_.defaults->emplace_back();
      made.role = row.owner;
      made.kind = row.name;
      made.target = row.target;
      if (row.place != 0) made.schema = row.schema;
    }
    return &result_.defaults->back().grants;
  }

  std::vector<Grant>* find_object(PrivilegeRow& row) {
    if (row.kind == "COLUMN") {
      const auto found = relations_.find(row.number);
      return found == relations_.end() ? nullptr : &result_.objects[found->second].columns[row.name];
    }
    if (row.kind != last_kind_ || row.number != last_) {
      last_kind_ = row.kind;
      last_ = row.number;
      if (row.kind == "TABLE" || row.kind.ends_with("VIEW")) relations_[row.number] = result_.objects.size();
      result_.objects.push_back(
          {std::move(row.kind), {row.schema, row.name}, row.target, row.owner, row.follows, {}, {}});
    }
    OwnedObject& object = result_.objects.back();
    if (row.is_initial) return nullptr;
    if (!object.grants) object.grants.emplace();
    return &*object.grants;
  }

  Privileges result_;
  std::int64_t last_default_ = 0;
  std::string last_kind_;
  std::int64_t last_ = 0;
  std::unordered_map<std::int64_t, std::size_t> relations_;
};

}  // namespace

std::string privileges_query(const InspectScope& scope) {
  std::string query = scope_text(scope) + ", item(kind, number, place, schema, name, target, owner, follows, acl) AS (";
  query += relation_query + not_hidden("table", "c.oid") + not_member("pg_class", "c.oid");
  query += "\nUNION ALL" + (column_query + not_hidden("table", "c.oid") + not_member("pg_class", "c.oid"));
  query += "\nUNION ALL" + (routine_query + not_hidden("function", "p.oid") + not_member("pg_proc", "p.oid"));
  query += "\nUNION ALL" + (type_query + not_hidden("type", "t.oid") + not_member("pg_type", "t.oid"));
  query += "\nUNION ALL" + (schema_query + not_member("pg_namespace", "n.oid"));
  for (const char* const part : {owned_only, defaults, initial, reader}) query += "\nUNION ALL" + std::string(part);
  return query + R"sql(
)
SELECT i.kind, i.number::bigint, i.place::bigint, i.schema, i.name, i.target, pg_get_userbyid(i.owner)::text,
       i.follows, i.acl IS NULL, pg_get_userbyid(g.grantor)::text,
       CASE WHEN g.grantee <> 0 THEN pg_get_userbyid(g.grantee)::text END, g.privilege_type, g.is_grantable
FROM item i LEFT JOIN LATERAL aclexplode(i.acl) g ON true
ORDER BY i.kind = 'COLUMN', i.kind, i.number, i.place)sql";
}

Privileges read_privileges(const Catalog& catalog) { return Reader().read(catalog.privileges); }

}  // namespace whimbrel::dialect::postgres
