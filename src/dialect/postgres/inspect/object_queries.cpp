#include "dialect/postgres/inspect/queries.h"

namespace whimbrel::dialect::postgres {

namespace {

/// An OID above all of the server's own: FirstNormalObjectId.
constexpr const char* first_own_object = "16384";

/// The name of a collation as the type regcollation writes it, which version 12 does not have.
std::string visible_collation(const std::string& number) {
  return R"sql((SELECT CASE WHEN pg_collation_is_visible(named.oid) THEN '' ELSE quote_ident(home.nspname) || '.' END ||
                       quote_ident(named.collname)
                FROM pg_collation named JOIN pg_namespace home ON home.oid = named.collnamespace
                WHERE named.oid = )sql" +
         number + ")";
}

// Each of these has the columns catalog, OID, kind, schema, name, target and definition; the target is its name in DROP
// and COMMENT. Five more are NULL for most: the statement that moves it to its schema, that schema, and the three parts
// of model::Alteration.
constexpr const char* nothing_more = ", NULL::text, NULL::text, NULL::text, NULL::bigint, NULL::text";

// The default schema is known only where the statement runs.
constexpr const char* extensions = R"sql(
SELECT 'pg_extension', e.oid, 'extension', '', e.extname::text, quote_ident(e.extname),
       'CREATE EXTENSION IF NOT EXISTS ' || quote_ident(e.extname) ||
         CASE WHEN n.nspname = current_schema() THEN '' ELSE ' WITH SCHEMA ' || quote_ident(n.nspname) END,
       CASE WHEN NOT e.extrelocatable THEN NULL
            WHEN n.nspname <> current_schema() THEN
              'ALTER EXTENSION ' || quote_ident(e.extname) || ' SET SCHEMA ' || quote_ident(n.nspname)
            ELSE 'DO $whimbrel$ BEGIN EXECUTE ' ||
                 quote_literal('ALTER EXTENSION ' || quote_ident(e.extname) || ' SET SCHEMA ') ||
                 ' || quote_ident(current_schema()); END $whimbrel$' END,
       CASE WHEN n.nspname <> current_schema() THEN n.nspname END, NULL::text, NULL::bigint, NULL::text
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.oid >= )sql";

std::string collations(const OidFilter& filter, const VersionText& version) {
  return R"sql(
SELECT 'pg_collation', k.oid, 'collation', s.schema, k.collname, s.prefix || quote_ident(k.collname),
       'CREATE COLLATION ' || s.prefix || quote_ident(k.collname) || ' (' || concat_ws(', ',
         'provider = ' || CASE k.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
         'locale = ' || quote_literal()sql" +
         version.collation_locale + R"sql(),
         CASE k.collprovider WHEN 'c' THEN 'lc_collate = ' || quote_literal(k.collcollate) END,
         CASE k.collprovider WHEN 'c' THEN 'lc_ctype = ' || quote_literal(k.collctype) END,
         CASE WHEN NOT k.collisdeterministic THEN 'deterministic = false' END,
         'rules = ' || quote_literal()sql" +
         version.collation_rules + R"sql()) || ')'
FROM pg_collation k JOIN scope s ON s.oid = k.collnamespace
WHERE true)sql" +
         not_hidden("collation", "k.oid") + filter.has("pg_collation", "k.oid");
}

// Check constraints of a domain that are NOT VALID cannot be in CREATE DOMAIN.
std::string domains(const OidFilter& filter) {
  return R"sql(
SELECT 'pg_type', t.oid, 'domain', s.schema, t.typname, s.prefix || quote_ident(t.typname),
       'CREATE DOMAIN ' || s.prefix || quote_ident(t.typname) || ' AS ' || format_type(t.typbasetype, t.typtypmod) ||
         coalesce((SELECT ' COLLATE ' || )sql" +
         visible_collation("k.oid") + R"sql( FROM pg_collation k
                   JOIN pg_type b ON b.oid = t.typbasetype
                   WHERE k.oid = t.typcollation AND k.oid <> b.typcollation), '') ||
         coalesce(' DEFAULT ' || pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), '') ||
         CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END ||
         coalesce((SELECT string_agg(' CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), ''
                                     ORDER BY k.conname)
                   FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), '') ||
         coalesce((SELECT string_agg(E';\nALTER DOMAIN ' || s.prefix || quote_ident(t.typname) || ' ADD CONSTRAINT ' ||
                                     quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
                   FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND NOT k.convalidated), '')
FROM pg_type t JOIN scope s ON s.oid = t.typnamespace
WHERE t.typtype = 'd')sql" +
         not_hidden("type", "t.oid") + filter.has("pg_type", "t.oid");
}

