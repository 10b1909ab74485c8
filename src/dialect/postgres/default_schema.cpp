#include "dialect/postgres/default_schema.h"

#include <string_view>
#include <vector>

#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Returns the parameter of a URL that makes the schema the default one. A space separates the options in it.
/// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS
std::string parameter(const std::string& schema) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyz0123456789_";
  constexpr std::string_view hexadecimal = "0123456789ABCDEF";
  const bool is_plain = schema.find_first_not_of(plain) == std::string::npos;
  std::string encoded;
  const auto encode = [&](char character) {
    const auto code = static_cast<unsigned char>(character);
    encoded += {'%', hexadecimal[code / 16], hexadecimal[code % 16]};
  };
  for (const char character : is_plain ? schema : sql::quote_identifier(schema, postgres_syntax)) {
    if (character == ' ' || character == '\\') encode('\\');
    if (plain.find(character) == std::string_view::npos) {
      encode(character);
    } else {
      encoded += character;
    }
  }
  return "options=-csearch_path%3D" + encoded;
}

}  // namespace

std::string way_to_same_default_schema(const std::string& first, const std::string& second) {
  return "The default schema follows from search_path. Add " + parameter(second) + " to the first URL, or " +
         parameter(first) + " to the second.";
}

std::string default_schema_line(Connection& connection) {
  const Value schemas =
      connection
          .run(
              "SELECT CASE WHEN current_schema() <> 'public' THEN (SELECT string_agg(quote_ident(name), "
              "', ' ORDER BY place) FROM unnest(current_schemas(false)) WITH ORDINALITY AS found (name, "
              "place)) END")
          .values.at(0)
          .at(0);
  return schemas.is_null() ? std::string() : "SET search_path TO " + schemas.text() + ";\n";
}

bool take_default_schema(Connection& scratch, Connection& original) {
  constexpr const char* question =
      "SELECT quote_ident(current_schema()), coalesce(quote_ident(current_schema()) || ', ' || "
      "nullif(current_setting('search_path'), ''), '')";
  const std::vector<Value> wanted = original.run(question).values.at(0);
  const std::vector<Value> usual = scratch.run(question).values.at(0);
  const auto is_same = [](const Value& a, const Value& b) {
    return a.is_null() || b.is_null() ? a.is_null() && b.is_null() : a.text() == b.text();
  };
  if (is_same(wanted.at(0), usual.at(0))) return false;
  if (!wanted.at(0).is_null()) scratch.run("CREATE SCHEMA IF NOT EXISTS " + wanted.at(0).text());
  scratch.run("SELECT set_config('search_path', $1, false)", {wanted.at(1)});
  return true;
}

}  // namespace whimbrel::dialect::postgres
