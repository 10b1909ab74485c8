#include "entity/lower_column.h"

#include <algorithm>

#include "entity/feature.h"
#include "sql/null_literal.h"
#include "whimbrel/error.h"

namespace whimbrel::entity {

namespace {

using detail::ColumnRole;
using detail::MemberKind;
using model::ValueKind;

constexpr ValueKind value_kind(MemberKind kind) { return static_cast<ValueKind>(static_cast<int>(kind) - 1); }

static_assert(value_kind(MemberKind::int8) == ValueKind::int8);
static_assert(value_kind(MemberKind::int16) == ValueKind::int16);
static_assert(value_kind(MemberKind::int32) == ValueKind::int32);
static_assert(value_kind(MemberKind::int64) == ValueKind::int64);
static_assert(value_kind(MemberKind::uint8) == ValueKind::uint8);
static_assert(value_kind(MemberKind::uint16) == ValueKind::uint16);
static_assert(value_kind(MemberKind::uint32) == ValueKind::uint32);
static_assert(value_kind(MemberKind::uint64) == ValueKind::uint64);
static_assert(value_kind(MemberKind::boolean) == ValueKind::boolean);
static_assert(value_kind(MemberKind::float32) == ValueKind::float32);
static_assert(value_kind(MemberKind::float64) == ValueKind::float64);
static_assert(value_kind(MemberKind::text) == ValueKind::text);
static_assert(value_kind(MemberKind::bytes) == ValueKind::bytes);
static_assert(value_kind(MemberKind::date) == ValueKind::date);
static_assert(value_kind(MemberKind::timestamp) == ValueKind::timestamp);
static_assert(value_kind(MemberKind::enumeration) == ValueKind::enumeration);
static_assert(value_kind(MemberKind::array) == ValueKind::array);
static_assert(value_kind(MemberKind::json) == ValueKind::json);
static_assert(value_kind(MemberKind::uuid) == ValueKind::uuid);

bool is_integer(ValueKind kind) { return kind <= ValueKind::uint64; }
bool is_real(ValueKind kind) { return kind == ValueKind::float32 || kind == ValueKind::float64; }

/// Returns whether the member can hold the number.
bool fits(std::int64_t value, bool is_above_int64, ValueKind kind) {
  if (kind == ValueKind::uint64) return is_above_int64 || value >= 0;
  if (is_above_int64) return false;
  if (kind == ValueKind::int64) return true;
  const int bits = 8 << static_cast<int>(kind) % 4;
  const bool is_signed = kind <= ValueKind::int64;
  const std::int64_t top = (std::int64_t{1} << (is_signed ? bits - 1 : bits)) - 1;
  return value <= top && value >= (is_signed ? -top - 1 : 0);
}

/// Lowers one column; the members are shared by all steps.
class ColumnLowering {
 public:
  ColumnLowering(const detail::EntityBuilder& entity, const ColumnDescription& column,
                 const ColumnDescription& type_source, const std::map<std::string, std::string>& table_options,
                 const model::TypeMapping& mapping)
      : entity_(entity), column_(column), type_source_(type_source), table_options_(table_options), mapping_(mapping) {
    const bool as_integer = type_source.options.enum_storage == EnumStorage::integer;
    const bool is_enum = column.type.kind == MemberKind::enumeration;
    MemberKind kind = is_enum && as_integer ? column.type.underlying : column.type.kind;
    if (type_source.type.kind == MemberKind::uuid) kind = MemberKind::uuid;
    kind_ = value_kind(kind);
  }

  model::Column lower() const {
    model::Column result;
    result.name = column_.name;
    result.nullable = nullability();
    result.auto_increment = is_auto_increment();
    result.identity = column_.options.generated == Generation::identity;
    result.type = type();
    if (kind_ == ValueKind::enumeration && type_source_.type_text.empty()) result.enum_values = enum_names();
    result.default_expression = default_expression();
    result.computed = computed();
    result.collation = type_source_.collation;
    add_features(result);
    if (mapping_.has(model::Feature::comments)) result.comment = column_.comment;
    const bool has_member = column_.place == Place::own || column_.place == Place::embedded;
    if (has_member) result.member.value = unqualified(entity_.entity) + "::" + column_.member.name;
    if (column_.type.kind == MemberKind::enumeration) {
      const detail::EnumType& type = *column_.type.enumeration;
      for (const Enumerator& one : enumerators(type.signature, type.first)) {
        result.enumerators.value.emplace_back(one.name, std::to_string(one.value));
      }
    }
    return result;
  }

 private:
  [[noreturn]] void mistake(const std::string& reason, const std::string& remedy) const {
    fail(entity_.entity, column_.member.name, reason, remedy);
  }

  void require(model::Feature feature) const {
    entity::require(mapping_, feature, entity_.entity, column_.member.name);
  }