std::string composite_types(const OidFilter& filter) {
  return R"sql(
SELECT 'pg_type', t.oid, 'type', s.schema, t.typname, s.prefix || quote_ident(t.typname),
       'CREATE TYPE ' || s.prefix || quote_ident(t.typname) || ' AS (' ||
         coalesce((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ||
                                       CASE WHEN a.attcollation <> b.typcollation
                                            THEN ' COLLATE ' || )sql" +
         visible_collation("a.attcollation") + R"sql( ELSE '' END,
                                     ', ' ORDER BY a.attnum)
                   FROM pg_attribute a JOIN pg_type b ON b.oid = a.atttypid
                   WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')'
FROM pg_type t JOIN scope s ON s.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype = 'c' AND c.relkind = 'c')sql" +
         not_hidden("type", "t.oid") + filter.has("pg_type", "t.oid");
}

std::string range_types(const OidFilter& filter, const VersionText& version) {
  return R"sql(
SELECT 'pg_type', t.oid, 'type', s.schema, t.typname, s.prefix || quote_ident(t.typname),
       'CREATE TYPE ' || s.prefix || quote_ident(t.typname) || ' AS RANGE (subtype = ' || format_type(r.rngsubtype, NULL) ||
         CASE WHEN o.opcdefault THEN ''
              ELSE ', subtype_opclass = ' || quote_ident(n.nspname) || '.' || quote_ident(o.opcname) END ||
         CASE WHEN r.rngcollation IN (0, b.typcollation) THEN ''
              ELSE ', collation = ' || )sql" +
         visible_collation("r.rngcollation") + R"sql( END ||
         CASE WHEN r.rngsubdiff = 0 THEN '' ELSE ', subtype_diff = ' || r.rngsubdiff::regproc::text END ||
         )sql" +
         version.multirange + R"sql( || ')'
FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN scope s ON s.oid = t.typnamespace
JOIN pg_type b ON b.oid = r.rngsubtype JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace n ON n.oid = o.opcnamespace
WHERE r.rngcanonical = 0)sql" +
         not_hidden("type", "t.oid") + filter.has("pg_type", "t.oid");
}

// What CREATE OR REPLACE FUNCTION must keep: the kind, the result, the names and types of the parameters, and the types
// of polymorphic defaults. The types of the input parameters are a part of the name.
// https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-NOTES
constexpr const char* routine_facts = R"sql(NULL, NULL,
       concat_ws(' ', p.prokind, pg_get_function_result(p.oid), p.proargnames, p.proargmodes,
                 CASE WHEN p.proallargtypes IS NOT NULL THEN
                   (SELECT string_agg(format_type(t.oid, NULL), ',' ORDER BY t.place)
                    FROM unnest(p.proallargtypes) WITH ORDINALITY t(oid, place)) END,
                 CASE WHEN p.pronargdefaults > 0 AND EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (p.proargtypes)
                                                             AND t.typtype = 'p')
                      THEN pg_get_expr(p.proargdefaults, 0) END),
       p.pronargdefaults::bigint, NULL)sql";

// The server always qualifies the name. Parts of other objects ('i'), such as the constructors of ranges, come with
// these.
std::string functions(const OidFilter& filter) {
  return R"sql(
SELECT 'pg_proc', p.oid, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, s.schema,
       p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
       s.prefix || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       CASE WHEN s.prefix = '' THEN overlay(f.text PLACING '' FROM strpos(f.text, quote_ident(s.nspname) || '.')
                                            FOR length(quote_ident(s.nspname)) + 1)
            ELSE f.text END, )sql" +
         std::string(routine_facts) + R"sql(
