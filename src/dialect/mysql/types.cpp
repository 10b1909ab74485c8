#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/text/literal.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using model::ValueKind;

// https://mariadb.com/kb/en/uuid-data-type/
constexpr int first_with_uuid = 100700;
// https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
constexpr int first_with_default_expressions = 80013;

std::string title(const Server& server) { return server.is_mariadb ? "MariaDB" : "MySQL"; }

/// The lengths of texts and of UUIDs are TypeORM's, so that a database can be shared with it.
model::Type plain_type(const model::ColumnRequest& request, const Server& server) {
  switch (request.kind) {
    case ValueKind::int8:
      return {"tinyint", {}};
    case ValueKind::int16:
      return {"smallint", {}};
    case ValueKind::int32:
      return {"int", {}};
    case ValueKind::int64:
      return {"bigint", {}};
    case ValueKind::uint8:
      return {"tinyint", {}, "unsigned"};
    case ValueKind::uint16:
      return {"smallint", {}, "unsigned"};
    case ValueKind::uint32:
      return {"int", {}, "unsigned"};
    case ValueKind::uint64:
      return {"bigint", {}, "unsigned"};
    case ValueKind::boolean:
      return {"tinyint", {1}};
    case ValueKind::float32:
      return {"float", {}};
    case ValueKind::float64:
      return {"double", {}};
    case ValueKind::text:
      return {"varchar", {255}};
    case ValueKind::enumeration:
      return {"enum", {}};
    case ValueKind::bytes:
      return {request.length ? "varbinary" : "longblob", {}};
    case ValueKind::date:
      return {"date", {}};
    case ValueKind::timestamp:
      return {request.with_time_zone ? "timestamp" : "datetime", {6}};
    case ValueKind::json:
      return {"json", {}};
    case ValueKind::uuid:
      if (server.is_mariadb_since(first_with_uuid)) return {"uuid", {}};
      return {"varchar", {36}};
    case ValueKind::array:
      break;
  }
  throw Error(ErrorKind::entity, title(server) + " has no array columns")
      .with_remedy("Store the values in a table of their own, or as JSON text in a std::string member.");
}

/// A varchar is no type without its length, which the request may have.
std::optional<model::Type> read_type_of(const model::ColumnRequest& request) {
  std::optional<model::Type> type = read_type(request.type);
  if (type || !request.length) return type;
  type = read_type(request.type + '(' + std::to_string(*request.length) + ')');
  if (type) type->arguments.clear();
  return type;
}

model::Type read_given_type(const model::ColumnRequest& request, const Server& server) {
  const std::string& text = request.type;
  const std::optional<model::Type> type = read_type_of(request);
  if (!type) {
    throw Error(ErrorKind::entity, title(server) + " cannot parse \"" + text + "\" as a type")
        .with_remedy(
            "Write its name, and its length or precision as numbers: varchar(40), decimal(10,2), int unsigned.");
  }
  if (type->name == "enum") {
    throw Error(ErrorKind::entity, "the values of a " + title(server) + " enum come from the member's type")
        .with_remedy("Make the member an enum class and omit the type, or use varchar.");
  }
  return *type;
}

