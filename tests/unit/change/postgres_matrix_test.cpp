#include <doctest/doctest.h>

#include <functional>

#include "support/environment.h"
#include "unit/change/there_and_back.h"

// Every kind of change under every kind of dependent, with owners and privileges and without. Each combination has a
// schema of its own, and all of a change are in one database: the server's dump is compared there and back.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::compare;

namespace {

/// What the dependents mention. Empty: it is gone.
struct Items {
  std::string table = "t";
  std::string column = "a";
  std::string function = "f";
  bool is_partitioned = false;

  /// A condition that mentions everything. `row`: `NEW.` or nothing.
  [[nodiscard]] std::string condition(const std::string& row = "") const {
    std::string text = row + "m = 'ok' AND " + row + "p > 0 AND (" + row + "c).x > 0";
    if (!column.empty()) text += " AND " + row + column + " > 0";
    if (!function.empty()) text += " AND " + function + '(' + row + "id) > 0";
    return text;
  }
  [[nodiscard]] std::string columns() const { return "id, m, p, c" + (column.empty() ? "" : ", " + column); }
  /// A plain column.
  [[nodiscard]] std::string some_column() const { return column.empty() ? "b" : column; }
  [[nodiscard]] std::string call(const std::string& argument) const {
    return function.empty() ? argument : function + '(' + argument + ')';
  }
};

struct Dependent {
  std::string name;
  std::function<std::string(const Items&)> sql;
  bool is_partitioned = false;
  int version = 0;  ///< The first one that has it.
};

const Dependent dependents[] = {
    {"view",
     [](const Items& items) {
       return "CREATE VIEW v AS SELECT " + items.columns() + " FROM " + items.table + " WHERE " + items.condition() +
              "; COMMENT ON VIEW v IS 'c'";
     }},
    {"view over views",
     [](const Items& items) {
       return "CREATE VIEW v AS SELECT " + items.columns() + " FROM " + items.table +
              "; CREATE VIEW w WITH (security_barrier) AS SELECT " + items.columns() + " FROM v WHERE " +
              items.condition() + "; CREATE VIEW x AS SELECT w.id FROM w JOIN v USING (id)";
     }},
    {"materialized view",
     [](const Items& items) {
       return "CREATE MATERIALIZED VIEW v AS SELECT " + items.columns() + " FROM " + items.table + " WHERE " +
              items.condition() +
              "; CREATE UNIQUE INDEX v_id ON v (id); CREATE MATERIALIZED VIEW w AS SELECT id FROM v; ALTER "
              "MATERIALIZED VIEW v CLUSTER ON v_id; ALTER MATERIALIZED VIEW v ALTER m SET STATISTICS 7";
     }},
    {"rule",
     [](const Items& items) {
       return "CREATE RULE r AS ON UPDATE TO " + items.table + " WHERE " + items.condition("NEW.") +
              " DO ALSO INSERT INTO other VALUES (NEW.id, 1)";
     }},
    {"triggers and rules of a view",
     [](const Items& items) {
       return "CREATE VIEW v AS SELECT " + items.columns() + " FROM " + items.table +
              "; CREATE TRIGGER i INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION act(); CREATE RULE r AS ON "
              "DELETE "
              "TO v DO INSTEAD NOTHING";
     }},
    {"policy",
     [](const Items& items) {
       return "ALTER TABLE " + items.table + " ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON " + items.table +
              " FOR UPDATE TO pg_monitor USING (" + items.condition() + ") WITH CHECK (" + items.condition() + ')';
     }},
    {"policy of another table",
     [](const Items& items) {
       return "CREATE POLICY far ON other USING (EXISTS (SELECT FROM " + items.table + " WHERE " + items.condition() +
              "))";
     }},
    {"SQL body",
     [](const Items& items) {
       return "CREATE FUNCTION g() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM " + items.table +
              " WHERE " + items.condition() + "; END; CREATE VIEW v AS SELECT g() AS g";
     },
     false, 140000},
    {"row type",
     [](const Items& items) {
       return "CREATE FUNCTION g(x " + items.table +
              ") RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT g(" + items.table + ".*) AS g FROM " +
              items.table;
     }},
    {"foreign key",
     [](const Items& items) {
       return "ALTER TABLE " + items.table + " ADD CONSTRAINT u UNIQUE (id) INCLUDE (" + items.some_column() +
              ") WITH (fillfactor=70); ALTER TABLE " + items.table + " ADD CONSTRAINT two UNIQUE (id, " +
              items.some_column() + "); ALTER TABLE other ADD CONSTRAINT away FOREIGN KEY (t_id, number) REFERENCES " +
              items.table + " (id, " + items.some_column() + ')';
     }},
    {"generated column",
     [](const Items& items) {
       return "ALTER TABLE " + items.table + " ADD g int GENERATED ALWAYS AS (CASE WHEN " + items.condition() +
              " THEN 1 END) STORED; CREATE INDEX g_index ON " + items.table + " (g); ALTER TABLE " + items.table +
              " ALTER g SET STATISTICS 7, ALTER g SET (n_distinct=5)";
     }},
    {"index",
     [](const Items& items) {
       return "CREATE INDEX e ON " + items.table + " ((" + items.call("id") + " + 1), m, p) WHERE " +
              items.condition() + "; CREATE INDEX n ON " + items.table + " (" + items.some_column() +
              " DESC); ALTER TABLE " + items.table + " CLUSTER ON n";
     }},
    {"check",
     [](const Items& items) {
       return "ALTER TABLE " + items.table + " ADD CONSTRAINT k CHECK (" + items.condition() + "); ALTER TABLE " +
              items.table + " ADD CONSTRAINT late CHECK (" + items.condition() + " OR b = 7) NOT VALID";
     }},
    {"exclusion",
     [](const Items& items) {
       return "ALTER TABLE " + items.table + " ADD CONSTRAINT x EXCLUDE USING btree (" + items.some_column() +
              " WITH =) WHERE (" + items.condition() + ')';
     }},
    {"default",
     [](const Items& items) {
       return "ALTER TABLE other ADD d int DEFAULT " + items.call("1") +
              ", ADD m mood DEFAULT 'ok', ADD p pos DEFAULT 2";
     }},
    {"trigger",
     [](const Items& items) {
       return "CREATE TRIGGER w BEFORE UPDATE OF " + items.some_column() + ", m ON " + items.table +
              " FOR EACH ROW WHEN (" + items.condition("NEW.") + ") EXECUTE FUNCTION act(); ALTER TABLE " +
              items.table + " DISABLE TRIGGER w";
     }},
    {"statistics",
     [](const Items& items) {
       return "CREATE STATISTICS s ON " + items.some_column() + ", m, p FROM " + items.table +
              "; ALTER STATISTICS s SET STATISTICS 7";
     },
     false, 130000},
    {"children",
     [](const Items& items) {
       return "CREATE TABLE kid (k int) INHERITS (" + items.table + "); CREATE VIEW v AS SELECT k, " + items.columns() +
              " FROM kid; CREATE INDEX kid_index ON kid (" + items.some_column() + ") WHERE " + items.condition() +
              "; ALTER TABLE ONLY kid ALTER c SET STORAGE MAIN, ALTER m SET STATISTICS 7";
     }},
    {"partitions",
     [](const Items& items) {
       return "CREATE TABLE part PARTITION OF " + items.table +
              " FOR VALUES FROM (0) TO (100); CREATE VIEW v AS SELECT " + items.columns() +
              " FROM part; CREATE INDEX whole ON " + items.table + " (b) WHERE " + items.condition();
     },
     true},
    {"types",
     [](const Items&) {
       return std::string(
           "CREATE DOMAIN calm AS mood CHECK (VALUE <> 'bad'); CREATE DOMAIN small AS pos CHECK (VALUE < 100); CREATE "
           "TYPE "
           "all_of AS (c calm, s small, p pair); ALTER TABLE other ADD ca calm[], ADD sm small, ADD al all_of, ADD als "
           "all_of[], ADD ps pair[]; ALTER TABLE other ALTER ca SET STORAGE EXTERNAL, ALTER al SET STORAGE MAIN, "
           "ALTER als SET STATISTICS 7");
     }},
    {"settings",
     [](const Items& items) {
       return "ALTER TABLE " + items.table + " ALTER c SET STORAGE EXTERNAL, ALTER c SET (n_distinct=5), ALTER m SET " +
              "STATISTICS 9, ALTER " + items.some_column() + " SET (n_distinct_inherited=-0.5)";
     }},
    {"compression", [](const Items& items) { return "ALTER TABLE " + items.table + " ALTER c SET COMPRESSION pglz"; },
     false, 140000},
    {"domain",
     [](const Items& items) {
       return "CREATE DOMAIN checked AS int CHECK (" + items.call("VALUE") + " > 0); ALTER TABLE other ADD ch checked";
     }},
    {"functions",
     [](const Items& items) {
       return "CREATE FUNCTION g(m mood DEFAULT 'ok', p pos DEFAULT 1, c pair DEFAULT NULL, n int DEFAULT " +
              items.call("1") +
              ") RETURNS mood LANGUAGE sql AS 'SELECT m'; CREATE VIEW v AS SELECT g() AS g; CREATE FUNCTION h() "
              "RETURNS "
              "TABLE (p pos, c pair) LANGUAGE plpgsql AS 'BEGIN END'";
     }},
    {"sequence",
     [](const Items& items) {
       return "ALTER TABLE other ADD n bigint DEFAULT nextval('seq'); CREATE VIEW v AS SELECT last_value FROM seq" +
              std::string(items.table.empty() ? "" : "; ALTER SEQUENCE seq OWNED BY other.n");
     }},
};

/// The definitions of everything that changes.
struct Base {
  std::string table = "t";
  std::string column = "a int";
  std::string moods = "'bad', 'ok', 'gone'";
  std::string domain = "int CHECK (VALUE > 0)";
  std::string composite = "x int, y text";
  std::string function = "f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'";
  std::string sequence = "AS int";