  void add_features(model::Column& result) const {
    if (result.identity) require(model::Feature::identity_columns);
    if (result.auto_increment && !is_primary(column_)) require(model::Feature::generated_columns);
    result.charset = type_source_.charset;
    if (!result.charset.empty()) require(model::Feature::charsets);
    result.on_update = column_.on_update;
    if (!result.on_update.empty()) require(model::Feature::values_on_update);
    result.enum_name = type_source_.enum_name;
    if (result.enum_name.empty()) return;
    if (kind_ != ValueKind::enumeration)
      mistake("enum_name is set, but the member is not an enum", "Remove enum_name.");
    require(model::Feature::named_enums);
  }

  /// Returns whether the column is auto-increment.
  bool is_auto_increment() const {
    switch (column_.options.generated) {
      case Generation::by_default:
        return column_.role == ColumnRole::primary_generated;
      case Generation::uuid:
        return false;
      case Generation::increment:
      case Generation::identity:
        break;
    }
    if (!is_integer(kind_)) mistake("only integer members can be auto-incremented", "Make the member an integer.");
    return true;
  }

  std::optional<model::Computed> computed() const {
    if (column_.computed.empty()) {
      if (column_.options.stored)
        mistake("stored is set, but the column is not computed", "Set .computed to an SQL expression.");
      return std::nullopt;
    }
    const bool has_value = column_.options.default_value.kind != DefaultValue::Kind::none ||
                           !column_.default_expression.empty() || is_auto_increment();
    if (has_value)
      mistake("a computed column cannot also have a default or be auto-incremented", "Remove one of the two.");
    require(column_.options.stored ? model::Feature::stored_columns : model::Feature::virtual_columns);
    if (is_primary(column_)) require(model::Feature::computed_keys);
    return model::Computed{column_.computed, column_.options.stored};
  }

  bool nullability() const {
    if (column_.is_forced) return true;
    const signed char answer = column_.options.nullable.answer;
    const bool nullable = answer < 0 ? column_.type.is_optional : answer == 1;
    if (nullable && is_primary(column_)) {
      mistake("a primary key column cannot be nullable", "Use a member that is not a std::optional.");
    }
    if (nullable && !column_.type.is_optional) {
      mistake("the column is nullable, but the member cannot hold NULL", "Make the member a std::optional.");
    }
    return nullable;
  }

  std::optional<std::uint32_t> number(std::int32_t option, std::int32_t least, const std::string& what) const {
    if (option == -1) return std::nullopt;
    if (option < least) {
      mistake(
          "the " + what + " is " + std::to_string(option) + ", but at least " + std::to_string(least) + " is needed",
          "Correct the value, or remove it.");
    }
    return static_cast<std::uint32_t>(option);
  }

  bool with_time_zone() const {
    if (!type_source_.options.with_time_zone) return false;
    if (kind_ != ValueKind::timestamp) {
      mistake("with_time_zone is set, but the member is not a timestamp", "Use a std::chrono::sys_time<...> member.");
    }
    if (!type_source_.type_text.empty()) mistake("both with_time_zone and type are set", "Remove one of the two.");
    return true;
  }

  model::Type type() const {
    model::ColumnRequest request;
    request.kind = kind_;
    if (column_.type.kind == MemberKind::array) request.element = value_kind(column_.type.underlying);
    request.type = type_source_.type_text;
    request.untyped = type_source_.options.untyped;
    request.with_time_zone = with_time_zone();
    request.length = number(type_source_.options.length, 1, "length");
    request.precision = number(type_source_.options.precision, 0, "precision");
    request.scale = number(type_source_.options.scale, 0, "scale");
    request.auto_increment = is_auto_increment();
    request.in_primary_key = is_primary(column_);
    request.table_options = table_options_;
    if (request.untyped) {
      require(model::Feature::untyped_columns);
      if (!request.type.empty() || request.length || request.precision) {
        mistake("untyped is set, but the column also has a type", "Remove untyped, or the type and its arguments.");
      }
    }
    if (request.scale && !request.precision) {
      mistake("scale is set without precision", "Set both: .precision is the total number of digits.");
    }
    if (request.length && request.precision) {
      mistake("both length and precision are set", "Remove one: a type has one or the other.");
    }
    try {
      return mapping_.column_type(request);
    } catch (const Error& error) {
      mistake(error.what(), error.remedy());
    }
  }

  std::vector<std::string> enum_names() const {
    std::vector<std::string> names;
    for (Enumerator& enumerator : all_enumerators()) names.push_back(std::move(enumerator.name));
    return names;
  }

  std::vector<Enumerator> all_enumerators() const {
    const detail::EnumType& type = *column_.type.enumeration;
    std::vector<Enumerator> result = enumerators(type.signature, type.first);
    if (result.empty()) {
      mistake("no enumerator is within the range that whimbrel searches",
              "Specialise whimbrel::EnumRange with the range of the enum's values.");
    }
    return result;
  }

