#include <algorithm>
#include <array>
#include <limits>

#include "dialect/postgres/generate/conversion.h"
#include "dialect/postgres/generate/type_parts.h"

namespace whimbrel::dialect::postgres {

namespace {

constexpr std::uint32_t any_number = std::numeric_limits<std::uint32_t>::max();

/// The maximal numbers of digits before and after the decimal point.
struct Digits {
  std::uint32_t whole = any_number;
  std::uint32_t fraction = any_number;
};

Digits digits_of(const TypeParts& type) {
  struct Known {
    std::string_view name;
    Digits digits;
  };
  static constexpr std::array names = {Known{"smallint", {5, 0}}, Known{"integer", {10, 0}}, Known{"oid", {10, 0}},
                                       Known{"bigint", {19, 0}}, Known{"money", {17, 2}}};
  for (const Known& known : names) {
    if (type.name == known.name) return known.digits;
  }
  if (type.name != "numeric" || type.arguments.size() != 2) return {};
  return {type.arguments[0] - std::min(type.arguments[0], type.arguments[1]), type.arguments[1]};
}

ConversionRisk number_risk(bool rounds, bool overflows) {
  if (rounds) return {overflows ? "which rounds them, and fails if one does not fit" : "which rounds them", true};
  return {overflows ? "which fails if a value does not fit" : ""};
}

ConversionRisk number_risk(const TypeParts& from, const TypeParts& to) {
  const Digits needed = digits_of(from);
  const Digits held = digits_of(to);
  if (is_float(to.name)) {
    const bool is_short = from.name == "smallint" || (to.name == "double precision" && from.name == "integer");
    if (is_short || (to.name == "double precision" && from.name == "real")) return {};
    return {"which may round them", true};
  }
  // The largest number of these is not all nines, and only an oid is never negative.
  const bool is_binary = is_whole(to.name) || to.name == "oid" || to.name == "money";
  const bool is_wider = is_whole(from.name) || (from.name == "oid" && to.name == "bigint");
  const bool overflows = is_binary ? to.name == "oid" || !is_wider || needed.whole > held.whole
                                   : held.whole != any_number && needed.whole > held.whole;
  return number_risk(needed.fraction > held.fraction, overflows);
}

std::uint32_t second_digits(const TypeParts& type) {
  constexpr std::uint32_t most = 6;
  if (type.name == "date") return 0;
  return type.arguments.empty() ? most : std::min(type.arguments.front(), most);
}

ConversionRisk time_risk(const TypeParts& from, const TypeParts& to) {
  const bool to_time = is_time_of_day(to.name);
  const bool leaves_day = to_time && !is_time_of_day(from.name);
  const bool leaves_time = to.name == "date" && from.name != "date";
  const bool leaves_zone = to_time && is_time_of_day(from.name) && has_zone(from.name) && !has_zone(to.name);
  const bool rounds = !leaves_time && second_digits(from) > second_digits(to);
  const bool is_length = from.name == "interval" || to.name == "interval";
  std::string words;
  if (leaves_zone) {
    words = "which drops the time zone";
  } else if (has_zone(from.name) != has_zone(to.name) && !is_length) {
    words = "using the TimeZone of the session that runs the migration";
  } else if (leaves_day || leaves_time) {
    words = leaves_day ? "which drops the date" : "which drops the time of day";
  }
  if (rounds) words += words.empty() ? "which rounds the seconds" : ", and rounds the seconds";
  return {words, leaves_day || leaves_time || leaves_zone || rounds};
}

/// Returns whether one can be cast to the other.
bool are_times(const TypeParts& from, const TypeParts& to) {
  if (to.name == "interval") return from.name == "interval" || from.name == "time without time zone";
  return (is_day(from.name) && (is_day(to.name) || is_time_of_day(to.name))) ||
         (is_time_of_day(from.name) && is_time_of_day(to.name));
}

ConversionRisk text_risk(const TypeParts& from, const TypeParts& to) {
  if (to.name == "name" && from.name != "name") return {"which keeps only the first 63 bytes of each value", true};
  const bool fits = fits_length(from, to);
  std::string words = fits ? "" : "which fails if a value is longer than " + std::to_string(to.arguments.front());
  const bool pads = (to.name == "character" || to.name == "bpchar") && !from.is_array;
  const bool cuts = pads || (to.is_array && !fits);
  if (!cuts || !may_end_with_spaces(from.name)) return {words};
  words += words.empty() ? "which" : ", and";
  return {words + " drops trailing spaces", true};
}

ConversionRisk bit_risk(const TypeParts& from, const TypeParts& to) {
  constexpr std::uint32_t half = 32;
  if (is_bits(from.name) && is_bits(to.name)) {
    if (to.name == "bit varying" && fits_length({to.name, from.arguments, to.is_array}, to)) return {};
    const std::string length = to.arguments.empty() ? "" : std::to_string(to.arguments.front());
    return {"which fails if a value is " +
            (to.name == "bit" ? "not " + length + " bits long" : "longer than " + length)};
  }
  if (from.name == "bit") return {"which fails if a value does not fit"};
  const std::uint32_t length = to.arguments.empty() ? 1 : to.arguments.front();
  if (length >= (from.name == "bigint" ? 2 * half : half)) return {};
  return {"which keeps only the last " + std::to_string(length) + " bits of each value", true};
}

bool are_bits(const TypeParts& from, const TypeParts& to) {
  return (is_bits(from.name) && is_bits(to.name)) || (is_whole(from.name) && to.name == "bit") ||
         (from.name == "bit" && is_whole(to.name));
}

ConversionRisk risk_between(const model::Type& from_type, const model::Type& to_type) {
  if (from_type == to_type) return {};
  const TypeParts from = parts_of(from_type);
  const TypeParts to = parts_of(to_type);
  if (to.is_array && !from.is_array && !is_text(to.name)) return risk_between(from_type, to.element());
  if (from.is_array && !to.is_array) {
    return {is_text(to.name) ? "which converts an array of one element to the element, and others to their text"
                             : "which keeps the element, and fails if an array has several",
            true};
  }
  if (is_text(to.name)) return text_risk(from, to);
  const std::string fails = "which fails if a value is not a valid " + to_string(to_type);
  // The text contains more than the value, except for json.
  ConversionRisk by_text = {to.name == "json" && !to.is_array ? fails : fails + ", and reformats the others",
                            to.name != "json" || to.is_array};
  if (is_number(from.name) && is_number(to.name)) return number_risk(from, to);
  if (is_number(from.name) && to.name == "boolean" && !to.is_array) {
    return {"which keeps only whether each value is zero", true};
  }
  if (from.name == "boolean" && is_number(to.name)) return number_risk({"smallint", {}}, to);
  if (are_times(from, to)) return time_risk(from, to);
  if (are_bits(from, to)) return bit_risk(from, to);
  if (from.name == "json" && to.name == "jsonb") return {"which keeps the value, but not its formatting", true};
  if (from.name == "jsonb" && to.name == "json") return {};
  return by_text;
}

}  // namespace

ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to) {
  if (from.type == to.type) return {};
  ConversionRisk risk = risk_between(from.base_type.value_or(from.type), to.base_type.value_or(to.type));
  if (!to.base_type) return risk;
  risk.words += risk.words.empty() ? "which" : ", and";
  risk.words += " fails if the domain does not accept a value";
  return risk;
}

}  // namespace whimbrel::dialect::postgres
