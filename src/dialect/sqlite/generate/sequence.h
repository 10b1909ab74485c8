#pragma once

#include <string>
#include <vector>

namespace whimbrel::dialect::sqlite {

/// Returns the statements that keep the copy of a table with AUTOINCREMENT from generating a key that the table has
/// already generated. The names are as stored. https://www.sqlite.org/autoinc.html
[[nodiscard]] std::vector<std::string> sequence_carried(const std::string& table, const std::string& copy);

}  // namespace whimbrel::dialect::sqlite
