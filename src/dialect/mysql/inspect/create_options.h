#pragma once

#include <map>
#include <string>
#include <string_view>

namespace whimbrel::dialect::mysql {

/// Parses TABLES.CREATE_OPTIONS: `row_format=COMPRESSED max_rows=5` becomes ROW_FORMAT and MAX_ROWS, with values as
/// they are written in SQL.
[[nodiscard]] std::map<std::string, std::string> read_create_options(std::string_view text);
[[nodiscard]] bool is_partitioned(std::string_view create_options);

}  // namespace whimbrel::dialect::mysql
