#include "dialect/mysql/client/values.h"

#include <mysql.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

namespace whimbrel::dialect::mysql {

namespace {

constexpr unsigned binary_character_set = 63;

/// MySQL's number for JSON, which it reports as binary. MariaDB's headers have it.
constexpr int json_type = 245;

std::optional<std::int64_t> to_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Bytes to_bytes(std::string_view text) {
  const auto* const data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

/// A number without a sign that needs 64 bits is text.
Value to_unsigned(std::uint64_t number) {
  if (number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return number;
  return std::to_string(number);
}

Value to_bits(std::string_view bytes) {
  if (bytes.size() > sizeof(std::uint64_t)) return to_bytes(bytes);
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return to_unsigned(number);
}

Value to_real(std::string_view text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Encoding encoding_of(const st_mysql_field& field) {
  switch (static_cast<int>(field.type)) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
      return (field.flags & UNSIGNED_FLAG) != 0 ? Encoding::unsigned_integer : Encoding::integer;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE:
      return Encoding::real;
    case MYSQL_TYPE_BIT:
      return Encoding::bits;
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
    case MYSQL_TYPE_TIME:
    case MYSQL_TYPE_TIME2:
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_DATETIME2:
    case MYSQL_TYPE_TIMESTAMP:
    case MYSQL_TYPE_TIMESTAMP2:
    case json_type:
      return Encoding::text;
    case MYSQL_TYPE_GEOMETRY:
      return Encoding::bytes;
    default:
      return field.charsetnr == binary_character_set ? Encoding::bytes : Encoding::text;
  }
}

Value to_value(Encoding encoding, std::string_view text) {
  switch (encoding) {
    case Encoding::integer:
    case Encoding::unsigned_integer: {
      const std::optional<std::int64_t> number = to_integer(text);
      return number ? Value(*number) : Value(text);
    }
    case Encoding::real:
      return to_real(text);
    case Encoding::bits:
      return to_bits(text);
    case Encoding::bytes:
      return to_bytes(text);
    case Encoding::text:
      return text;
  }
  return text;
}

Columns columns_of(st_mysql_res* result) {
  Columns columns;
  const unsigned int count = mysql_num_fields(result);
  const MYSQL_FIELD* const fields = mysql_fetch_fields(result);
  for (unsigned int i = 0; i < count; ++i) {
    columns.names.emplace_back(fields[i].name, fields[i].name_length);
    columns.encodings.push_back(encoding_of(fields[i]));
  }
  return columns;
}

struct Parameters::Binds {
  std::vector<MYSQL_BIND> binds;
  std::vector<Value> values;
  std::vector<unsigned long> lengths;
};

Parameters::Parameters(const std::vector<Value>& values) : binds_(std::make_unique<Binds>()) {
  binds_->values = values;
  binds_->binds.resize(values.size());
  binds_->lengths.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    MYSQL_BIND& bind = binds_->binds[i];
    const auto point_to = [&](enum_field_types type, const void* data, std::size_t size) {
      bind.buffer_type = type;
      // Without a place, the library would pass NULL.
      bind.buffer = const_cast<void*>(data == nullptr ? "" : data);
      binds_->lengths[i] = static_cast<unsigned long>(size);
      bind.buffer_length = binds_->lengths[i];
      bind.length = &binds_->lengths[i];
    };
    const Value::Variant& value = binds_->values[i].variant();
    if (const auto* const number = std::get_if<std::int64_t>(&value)) {
      point_to(MYSQL_TYPE_LONGLONG, number, sizeof *number);
    } else if (const auto* const real = std::get_if<double>(&value)) {
      point_to(MYSQL_TYPE_DOUBLE, real, sizeof *real);
    } else if (const auto* const text = std::get_if<std::string>(&value)) {
      point_to(MYSQL_TYPE_STRING, text->data(), text->size());
    } else if (const auto* const bytes = std::get_if<Bytes>(&value)) {
      point_to(MYSQL_TYPE_BLOB, bytes->data(), bytes->size());
    } else {
      bind.buffer_type = MYSQL_TYPE_NULL;
    }
  }
}

Parameters::~Parameters() = default;

bool Parameters::bind(st_mysql_stmt* statement) {
  return binds_->binds.empty() || mysql_stmt_bind_param(statement, binds_->binds.data()) == 0;
}

/// Integers and numbers are converted by the library; the length of anything else is known only when it was fetched.
struct ResultBuffer::Binds {
  struct Place {
    std::int64_t integer = 0;
    double real = 0;
    unsigned long length = 0;
    my_bool is_null = 0;
    my_bool is_cut = 0;
    char nothing = 0;
  };
  std::vector<MYSQL_BIND> binds;
  std::vector<Place> places;
};

ResultBuffer::ResultBuffer(st_mysql_stmt* statement, const Columns& columns)
    : statement_(statement), encodings_(columns.encodings), binds_(std::make_unique<Binds>()) {
  binds_->binds.resize(encodings_.size());
  binds_->places.resize(encodings_.size());
  for (std::size_t i = 0; i < encodings_.size(); ++i) {
    MYSQL_BIND& bind = binds_->binds[i];
    Binds::Place& place = binds_->places[i];
    bind.is_null = &place.is_null;
    bind.error = &place.is_cut;
    bind.length = &place.length;
    switch (encodings_[i]) {
      case Encoding::integer:
      case Encoding::unsigned_integer:
        bind.buffer_type = MYSQL_TYPE_LONGLONG;
        bind.buffer = &place.integer;
        bind.buffer_length = sizeof place.integer;
        bind.is_unsigned = encodings_[i] == Encoding::unsigned_integer ? 1 : 0;
        break;
      case Encoding::real:
        bind.buffer_type = MYSQL_TYPE_DOUBLE;
        bind.buffer = &place.real;
        bind.buffer_length = sizeof place.real;
        break;
      case Encoding::bits:
      case Encoding::bytes:
        bind.buffer_type = MYSQL_TYPE_BLOB;
        bind.buffer = &place.nothing;
        break;
      case Encoding::text:
        bind.buffer_type = MYSQL_TYPE_STRING;
        bind.buffer = &place.nothing;
        break;
    }
  }
}

ResultBuffer::~ResultBuffer() = default;

bool ResultBuffer::bind() { return mysql_stmt_bind_result(statement_, binds_->binds.data()) == 0; }

std::vector<Value> ResultBuffer::row() {
  std::vector<Value> values(encodings_.size());
  for (std::size_t i = 0; i < encodings_.size(); ++i) {
    const Binds::Place& place = binds_->places[i];
    if (place.is_null != 0) continue;
    switch (encodings_[i]) {
      case Encoding::integer:
        values[i] = place.integer;
        continue;
      case Encoding::unsigned_integer:
        values[i] = to_unsigned(static_cast<std::uint64_t>(place.integer));
        continue;
      case Encoding::real:
        values[i] = place.real;
        continue;
      default:
        break;
    }
    std::string text(place.length, '\0');
    MYSQL_BIND bind = binds_->binds[i];
    bind.buffer = text.data();
    bind.buffer_length = static_cast<unsigned long>(text.size());
    if (!text.empty()) mysql_stmt_fetch_column(statement_, &bind, static_cast<unsigned int>(i), 0);
    // What the library converts to text, a date for example, is shorter than the place for it.
    text.resize(std::min<std::size_t>(place.length, text.size()));
    values[i] = to_value(encodings_[i], text);
  }
  return values;
}

}  // namespace whimbrel::dialect::mysql