  std::optional<std::string> default_expression() const {
    const DefaultValue& value = column_.options.default_value;
    const bool has_value = value.kind != DefaultValue::Kind::none;
    if (has_value && !column_.default_expression.empty()) {
      mistake("both default_value and default_expression are set", "Remove one of the two.");
    }
    if (has_value || !column_.default_expression.empty()) {
      if (column_.role == ColumnRole::primary_generated || is_auto_increment()) {
        mistake("a generated key has a default", "Remove the default: the database generates the value.");
      }
    }
    if (sql::is_null_literal(column_.default_expression, mapping_.syntax())) return std::nullopt;
    if (!column_.default_expression.empty()) return column_.default_expression;
    if (has_value) return default_literal(value);
    if (column_.options.generated == Generation::uuid) return mapping_.random_uuid();
    return has_made_date(column_) ? std::optional(mapping_.current_timestamps(type()).front()) : std::nullopt;
  }

  std::string default_literal(const DefaultValue& value) const {
    const model::Literal lowered = literal(value);
    try {
      return mapping_.default_literal(lowered, kind_);
    } catch (const Error& error) {
      mistake(error.what(), error.remedy());
    }
  }

  model::Literal literal(const DefaultValue& value) const {
    switch (value.kind) {
      case DefaultValue::Kind::boolean:
        expect(kind_ == ValueKind::boolean, "true or false");
        return value.integer != 0;
      case DefaultValue::Kind::integer:
      case DefaultValue::Kind::unsigned_integer:
        return number(value);
      case DefaultValue::Kind::real:
        expect(is_real(kind_), "a floating-point number");
        return value.real;
      case DefaultValue::Kind::text:
        expect(kind_ == ValueKind::text || kind_ == ValueKind::date || kind_ == ValueKind::timestamp ||
                   kind_ >= ValueKind::array,
               "text");
        return text();
      case DefaultValue::Kind::enumerator:
        return enumerator(value);
      case DefaultValue::Kind::none:
        break;
    }
    return {};
  }

  std::string text() const {
    const std::string& value = column_.default_text;
    if (value.find('\0') != std::string::npos) {
      mistake("the default contains a NUL byte", "Remove it: SQL cannot contain it.");
    }
    const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    const std::int32_t length = type_source_.options.length;
    if (length > 0 && std::count_if(value.begin(), value.end(), is_start) > length) {
      mistake("the default is longer than the column", "Use a shorter one, or a greater length.");
    }
    return value;
  }

  model::Literal number(const DefaultValue& value) const {
    const bool is_above = value.kind == DefaultValue::Kind::unsigned_integer && value.integer < 0;
    expect(is_integer(kind_) || is_real(kind_), "an integer");
    if (is_real(kind_) && is_above) return static_cast<double>(static_cast<std::uint64_t>(value.integer));
    if (is_integer(kind_) && !fits(value.integer, is_above, kind_)) {
      mistake("the default is out of the range of the member's type", "Use a value that the member can hold.");
    }
    if (is_above) {
      mistake("the default is above 9223372036854775807, the limit of a database integer", "Use a smaller value.");
    }
    return value.integer;
  }

  model::Literal enumerator(const DefaultValue& value) const {
    const bool is_same = column_.type.kind == MemberKind::enumeration && column_.type.enumeration == value.enumeration;
    if (!is_same) mistake("the default is an enumerator of another enum", "Use an enumerator of the member's enum.");
    if (kind_ != ValueKind::enumeration) return value.integer;
    for (const Enumerator& candidate : all_enumerators()) {
      if (candidate.value == value.integer) return candidate.name;
    }
    mistake("the default is not an enumerator of the enum", "Use one of its enumerators.");
  }

  void expect(bool fits_member, const std::string& what) const {
    if (!fits_member && type_source_.type_text.empty()) {
      mistake("the default is " + what + ", which does not match the member's type",
              "Use a value of the member's type, or default_expression for SQL.");
    }
  }

  const detail::EntityBuilder& entity_;
  const ColumnDescription& column_;
  const ColumnDescription& type_source_;
  const std::map<std::string, std::string>& table_options_;
  const model::TypeMapping& mapping_;
  ValueKind kind_ = ValueKind::text;
};

}  // namespace

bool has_made_date(const ColumnDescription& column) {
  const bool is_date = column.role == ColumnRole::create_date || column.role == ColumnRole::update_date;
  return is_date && column.default_expression.empty() && column.options.default_value.kind == DefaultValue::Kind::none;
}

bool is_primary(const ColumnDescription& column) {
  return column.role == ColumnRole::primary || column.role == ColumnRole::primary_generated;
}

model::Column lower_column(const detail::EntityBuilder& entity, const ColumnDescription& column,
                           const ColumnDescription& type_source,
                           const std::map<std::string, std::string>& table_options, const model::TypeMapping& mapping) {
  return ColumnLowering(entity, column, type_source, table_options, mapping).lower();
}

}  // namespace whimbrel::entity