FROM pg_proc p JOIN scope s ON s.oid = p.pronamespace
CROSS JOIN LATERAL (SELECT CASE WHEN p.prokind <> 'a' THEN rtrim(pg_get_functiondef(p.oid), E'\n') END AS text) f
WHERE p.prokind <> 'a'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                  AND d.deptype = 'i'))sql" +
         not_hidden("function", "p.oid") + filter.has("pg_proc", "p.oid");
}

std::string aggregates(const OidFilter& filter) {
  return R"sql(
SELECT 'pg_proc', p.oid, 'aggregate', s.schema, p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
       s.prefix || quote_ident(p.proname) || '(' || args.text || ')',
       'CREATE AGGREGATE ' || s.prefix || quote_ident(p.proname) || '(' || args.text || ') (' || concat_ws(', ',
         'sfunc = ' || a.aggtransfn::regproc::text, 'stype = ' || format_type(a.aggtranstype, NULL),
         'sspace = ' || nullif(a.aggtransspace, 0),
         'finalfunc = ' || nullif(a.aggfinalfn, 0)::regproc::text,
         CASE WHEN a.aggfinalextra THEN 'finalfunc_extra' END,
         CASE a.aggfinalmodify WHEN 's' THEN 'finalfunc_modify = shareable'
                               WHEN 'w' THEN 'finalfunc_modify = read_write' END,
         'combinefunc = ' || nullif(a.aggcombinefn, 0)::regproc::text,
         'serialfunc = ' || nullif(a.aggserialfn, 0)::regproc::text,
         'deserialfunc = ' || nullif(a.aggdeserialfn, 0)::regproc::text,
         'initcond = ' || quote_literal(a.agginitval),
         'msfunc = ' || nullif(a.aggmtransfn, 0)::regproc::text,
         'minvfunc = ' || nullif(a.aggminvtransfn, 0)::regproc::text,
         'mstype = ' || format_type(nullif(a.aggmtranstype, 0), NULL),
         'msspace = ' || nullif(a.aggmtransspace, 0),
         'mfinalfunc = ' || nullif(a.aggmfinalfn, 0)::regproc::text,
         CASE WHEN a.aggmfinalextra THEN 'mfinalfunc_extra' END,
         'minitcond = ' || quote_literal(a.aggminitval),
         (SELECT 'sortop = OPERATOR(' || quote_ident(n.nspname) || '.' || o.oprname || ')'
          FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
         CASE p.proparallel WHEN 's' THEN 'parallel = safe' WHEN 'r' THEN 'parallel = restricted' END) || ')'
FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN scope s ON s.oid = p.pronamespace
CROSS JOIN LATERAL (SELECT coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') AS text) args
WHERE a.aggkind = 'n')sql" +
         not_hidden("function", "p.oid") + filter.has("pg_proc", "p.oid");
}

// The server lists columns by their numbers, which differ between databases. What precedes them is the name and kinds.
std::string statistics(const OidFilter& filter, const VersionText& version) {
  return R"sql(
SELECT 'pg_statistic_ext', x.oid, 'statistics', s.schema, x.stxname, s.prefix || quote_ident(x.stxname),
       f.text || coalesce(E';\n' || a.text || )sql" +
         version.statistics_target + R"sql(, ''), NULL, NULL,
       f.text, NULL::bigint, a.text || coalesce()sql" +
         version.statistics_target + R"sql(::text, '-1')
FROM pg_statistic_ext x JOIN scope s ON s.oid = x.stxnamespace
CROSS JOIN LATERAL (SELECT pg_get_statisticsobjdef(x.oid) AS text,
                           length('CREATE STATISTICS ' || quote_ident(s.nspname) || '.' || quote_ident(x.stxname)) AS named) d
CROSS JOIN LATERAL (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS by_number,
                           string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) AS by_name
                    FROM pg_attribute a WHERE a.attrelid = x.stxrelid AND a.attnum = ANY (x.stxkeys)) k
CROSS JOIN LATERAL (SELECT CASE WHEN k.by_number IS NULL THEN d.text
                                ELSE overlay(d.text PLACING k.by_name FROM
                                             d.named + strpos(substr(d.text, d.named + 1), ' ON ') + 4
                                             FOR length(k.by_number)) END AS text) o
CROSS JOIN LATERAL (SELECT CASE WHEN s.prefix = ''
                                THEN overlay(o.text PLACING '' FROM strpos(o.text, quote_ident(s.nspname) || '.')
                                             FOR length(quote_ident(s.nspname)) + 1)
                                ELSE o.text END AS text) f
CROSS JOIN LATERAL (SELECT 'ALTER STATISTICS ' || s.prefix || quote_ident(x.stxname) || ' SET STATISTICS ' AS text) a
WHERE NOT EXISTS (SELECT FROM pg_class c JOIN scope home ON home.oid = c.relnamespace
                  WHERE c.oid = x.stxrelid
                    AND CASE WHEN home.prefix = '' THEN NOT pg_table_is_visible(c.oid) ELSE false END))sql" +
         filter.has("pg_statistic_ext", "x.oid");
}