  [[nodiscard]] std::string sql(bool is_partitioned) const {
    std::string text =
        "CREATE TYPE mood AS ENUM (" + moods + "); CREATE DOMAIN pos AS " + domain + "; CREATE TYPE pair AS (" +
        composite + "); CREATE SEQUENCE seq " + sequence +
        "; CREATE TABLE other (t_id int, number int); CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END';";
    if (!function.empty()) text += "CREATE FUNCTION " + function + ';';
    if (table.empty()) return text;
    return text + "CREATE TABLE " + table + " (id int PRIMARY KEY, b int, m mood DEFAULT 'ok', p pos, c pair" +
           (column.empty() ? "" : ", ") + column + ')' + (is_partitioned ? " PARTITION BY RANGE (id);" : ";");
  }
};

struct Kind {
  std::string name;
  Base base;
  Items items;
  bool has_rename = false;
  bool makes_new = false;  ///< It drops something for good: what `down` then creates is new.
};

const Kind kinds[] = {
    {"retype a column", {.column = "a bigint"}, {}},
    {"drop a column", {.column = ""}, {.column = ""}},
    {"rename a column", {.column = "z int"}, {.column = "z"}, true},
    {"rename a table", {.table = "t2"}, {.table = "t2"}, true},
    {"drop a table", {.table = ""}, {.table = ""}, false, true},
    {"change the body of a function", {.function = "f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 0'"}, {}},
    {"change the result of a function",
     {.function = "f(int) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1::bigint'"},
     {}},
    {"change the arguments of a function",
     {.function = "f(bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1::int'"},
     {}},
    {"rename a function",
     {.function = "ff(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'"},
     {.function = "ff"},
     false,
     true},
    {"drop a function", {.function = ""}, {.function = ""}, false, true},
    {"remove a value of an enum", {.moods = "'ok', 'bad'"}, {}},
    {"change a check of a domain", {.domain = "int CHECK (VALUE > -1)"}, {}},
    {"change the base of a domain", {.domain = "bigint CHECK (VALUE > 0)"}, {}},
    {"add an attribute", {.composite = "x int, y text, z date"}, {}},
    {"retype an attribute", {.composite = "x bigint, y text"}, {}},
    {"change a sequence", {.sequence = "AS bigint INCREMENT 5 CACHE 3"}, {}},
};

/// Gives everything in the schema to another role, and privileges to a third.
constexpr const char* gives = R"sql(
DO $$
DECLARE item record;
BEGIN
  FOR item IN SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind,
                     oid::regclass AS name
              FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm') LOOP
    EXECUTE format('ALTER %s %s OWNER TO pg_monitor', item.kind, item.name);
    EXECUTE format('GRANT SELECT ON %s TO pg_read_all_settings WITH GRANT OPTION', item.name);
  END LOOP;
  FOR item IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO pg_monitor', item.name);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', item.name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pg_read_all_settings', item.name);
  END LOOP;
  FOR item IN SELECT t.oid::regtype AS name FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
              WHERE t.typnamespace = current_schema()::regnamespace AND t.typelem = 0
                AND (t.typtype IN ('d', 'e') OR c.relkind = 'c') LOOP
    EXECUTE format('REVOKE ALL ON TYPE %s FROM PUBLIC', item.name);
    EXECUTE format('GRANT USAGE ON TYPE %s TO pg_read_all_settings', item.name);
  END LOOP;
END $$;)sql";