bool takes_length(const std::string& name) {
  static constexpr std::array<std::string_view, 6> names = {"char", "varchar", "binary", "varbinary", "bit", "vector"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool takes_precision(const std::string& name) { return name == "time" || name == "datetime" || name == "timestamp"; }

[[noreturn]] void refuse_option(const model::Type& type, const std::string& option, const Server& server) {
  throw Error(ErrorKind::entity, title(server) + "'s type " + to_string(type) + " has no " + option)
      .with_remedy("Omit it, or use another type.");
}

void set_decimal(const model::ColumnRequest& request, model::Type& type, const Server& server) {
  const std::uint32_t precision = *request.precision;
  const std::uint32_t scale = request.scale.value_or(0);
  const std::uint32_t greatest_scale = server.is_mariadb ? 38 : 30;
  if (precision == 0 || precision > 65 || scale > precision || scale > greatest_scale) {
    throw Error(ErrorKind::entity,
                title(server) + " has no decimal(" + std::to_string(precision) + "," + std::to_string(scale) + ")")
        .with_remedy("Use a precision from 1 to 65, and a scale of at most " + std::to_string(greatest_scale) +
                     " that is not greater.");
  }
  type.arguments = {precision, scale};
}

void set_fraction(std::uint32_t precision, model::Type& type, const Server& server) {
  if (precision > 6) {
    throw Error(ErrorKind::entity, title(server) + "'s type " + type.name + " has at most 6 fractional digits")
        .with_remedy("Use a precision from 0 to 6.");
  }
  type.arguments.clear();
  if (precision > 0) type.arguments = {precision};
}

/// Adds the length, or precision and scale, of the request.
void add_arguments(const model::ColumnRequest& request, model::Type& type, const Server& server) {
  if (!request.length && !request.precision) return;
  const bool is_given = !request.type.empty();
  const bool may_have_implied = type.name == "char" || type.name == "binary" || type.name == "bit";
  if (is_given && !type.arguments.empty() && type.name != "decimal" && !may_have_implied) {
    throw Error(ErrorKind::entity, title(server) + "'s type " + to_string(type) + " already contains its arguments")
        .with_remedy("Omit length, precision and scale, or the arguments of the type.");
  }
  if (request.length) {
    if (!takes_length(type.name) || (request.kind == ValueKind::uuid && !is_given)) {
      refuse_option(type, "length", server);
    }
    type.arguments = {*request.length};
    return;
  }
  if (!is_given && (type.name == "float" || type.name == "double")) type.name = "decimal";
  if (type.name == "decimal") return set_decimal(request, type, server);
  if (request.scale) refuse_option(type, "scale", server);
  if (!takes_precision(type.name)) refuse_option(type, "precision", server);
  set_fraction(*request.precision, type, server);
}

bool is_integer(const std::string& name) { return name.ends_with("int"); }

/// Returns whether keys can only contain the beginning of a value.
bool needs_prefix(const std::string& name) {
  return name.ends_with("text") || name.ends_with("blob") || name == "json" || name == "geometry";
}

/// Engines as the servers spell them; others are kept.
std::string engine_name(const std::string& given) {
  static constexpr std::array<std::string_view, 9> names = {"InnoDB",  "MyISAM",  "Aria",      "MEMORY",  "CSV",
                                                            "ARCHIVE", "ROCKSDB", "BLACKHOLE", "SEQUENCE"};
  for (const std::string_view name : names) {
    if (sql::equal_ignoring_case(name, given)) return std::string(name);
  }
  return sql::equal_ignoring_case(given, "heap") ? "MEMORY" : given;
}

std::string with_precision(const std::string& function, const model::Type& type) {
  return function + "(" + (type.arguments.empty() ? "" : std::to_string(type.arguments.front())) + ")";
}

}  // namespace

std::string charset_name(const std::string& given, const Server& server) {
  std::string name = sql::to_lower(given);
  const bool is_renamed = server.is_mariadb || server.version >= 80030;
  if (is_renamed && (name == "utf8" || name.starts_with("utf8_"))) name.insert(4, "mb3");
  return name;
}

model::Type column_type(const model::ColumnRequest& request, const Server& server) {
  model::Type type = request.type.empty() ? plain_type(request, server) : read_given_type(request, server);
  add_arguments(request, type, server);
  if (request.auto_increment && !is_integer(type.name)) {
    throw Error(ErrorKind::entity,
                title(server) + " can auto-increment columns of integer types only, not " + to_string(type))
        .with_remedy("Omit the type, or use int, bigint or another integer type.");
  }
  if (request.in_primary_key && needs_prefix(type.name)) {
    throw Error(ErrorKind::entity, title(server) + " cannot have a column of type " + to_string(type) +
                                       " in a primary key without the length of a prefix")
        .with_remedy("Give the member a length, or use the type varchar or varbinary with one.");
  }
  return type;
}

std::string default_literal(const model::Literal& literal, ValueKind /*kind*/, const Server& server) {
  struct Spell {
    const Server& server;
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool value) const { return value ? "1" : "0"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const {
      if (std::isfinite(value)) return real_text(value);
      throw Error(ErrorKind::entity, title(server) + " cannot store a number that is not finite")
          .with_remedy("Use another default.");
    }
    std::string operator()(const std::string& value) const { return quote_text(value); }
  };
  return std::visit(Spell{server}, literal);
}

ValueKind value_kind(const model::Type& type) {
  struct Known {
    std::string_view name;
    ValueKind kind;
  };
  static constexpr std::array names = {
      Known{"smallint", ValueKind::int16},
      Known{"mediumint", ValueKind::int32},
      Known{"int", ValueKind::int32},
      Known{"bigint", ValueKind::int64},
      Known{"year", ValueKind::int16},
      Known{"bit", ValueKind::bytes},
      Known{"float", ValueKind::float32},
      Known{"double", ValueKind::float64},
      Known{"decimal", ValueKind::float64},
      Known{"binary", ValueKind::bytes},
      Known{"varbinary", ValueKind::bytes},
      Known{"tinyblob", ValueKind::bytes},
      Known{"blob", ValueKind::bytes},
      Known{"mediumblob", ValueKind::bytes},
      Known{"longblob", ValueKind::bytes},
      Known{"vector", ValueKind::bytes},
      Known{"date", ValueKind::date},
      Known{"datetime", ValueKind::timestamp},
      Known{"timestamp", ValueKind::timestamp},
      Known{"json", ValueKind::json},
      Known{"uuid", ValueKind::uuid},
      Known{"geometry", ValueKind::bytes},
      Known{"point", ValueKind::bytes},
      Known{"linestring", ValueKind::bytes},
      Known{"polygon", ValueKind::bytes},
      Known{"multipoint", ValueKind::bytes},
      Known{"multilinestring", ValueKind::bytes},
      Known{"multipolygon", ValueKind::bytes},
      Known{"geometrycollection", ValueKind::bytes},
  };
  ValueKind kind = ValueKind::text;
  for (const Known& known : names) {
    if (type.name == known.name) kind = known.kind;
  }
  if (type.name == "tinyint")
    kind = type.arguments.empty() || !type.suffix.empty() ? ValueKind::int8 : ValueKind::boolean;
  if (!type.suffix.starts_with("unsigned")) return kind;
  switch (kind) {
    case ValueKind::int8:
      return ValueKind::uint8;
    case ValueKind::int16:
      return ValueKind::uint16;
    case ValueKind::int32:
      return ValueKind::uint32;
    case ValueKind::int64:
      return ValueKind::uint64;
    default:
      return kind;
  }
}

// A datetime has no time zone, and CURRENT_TIMESTAMP is in that of the session that inserts the row. TypeORM's columns
// have it.
// https://mariadb.com/kb/en/foreign-keys/, https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html.
// Newer versions of MariaDB number foreign keys without the name of the table.
bool is_derived_name(std::string_view name, const model::NamedPart& part) {
  using Kind = model::NamedPart::Kind;
  switch (part.kind) {
    case Kind::primary_key:
      return true;
    case Kind::unique:
    case Kind::index:
      return !part.columns.empty() && sql::equal_ignoring_case(name, part.columns.front());
    case Kind::foreign_key:
      break;
  }
  const std::string prefix = part.table + "_ibfk_";
  if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  return !name.empty() && name.find_first_not_of("0123456789") == name.npos;
}

std::vector<std::string> current_timestamps(const model::Type& type, const Server& server) {
  const bool has_expressions = server.is_mariadb || server.version >= first_with_default_expressions;
  if (type.name == "date") {
    if (has_expressions) return {"utc_date()", "curdate()"};
  }
  std::string now = with_precision(server.is_mariadb ? "current_timestamp" : "CURRENT_TIMESTAMP", type);
  if (!server.is_mariadb && type.arguments.empty()) now = "CURRENT_TIMESTAMP";
  if (type.name != "datetime" || !has_expressions) return {now};
  return {with_precision("utc_timestamp", type), now};
}

std::map<std::string, std::string> table_options(const model::TableRequest& request, const Server& server) {
  std::map<std::string, std::string> options;
  if (!request.engine.empty()) options["ENGINE"] = engine_name(request.engine);
  if (!request.collation.empty()) options["COLLATE"] = charset_name(request.collation, server);
  if (!request.charset.empty()) options["DEFAULT CHARSET"] = charset_name(request.charset, server);
  return options;
}

}  // namespace whimbrel::dialect::mysql