// ALTER POLICY can change neither the command nor the kind, and it can remove no condition.
// https://www.postgresql.org/docs/current/sql-alterpolicy.html
std::string policies(const OidFilter& filter) {
  return R"sql(
SELECT 'pg_policy', p.oid, 'policy', s.schema, p.polname || ' of ' || c.relname, d.target,
       'CREATE POLICY ' || d.target || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END ||
         CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE'
                       WHEN 'd' THEN ' FOR DELETE' ELSE '' END ||
         coalesce(' TO ' || d.roles, '') || d.conditions, NULL, NULL,
       concat_ws(' ', p.polpermissive, p.polcmd, p.polqual IS NULL, p.polwithcheck IS NULL), NULL::bigint,
       'ALTER POLICY ' || d.target || ' TO ' || coalesce(d.roles, 'PUBLIC') || d.conditions
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN scope s ON s.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT quote_ident(p.polname) || ' ON ' || s.prefix || quote_ident(c.relname) AS target,
                           (SELECT string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname)
                            FROM pg_roles r WHERE r.oid = ANY (p.polroles)) AS roles,
                           coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') ||
                             coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS conditions
                   ) d
WHERE true)sql" +
         not_hidden("table", "c.oid") + filter.has("pg_class", "c.oid");
}

std::string rules(const OidFilter& filter) {
  return R"sql(
SELECT 'pg_rewrite', r.oid, 'rule', s.schema, r.rulename || ' of ' || c.relname,
       quote_ident(r.rulename) || ' ON ' || s.prefix || quote_ident(c.relname),
       rtrim(pg_get_ruledef(r.oid, true), ';') ||
         coalesce(E';\nALTER TABLE ' || s.prefix || quote_ident(c.relname) || ' ' ||
                  CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                    WHEN 'A' THEN 'ENABLE ALWAYS' END || ' RULE ' || quote_ident(r.rulename), '')
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN scope s ON s.oid = c.relnamespace
WHERE r.rulename <> '_RETURN')sql" +
         not_hidden("table", "c.oid") + filter.has("pg_class", "c.oid");
}

}  // namespace

std::string objects_query(const OidFilter& filter, int version) {
  const InspectScope& scope = filter.scope;
  const VersionText text(version);
  std::string query = scope_text(scope) + R"sql(
SELECT 'pg_namespace', s.oid, 'schema', '', s.nspname::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL
FROM scope s
WHERE s.schema <> '')sql" +
                      not_member("pg_namespace", "s.oid");
  if (!scope.everything && !scope.objects) return query;
  query += R"sql(
UNION ALL
SELECT o.catalogue, o.number, o.kind, o.schema, o.name, o.definition,
       CASE o.kind WHEN 'publication entry' THEN 'ALTER PUBLICATION ' ELSE 'DROP ' || upper(o.kind) || ' ' END || o.target,
       CASE WHEN o.kind <> 'extension' THEN quote_literal(obj_description(o.number, o.catalogue::name)) END, )sql";
  query += comment_number("o.catalogue::regclass", "o.number", "0") +
           R"sql(, o.move, o.home,
       CASE WHEN o.catalogue = 'pg_proc' AND strpos(o.definition, '""') > 0 THEN
         (SELECT CASE count(*) WHEN 1 THEN '$' || min(n.place) END
          FROM pg_proc p, unnest(p.proargnames) WITH ORDINALITY n(name, place)
          WHERE p.oid = o.number AND n.name = '' AND n.place <= p.pronargs) END,
       o.fixed, o.defaults, o.alteration
