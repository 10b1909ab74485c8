#include "dialect/postgres/inspect/queries.h"

namespace whimbrel::dialect::postgres {

namespace {

/// The name of a function without arguments; NULL for 0. The type regproc writes the schema of an overloaded one.
std::string routine(const std::string& number) {
  return R"sql((SELECT CASE WHEN home.nspname = current_schema() THEN '' ELSE quote_ident(home.nspname) || '.' END ||
                       quote_ident(r.proname)
                FROM pg_proc r JOIN pg_namespace home ON home.oid = r.pronamespace WHERE r.oid = )sql" +
         number + ")";
}

/// Another operator; NULL for 0.
std::string operator_name(const std::string& number) {
  return R"sql((SELECT CASE WHEN home.nspname = current_schema() THEN other.oprname
                            ELSE 'OPERATOR(' || quote_ident(home.nspname) || '.' || other.oprname || ')' END
                FROM pg_operator other JOIN pg_namespace home ON home.oid = other.oprnamespace WHERE other.oid = )sql" +
         number + ")";
}

/// The operators and functions of an operator class, or those of a family that are in none of its classes; NULL for
/// none.
std::string members_of(const std::string& catalogue, const std::string& number) {
  const std::string is_member = " AND d.refclassid = '" + catalogue + "'::regclass AND d.refobjid = " + number;
  return R"sql((SELECT string_agg(m.text, ', ' ORDER BY m.text)
                FROM (SELECT 'OPERATOR ' || a.amopstrategy || ' ' || a.amopopr::regoperator ||
                               coalesce(' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sorting.opfname), '')
                      FROM pg_depend d JOIN pg_amop a ON a.oid = d.objid
                      LEFT JOIN pg_opfamily sorting ON sorting.oid = a.amopsortfamily
                      LEFT JOIN pg_namespace sn ON sn.oid = sorting.opfnamespace
                      WHERE d.classid = 'pg_amop'::regclass)sql" +
         is_member + R"sql(
                      UNION ALL
                      SELECT 'FUNCTION ' || p.amprocnum || ' (' || format_type(p.amproclefttype, NULL) || ', ' ||
                               format_type(p.amprocrighttype, NULL) || ') ' || p.amproc::regprocedure
                      FROM pg_depend d JOIN pg_amproc p ON p.oid = d.objid
                      WHERE d.classid = 'pg_amproc'::regclass)sql" +
         is_member + ") AS m(text))";
}

}  // namespace

// A cast belongs to no schema, so it is that of its types. That of a range to its multirange is a part of the type.
std::string casts(const OidFilter& filter) {
  return R"sql(
SELECT 'pg_cast', k.oid, 'cast', '', x.text, '(' || x.text || ')',
       'CREATE CAST (' || x.text || ') ' ||
         CASE k.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || k.castfunc::regprocedure::text WHEN 'i' THEN 'WITH INOUT'
                           ELSE 'WITHOUT FUNCTION' END ||
         CASE k.castcontext WHEN 'i' THEN ' AS IMPLICIT' WHEN 'a' THEN ' AS ASSIGNMENT' ELSE '' END
FROM pg_cast k
CROSS JOIN LATERAL (SELECT format_type(k.castsource, NULL) || ' AS ' || format_type(k.casttarget, NULL) AS text) x
WHERE k.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = k.oid AND d.deptype = 'i'))sql" +
         std::string(filter.scope.everything
                         ? ""
                         : " AND EXISTS (SELECT FROM pg_type t JOIN scope s ON s.oid = t.typnamespace WHERE t.oid IN "
                           "(k.castsource, k.casttarget))") +
         filter.has("pg_cast", "k.oid");
}

// Without a function, it is only named by another one that it shall commute with.
std::string operators(const OidFilter& filter) {
  return R"sql(
SELECT 'pg_operator', o.oid, 'operator', s.schema, o.oprname || '(' || x.arguments || ')',
       s.prefix || o.oprname || ' (' || x.arguments || ')',
       'CREATE OPERATOR ' || s.prefix || o.oprname || ' (' || concat_ws(', ',
         'function = ' || )sql" +
         routine("o.oprcode") + R"sql(,
         'leftarg = ' || format_type(nullif(o.oprleft, 0), NULL),
         'rightarg = ' || format_type(nullif(o.oprright, 0), NULL),
         'commutator = ' || )sql" +
         operator_name("o.oprcom") + R"sql(,
         'negator = ' || )sql" +
         operator_name("o.oprnegate") + R"sql(,
         'restrict = ' || )sql" +
         routine("o.oprrest") + R"sql(,
         'join = ' || )sql" +
         routine("o.oprjoin") + R"sql(,
         CASE WHEN o.oprcanhash THEN 'hashes' END, CASE WHEN o.oprcanmerge THEN 'merges' END) || ')'
FROM pg_operator o JOIN scope s ON s.oid = o.oprnamespace
CROSS JOIN LATERAL (SELECT coalesce(format_type(nullif(o.oprleft, 0), NULL), 'NONE') || ', ' ||
                             coalesce(format_type(nullif(o.oprright, 0), NULL), 'NONE') AS arguments) x
WHERE o.oprcode <> 0)sql" +
         not_hidden("operator", "o.oid") + filter.has("pg_operator", "o.oid");
}

// A class whose family is not named gets one of its own name.
std::string operator_classes(const OidFilter& filter) {
  return R"sql(
SELECT 'pg_opfamily', f.oid, 'operator family', s.schema, f.opfname || ' USING ' || m.amname, x.target,
       'CREATE OPERATOR FAMILY ' || x.target || coalesce(E';\nALTER OPERATOR FAMILY ' || x.target || ' ADD ' || )sql" +
         members_of("pg_opfamily", "f.oid") + R"sql(, '')
FROM pg_opfamily f JOIN scope s ON s.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod
CROSS JOIN LATERAL (SELECT s.prefix || quote_ident(f.opfname) || ' USING ' || quote_ident(m.amname) AS target) x
WHERE true)sql" +
         filter.has("pg_opfamily", "f.oid") + R"sql(
UNION ALL
SELECT 'pg_opclass', c.oid, 'operator class', s.schema, c.opcname || ' USING ' || m.amname,
       s.prefix || quote_ident(c.opcname) || ' USING ' || quote_ident(m.amname),
       'CREATE OPERATOR CLASS ' || s.prefix || quote_ident(c.opcname) || CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END ||
         ' FOR TYPE ' || format_type(c.opcintype, NULL) || ' USING ' || quote_ident(m.amname) || ' FAMILY ' ||
         CASE WHEN fn.nspname = current_schema() THEN '' ELSE quote_ident(fn.nspname) || '.' END ||
         quote_ident(f.opfname) || ' AS ' ||
         concat_ws(', ', 'STORAGE ' || format_type(CASE WHEN c.opckeytype <> 0 THEN c.opckeytype
                                                        WHEN x.members IS NULL THEN c.opcintype END, NULL), x.members)
FROM pg_opclass c JOIN scope s ON s.oid = c.opcnamespace JOIN pg_am m ON m.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily JOIN pg_namespace fn ON fn.oid = f.opfnamespace
CROSS JOIN LATERAL (SELECT )sql" +
         members_of("pg_opclass", "c.oid") + R"sql( AS members) x
WHERE true)sql" +
         filter.has("pg_opclass", "c.oid");
}

}  // namespace whimbrel::dialect::postgres