/// A dependent in its schema.
struct Combination {
  const Dependent* dependent;
  bool is_given;
  std::string schema;

  [[nodiscard]] std::string sql(const Base& base, const Items& items) const {
    std::string text = "CREATE SCHEMA " + schema + "; SET search_path = " + schema + ';';
    text += base.sql(dependent->is_partitioned);
    if (!items.table.empty() || dependent->name == "sequence") text += dependent->sql(items) + ';';
    return text + (is_given ? gives : "");
  }
};

std::string sql_of(const std::vector<Combination>& combinations, const Base& base, const Items& items) {
  std::string text;
  for (const Combination& combination : combinations) text += combination.sql(base, items);
  return text + "RESET search_path;";
}

std::string rows_of(const std::vector<Combination>& combinations) {
  std::string text;
  for (const Combination& combination : combinations) {
    text += "INSERT INTO " + combination.schema +
            ".t (id, b, m, p, c) VALUES (1, 2, 'ok', 3, ROW(4, 'x')), (2, NULL, "
            "NULL, NULL, NULL);";
  }
  return text;
}

std::string read_rows(const PostgresDatabase& database, const std::vector<Combination>& combinations,
                      const std::string& table) {
  std::string text;
  for (const Combination& combination : combinations) {
    text += database.query("SELECT id, b, m, p, (c).y FROM " + combination.schema + '.' + table + " ORDER BY id");
  }
  return text;
}