FROM ()sql";
  query += extensions;
  query += first_own_object;
  const auto add = [&](const char* catalogue, const std::string& part, const char* more = nothing_more) {
    if (filter.may_have(catalogue)) query += std::string("\nUNION ALL (SELECT x.*") + more + " FROM (" + part + ") x)";
  };
  add("pg_collation", collations(filter, text));
  add("pg_type", domains(filter));
  add("pg_type", composite_types(filter));
  add("pg_type", range_types(filter, text));
  add("pg_proc", functions(filter), "");
  add("pg_proc", aggregates(filter));
  add("pg_statistic_ext", statistics(filter, text), "");
  add("pg_policy", policies(filter), "");
  add("pg_rewrite", rules(filter));
  add("pg_publication", publications(filter, text));
  add("pg_publication_rel", publication_entries(filter, text));
  add("pg_cast", casts(filter));
  add("pg_operator", operators(filter));
  add("pg_opfamily", operator_classes(filter));
  return query +
         ") AS o(catalogue, number, kind, schema, name, target, definition, move, home, fixed, defaults, alteration)";
}

std::string type_contents_query(const OidFilter& filter) {
  const bool has_types = (filter.scope.everything || filter.scope.objects) && filter.may_have("pg_type");
  if (!has_types) return no_rows;
  return scope_text(filter.scope) + R"sql(, type AS (
  SELECT t.*, CASE t.typtype WHEN 'd' THEN nullif(t.typcollation, b.typcollation) END AS own_collation
  FROM pg_type t JOIN scope s ON s.oid = t.typnamespace
  LEFT JOIN pg_class c ON c.oid = t.typrelid
  LEFT JOIN pg_type b ON b.oid = t.typbasetype
  WHERE (t.typtype = 'd' OR c.relkind = 'c'))sql" +
         filter.has("pg_type", "t.oid") + R"sql(
)
SELECT t.oid, 't', '', CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
       CASE WHEN t.own_collation <> 0 THEN )sql" +
         visible_collation("t.own_collation") +
         R"sql( END, pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), t.typnotnull, 0
FROM type t
UNION ALL
SELECT t.oid, 'a', a.attname, format_type(a.atttypid, a.atttypmod),
       CASE WHEN a.attcollation <> b.typcollation THEN )sql" +
         visible_collation("a.attcollation") + R"sql( END, NULL, false, a.attnum
FROM type t JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type b ON b.oid = a.atttypid
WHERE t.typtype = 'c'
UNION ALL
SELECT t.oid, 'c', k.conname, pg_get_constraintdef(k.oid), NULL, NULL, NOT k.convalidated, 0
FROM type t JOIN pg_constraint k ON k.contypid = t.oid AND k.contype = 'c'
ORDER BY 1, 2, 8, 3)sql";
}

