#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/text/type_text.h"

namespace whimbrel::dialect::mysql {

namespace {

using model::Type;

/// What a type can hold, as the server counts it: a text in characters, other types in bytes.
struct Length {
  std::uint64_t most = 0;
  std::uint64_t certain = most;  ///< Whatever the characters are.
  std::string_view unit{};       ///< For messages: ` bytes`.
};

bool is_unsigned(const Type& type) { return type.suffix.find("unsigned") != std::string::npos; }

int integer_rank(std::string_view name) {
  static constexpr std::array<std::string_view, 5> names = {"tinyint", "smallint", "mediumint", "int", "bigint"};
  const auto* const found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

bool is_integer(const Type& type) { return integer_rank(type.name) >= 0; }
bool is_float(const Type& type) { return type.name == "float" || type.name == "double"; }
bool is_numeric(const Type& type) {
  return is_integer(type) || is_float(type) || type.name == "decimal" || type.name == "bit" || type.name == "year";
}

bool is_time(const Type& type) {
  return type.name == "date" || type.name == "datetime" || type.name == "timestamp" || type.name == "time";
}

/// Returns the length of a text type; nullopt if it is none.
std::optional<Length> text_length(const Type& type) {
  if (type.name == "char" || type.name == "varchar") return Length{type.arguments.empty() ? 1 : type.arguments.front()};
  struct Known {
    std::string_view name;
    std::uint64_t most;
  };
  static constexpr std::array known = {Known{"tinytext", 255}, Known{"text", 65535}, Known{"mediumtext", 16777215},
                                       Known{"longtext", 4294967295}};
  constexpr std::uint64_t bytes_per_character = 4;
  for (const Known& text : known) {
    if (type.name == text.name) return Length{text.most, text.most / bytes_per_character, " bytes"};
  }
  return std::nullopt;
}

std::optional<Length> binary_length(const Type& type) {
  if (type.name == "binary" || type.name == "varbinary") {
    return Length{type.arguments.empty() ? 1 : type.arguments.front()};
  }
  struct Known {
    std::string_view name;
    std::uint64_t most;
  };
  static constexpr std::array known = {Known{"tinyblob", 255}, Known{"blob", 65535}, Known{"mediumblob", 16777215},
                                       Known{"longblob", 4294967295}};
  for (const Known& blob : known) {
    if (type.name == blob.name) return Length{blob.most};
  }
  return std::nullopt;
}

/// The numbers of decimal digits before and after the point that every value fits in.
struct Digits {
  std::uint32_t whole = 0;
  std::uint32_t fraction = 0;
};

Digits digits_of(const Type& type) {
  static constexpr std::array<std::uint32_t, 5> of_integers = {3, 5, 8, 10, 20};
  if (is_integer(type)) return {of_integers[static_cast<std::size_t>(integer_rank(type.name))], 0};
  if (type.name == "year") return {4, 0};
  if (type.name == "bit") return {20, 0};
  const std::uint32_t precision = type.arguments.empty() ? 10 : type.arguments[0];
  const std::uint32_t scale = type.arguments.size() < 2 ? 0 : type.arguments[1];
  return {precision - std::min(precision, scale), scale};
}

bool needs_rounding(const Type& type) { return is_float(type) || digits_of(type).fraction > 0; }

/// Both are float, or both double.
ConversionRisk same_float_risk(const Type& from, const Type& to) {
  const bool loses_sign = is_unsigned(to) && !is_unsigned(from);
  const std::string fails = "which fails if a value does not fit";
  if (to.arguments.empty()) return loses_sign ? ConversionRisk{fails} : ConversionRisk{};
  const bool rounds = from.arguments.empty() || digits_of(from).fraction > digits_of(to).fraction;
  if (rounds) return {"which rounds them, and fails if one does not fit", true};
  const bool is_narrower = digits_of(from).whole > digits_of(to).whole;
  return loses_sign || is_narrower ? ConversionRisk{fails} : ConversionRisk{};
}

ConversionRisk number_risk(const Type& from, const Type& to) {
  const std::string fails = "which fails if a value does not fit";
  const std::string rounds = "which rounds them, and fails if one does not fit";
  if (to.name == "year") {
    // https://mariadb.com/kb/en/year-data-type/
    const std::string words = "which takes numbers below 100 for the years 1970 to 2069";
    if (needs_rounding(from)) return {words + ", rounds others, and fails if one does not fit", true};
    return {words + ", and fails if a value does not fit", true};
  }
  const bool has_sign = !is_unsigned(from) && from.name != "bit" && from.name != "year";
  const bool loses_sign = is_unsigned(to) && has_sign;
  // A negative number has as many bits as the widest column.
  if (to.name == "bit" && !to.arguments.empty() && to.arguments.front() == 64 && has_sign) {
    const std::string words = "which takes negative numbers for large ones";
    return {needs_rounding(from) ? words + ", and rounds others" : words, true};
  }
  if (is_float(to)) {
    if (from.name == to.name) return same_float_risk(from, to);
    const bool widens = from.name == "float" && to.name == "double" && to.arguments.empty();
    const bool is_short = is_integer(from) && integer_rank(from.name) <= (to.name == "double" ? 3 : 1);
    if ((widens || (is_short && to.arguments.empty())) && !is_unsigned(to)) return {};
    return {"which may round them", true};
  }
  if (is_float(from)) return {rounds, true};
  const Digits needed = digits_of(from);
  const Digits held = digits_of(to);
  if (needed.fraction > held.fraction) return {rounds, true};
  if (is_integer(from) && is_integer(to)) {
    const int narrower = integer_rank(from.name) - integer_rank(to.name);
    const bool gains_sign = is_unsigned(from) && !is_unsigned(to);
    return narrower > 0 || loses_sign || (gains_sign && narrower == 0) ? ConversionRisk{fails} : ConversionRisk{};
  }
  if (to.name == "decimal") return loses_sign || needed.whole > held.whole ? ConversionRisk{fails} : ConversionRisk{};
  return {fails};
}

std::uint32_t second_digits(const Type& type) { return type.arguments.empty() ? 0 : type.arguments.front(); }

/// Seconds are rounded, or cut off if sql_mode has TIME_ROUND_FRACTIONAL or not, depending on the server.
ConversionRisk time_risk(const Type& from, const Type& to) {
  const bool has_day = from.name != "time";
  const bool keeps_day = to.name != "time";
  if (has_day && !keeps_day) return {"which drops the date", true};
  if (!has_day && keeps_day) return {"which adds the current date, and fails if a value is no time of day", true};
  if (from.name != "date" && to.name == "date") return {"which drops the time of day", true};
  std::string words;
  const bool rounds = from.name != "date" && second_digits(from) > second_digits(to);
  if (to.name == "timestamp" && from.name != "timestamp") {
    words = "which fails if a value is before 1970 or after 2038";
  } else if (from.name == "timestamp" && to.name == "datetime") {
    words = "which stores them in UTC";
  }
  if (rounds) words += words.empty() ? "which shortens the seconds" : ", and shortens the seconds";
  return {words, rounds};
}

std::string longer_than(std::uint64_t most) { return "which fails if a value is longer than " + std::to_string(most); }
std::string longer_than(const Length& to) { return longer_than(to.most) + std::string(to.unit); }

/// Reading a char cuts its trailing spaces off, and so does storing into one.
ConversionRisk text_risk(const Length& from, const Type& from_type, const Length& to, const Type& to_type) {
  const bool cuts_spaces = to_type.name == "char" && from_type.name != "char";
  const std::string fails = from.most > to.certain ? longer_than(to) : "";
  if (!cuts_spaces) return {fails};
  return {fails.empty() ? "which drops trailing spaces" : fails + ", and drops trailing spaces", true};
}

/// A set keeps its values by their texts.
std::optional<ConversionRisk> set_risk(const Type& from, const Type& to) {
  const std::vector<std::string> before = read_values(from.name);
  const std::vector<std::string> after = read_values(to.name);
  if (before.empty() || after.empty()) return std::nullopt;
  const bool keeps_all = std::all_of(before.begin(), before.end(), [&](const std::string& value) {
    return std::find(after.begin(), after.end(), value) != after.end();
  });
  return keeps_all ? ConversionRisk{} : ConversionRisk{"which fails if it holds a value that is not in the new set"};
}

/// Values of these types always have a text that is not longer.
std::uint64_t longest_text(const Type& type) {
  constexpr std::uint64_t of_number = 66;
  constexpr std::uint64_t of_time = 26;
  if (is_time(type)) return of_time;
  if (is_integer(type)) return digits_of(type).whole + 1;
  if (type.name == "uuid") return 36;
  if (type.name == "enum") return 255;
  return is_numeric(type) ? of_number : 4294967295;
}

}  // namespace

ConversionRisk conversion_risk(const StoredAs& from_stored, const StoredAs& to_stored) {
  const Type from = split_attributes(from_stored.type).type;
  const Type to = split_attributes(to_stored.type).type;
  if (from == to) return {};
  if (const auto risk = set_risk(from, to)) return *risk;
  if (is_numeric(from) && is_numeric(to)) return number_risk(from, to);
  if (is_time(from) && is_time(to)) return time_risk(from, to);
  const auto from_text = text_length(from);
  const auto to_text = text_length(to);
  if (from_text && to_text) return text_risk(*from_text, from, *to_text, to);
  const auto from_bytes = binary_length(from);
  const auto to_bytes = binary_length(to);
  if (from_bytes && to_bytes) {
    const bool pads = to.name == "binary" && from != to;
    const std::string fails = from_bytes->most > to_bytes->most ? longer_than(to_bytes->most) : "";
    return pads ? ConversionRisk{fails.empty() ? "which pads them with zero bytes" : fails + ", and pads shorter ones",
                                 true}
                : ConversionRisk{fails};
  }
  if (from_text && to_bytes) {
    return {"which stores the bytes of their texts in the column's character set, and fails if they are too long",
            true};
  }
  if (from_bytes && to_text) {
    const std::string fails = "which fails if the bytes are no valid text (MariaDB stores any as ascii), or too many";
    return to.name == "char" ? ConversionRisk{fails + ", and drops trailing spaces", true} : ConversionRisk{fails};
  }
  const std::string fails = "which fails if a value is not a valid " + to_string(to_stored.type);
  // JSON keeps the value, but MySQL not its formatting.
  if (from_text && to.name == "json") return {fails + ", and may reformat the others", true};
  if (from.name == "json" && to_text) {
    if (to.name == "longtext") return {};
    const bool cuts_spaces = to.name == "char";
    return {longer_than(*to_text) + (cuts_spaces ? ", and drops trailing spaces" : ""), cuts_spaces};
  }
  if (to_text) {
    // A text of a float or a bit is not the value.
    const bool is_exact = !is_float(from) && from.name != "bit" && from.name != "decimal";
    const std::string too_long = longest_text(from) > to_text->certain ? longer_than(*to_text) : "";
    if (is_exact) return {too_long};
    return {too_long.empty() ? "which stores their texts" : too_long, is_float(from) || from.name == "bit"};
  }
  return {fails + ", and may change the others", true};
}

}  // namespace whimbrel::dialect::mysql
