#include "dialect/sqlite/generate/conversion.h"

#include <algorithm>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Earlier versions write fractional numbers with 15 digits, this one with 17, which restore the same number.
/// https://www.sqlite.org/releaselog/3_53_0.html
constexpr int first_exact_text = 35300;

bool is_whole_or_numeric(Affinity affinity) { return affinity == Affinity::integer || affinity == Affinity::numeric; }

bool is_strict(const StoredAs& stored) { return stored.table_options.contains("STRICT"); }

/// Only a STRICT table rejects values of other types. https://www.sqlite.org/stricttables.html
bool may_hold_fractions(const StoredAs& stored) {
  const Affinity own = affinity(stored);
  return own != Affinity::text && !(is_strict(stored) && own == Affinity::integer);
}

/// Returns whether the type says that its values are something else than numbers with a fraction.
bool is_meant_without_fractions(const StoredAs& stored) {
  const model::ValueKind kind = value_kind(stored.type);
  return kind == model::ValueKind::boolean || kind == model::ValueKind::date || kind == model::ValueKind::timestamp;
}

bool holds_only_bytes(const StoredAs& stored) {
  return is_strict(stored) && sql::equal_ignoring_case(stored.type.name, "blob");
}

/// Returns a type that treats values the same in a table that is not STRICT.
std::string plain_type(const StoredAs& stored) {
  return affinity(stored) == Affinity::none ? std::string() : to_string(stored.type);
}

/// Stores the values as they are stored after the change, and back. Each value has one row.
std::string store(const std::vector<std::vector<Value>>& rows, std::size_t begin, std::size_t end,
                  std::vector<Value>& parameters) {
  std::string sql = "INSERT INTO kept(was, is_now) VALUES ";
  for (std::size_t i = begin; i < end; ++i) {
    const std::string number = std::to_string(i - begin + 1);
    sql += (i > begin ? ", (?" : "(?") + number + ", ?" + number + ')';
    parameters.push_back(rows[i].at(0));
  }
  return sql;
}

}  // namespace

Affinity affinity(const model::Type& type) {
  const std::string name = sql::to_lower(to_string(type));
  const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  if (has("int")) return Affinity::integer;
  if (has("char") || has("clob") || has("text")) return Affinity::text;
  if (has("blob") || name.empty()) return Affinity::none;
  if (has("real") || has("floa") || has("doub")) return Affinity::real;
  return Affinity::numeric;
}

// ANY stores values unchanged only in a STRICT table; elsewhere it is a name like any other.
// https://www.sqlite.org/stricttables.html#the_any_datatype
Affinity affinity(const StoredAs& stored) {
  const bool is_any = is_strict(stored) && sql::equal_ignoring_case(stored.type.name, "any");
  return is_any ? Affinity::none : affinity(stored.type);
}

// The two differ only in a CAST. https://www.sqlite.org/datatype3.html#determination_of_column_affinity
bool keeps_values(const StoredAs& from, const StoredAs& to) {
  const Affinity before = affinity(from);
  const Affinity after = affinity(to);
  return before == after || (is_whole_or_numeric(before) && is_whole_or_numeric(after));
}

ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to, int version) {
  const Affinity before = affinity(from);
  const Affinity after = affinity(to);
  if (before == after || after == Affinity::none || holds_only_bytes(from)) return {};
  if (after == Affinity::text) {
    if (!may_hold_fractions(from) || is_meant_without_fractions(from)) return {};
    if (before == Affinity::none) return {"which converts numbers to text", true};
    if (version < first_exact_text) return {"which writes fractional numbers with 15 digits", true};
    return {};
  }
  if (before == Affinity::text || before == Affinity::none) {
    return {"which converts text that looks like a number, such as '01234' to 1234", true};
  }
  if (after == Affinity::real && is_whole_or_numeric(before)) {
    return {"which rounds integers of more than 15 digits", true};
  }
  return {};
}

std::optional<std::size_t> changed_values(Connection& connection, const std::string& table, const std::string& column,
                                          const StoredAs& from, const StoredAs& to) {
  if (keeps_values(from, to)) return 0;
  constexpr std::size_t most = 100'000;
  constexpr std::size_t at_once = 500;
  const std::string name = sql::quote_identifier(column, sqlite_syntax);
  const Rows::Data values =
      connection.run("SELECT DISTINCT " + name + " COLLATE BINARY FROM " + sql::quote_identifier(table, sqlite_syntax) +
                     " WHERE " + name + " IS NOT NULL LIMIT " + std::to_string(most + 1));
  if (values.values.size() > most) return std::nullopt;
  const std::unique_ptr<Connection> scratch = connection.open_scratch();
  scratch->run("CREATE TABLE kept(was " + plain_type(from) + ", is_now " + plain_type(to) + ", again " +
               plain_type(from) + "); BEGIN");
  for (std::size_t i = 0; i < values.values.size(); i += at_once) {
    std::vector<Value> parameters;
    const std::string sql = store(values.values, i, std::min(i + at_once, values.values.size()), parameters);
    scratch->run(sql, parameters);
  }
  scratch->run("UPDATE kept SET again = is_now");
  return static_cast<std::size_t>(
      scratch->run("SELECT count(*) FROM kept WHERE was IS NOT again").values.at(0).at(0).integer());
}

}  // namespace whimbrel::dialect::sqlite
