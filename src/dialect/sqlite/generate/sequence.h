#pragma once

#include <string>
#include <vector>

namespace whimbrel::dialect::sqlite {

/// The statements that keep the copy of a table with AUTOINCREMENT from giving a key again that the table has given.
/// The names are as they are stored. https://www.sqlite.org/autoinc.html
[[nodiscard]] std::vector<std::string> sequence_carried(const std::string& table, const std::string& copy);

}  // namespace whimbrel::dialect::sqlite