// Dependencies of a part count for its object: those of a view's rule for the view, of a constraint's index for the
// constraint, of a composite type's columns and a domain's check constraints for the type, of the entries of an
// operator class or family for it. The same applies to the used object: a multirange type stands for its range type, a
// row type for its table, the columns of a composite type for the type, a member of an extension for the extension.
// Parts of a table use its columns, which their own rows contain; and a key between tables uses only columns. Before
// version 15, a generated column itself depends on what its expression uses, with 'a'.
// https://www.postgresql.org/docs/current/catalog-pg-depend.html
std::string uses_query(const OidFilter& filter, const VersionText& version) {
  std::string query = scope_text(filter.scope) + R"sql(, used AS (
  SELECT 'pg_class'::regclass AS classid, r.ev_class AS objid, 0 AS objsubid, d.refclassid, d.refobjid, d.refobjsubid
  FROM pg_rewrite r
  JOIN pg_class c ON c.oid = r.ev_class
  JOIN scope s ON s.oid = c.relnamespace
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  WHERE c.relkind IN ('v', 'm') AND r.rulename = '_RETURN' AND d.refobjid <> r.ev_class AND d.refobjid >= )sql";
  query += first_own_object;
  query += filter.part_has("pg_class", "c.oid") + R"sql(
  UNION ALL
  SELECT CASE WHEN k.contypid <> 0 OR ct.oid IS NOT NULL THEN 'pg_type'::regclass
              WHEN x.oid IS NOT NULL THEN 'pg_constraint'::regclass
              WHEN entry.objid IS NOT NULL THEN entry.refclassid::regclass
              WHEN d.deptype = 'a' AND d.objsubid > 0 THEN 'pg_attrdef'::regclass ELSE d.classid END,
         coalesce(nullif(k.contypid, 0), ct.reltype, x.oid, entry.refobjid, f.adrelid, d.objid),
         CASE WHEN ct.oid IS NOT NULL THEN 0 ELSE coalesce(f.adnum, d.objsubid) END,
         d.refclassid, d.refobjid, d.refobjsubid
  FROM pg_depend d
  LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
  LEFT JOIN pg_constraint x
    ON d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND x.conindid = d.objid AND x.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_class ct ON d.classid = 'pg_class'::regclass AND ct.oid = d.objid AND ct.relkind = 'c'
  LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
  LEFT JOIN pg_depend entry
    ON d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) AND entry.classid = d.classid AND entry.objid = d.objid
    AND entry.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
  WHERE (d.deptype = 'n' OR (d.deptype = 'a' AND (d.objsubid > 0
                                                  OR d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass,
                                                                   'pg_opclass'::regclass, 'pg_rewrite'::regclass,
                                                                   'pg_publication_rel'::regclass,
                                                                   'pg_statistic_ext'::regclass))))
    AND d.refclassid IS DISTINCT FROM entry.refclassid
    AND d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass, 'pg_attrdef'::regclass, 'pg_cast'::regclass,
                      'pg_class'::regclass, 'pg_constraint'::regclass, 'pg_opclass'::regclass,
                      'pg_operator'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass,
                      'pg_publication_rel'::regclass, 'pg_rewrite'::regclass, 'pg_statistic_ext'::regclass,
                      'pg_trigger'::regclass, 'pg_type'::regclass)
    AND NOT EXISTS (SELECT FROM pg_rewrite r
                    WHERE d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN')
    AND k.contype IS DISTINCT FROM 'f' AND d.refobjid >= )sql";
  query += first_own_object;
  query += R"sql(
    AND NOT (d.refclassid = 'pg_class'::regclass
             AND d.refobjid = coalesce(k.conrelid, f.adrelid, CASE WHEN d.objsubid > 0 THEN d.objid END, 0)))sql";
  if (filter.part) {
    query += " AND (false";
    for (const auto& [catalogue, numbers] : *filter.part) {
      query += "\n      OR (d.classid = '" + catalogue + "'::regclass" + filter.part_has(catalogue, "d.objid") + ')';
    }
    query += ')';
  }
  return query + R"sql(
)
SELECT DISTINCT u.classid::regclass::text, u.objid, u.objsubid,
       CASE WHEN m.extension IS NOT NULL THEN 'pg_extension' WHEN t.typrelid <> 0 AND tc.relkind <> 'c' THEN 'pg_class'
            WHEN attributes.oid IS NOT NULL THEN 'pg_type' ELSE u.refclassid::regclass::text END,
       CASE WHEN m.extension IS NOT NULL THEN m.extension WHEN t.typrelid <> 0 AND tc.relkind <> 'c' THEN t.typrelid
            ELSE coalesce(r.rngtypid, t.oid, attributes.reltype, u.refobjid) END,
       CASE WHEN m.extension IS NULL AND attributes.oid IS NULL AND u.refclassid = 'pg_class'::regclass
            THEN u.refobjsubid ELSE 0 END
FROM used u
LEFT JOIN pg_type own ON u.refclassid = 'pg_type'::regclass AND own.oid = u.refobjid
LEFT JOIN pg_type t ON t.oid = CASE WHEN own.typcategory = 'A' AND own.typelem <> 0 THEN own.typelem ELSE own.oid END
LEFT JOIN pg_class tc ON tc.oid = t.typrelid
LEFT JOIN pg_range r ON )sql" +
         version.is_multirange + R"sql(
LEFT JOIN pg_class attributes
  ON u.refclassid = 'pg_class'::regclass AND attributes.oid = u.refobjid AND attributes.relkind = 'c'
LEFT JOIN member m ON m.classid = u.refclassid AND m.objid = u.refobjid)sql";
}

}  // namespace whimbrel::dialect::postgres