diff::Answers answers_for(const Kind& kind, const std::vector<Combination>& combinations) {
  diff::Answers answers;
  if (!kind.has_rename) return answers;
  for (const Combination& combination : combinations) {
    const model::Name before(combination.schema, "t");
    const model::Name after(combination.schema, kind.items.table);
    if (before != after) {
      answers.table_renames.push_back({before, after});
    } else {
      answers.column_renames.push_back({before, "a", kind.items.column});
    }
  }
  return answers;
}

/// Returns the first thing that is wrong; empty if nothing is.
std::string try_change(const Kind& kind, const std::vector<Combination>& combinations) {
  const PostgresDatabase there;
  const PostgresDatabase first;
  const PostgresDatabase wanted;
  try {
    there.query(sql_of(combinations, {}, {}) + rows_of(combinations));
    first.query(sql_of(combinations, {}, {}));
    wanted.query(sql_of(combinations, kind.base, kind.items));
    const std::string rows = read_rows(there, combinations, "t");
    const change::SchemaChange change = compare(there, wanted, answers_for(kind, combinations));
    const auto run = [&](const std::vector<sql::Statement>& statements) {
      std::string script;
      for (const sql::Statement& statement : statements) script += statement.sql + ";\n";
      there.query(script);
    };
    run(change.script.up);
    const auto differ = [&](const PostgresDatabase& other) {
      return test::difference(test::dump(there), test::dump(other));
    };
    if (std::string text = differ(wanted); !text.empty()) return "after up: " + text;
    if (!compare(there, wanted, {}).operations.empty()) return "the second diff is not empty";
    if (!kind.items.table.empty() && read_rows(there, combinations, kind.items.table) != rows) return "rows after up";
    run(change.script.down);
    if (std::string text = differ(first); !text.empty()) return "after down: " + text;
    if (!kind.items.table.empty() && read_rows(there, combinations, "t") != rows) return "rows after down";
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace

// WHIMBREL_MATRIX_STEP=5 takes every fifth kind of change.
TEST_CASE("PostgreSQL: every kind of change runs under every kind of dependent, there and back, and loses nothing") {
  const int version = std::stoi(PostgresDatabase().query("SHOW server_version_num"));
  std::vector<Combination> all, plain;
  for (const Dependent& dependent : dependents) {
    if (dependent.version > version) continue;
    for (const bool is_given : {false, true}) {
      all.push_back({&dependent, is_given, "s" + std::to_string(all.size())});
      if (!is_given) plain.push_back(all.back());
    }
  }
  const std::uint64_t step = test::number_from_environment("WHIMBREL_MATRIX_STEP", 1);
  for (std::size_t i = 0; i < std::size(kinds); i += step) {
    const Kind& kind = kinds[i];
    const std::vector<Combination>& combinations = kind.makes_new ? plain : all;
    const std::string together = try_change(kind, combinations);
    INFO(kind.name);
    CHECK(together == "");
    if (together.empty()) continue;
    for (const Combination& combination : combinations) {
      INFO("under " << combination.dependent->name << std::string(combination.is_given ? ", given away" : ""));
      CHECK(try_change(kind, {combination}) == "");
    }
  }
}
