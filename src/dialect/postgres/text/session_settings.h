#pragma once

#include <utility>

namespace whimbrel::dialect::postgres {

/// The text of values and definitions, and the meaning of a script, depend on these settings.
/// https://www.postgresql.org/docs/current/runtime-config-client.html
inline constexpr std::pair<const char*, const char*> required_settings[] = {
    {"client_encoding", "UTF8"},
    {"standard_conforming_strings", "on"},
    {"DateStyle", "ISO"},
    {"IntervalStyle", "postgres"},
    {"extra_float_digits", "1"},
    {"bytea_output", "hex"},
    {"quote_all_identifiers", "off"},
    {"array_nulls", "on"},
};

}  // namespace whimbrel::dialect::postgres
