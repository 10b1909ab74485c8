#pragma once

#include <string_view>

namespace whimbrel::dialect::sqlite {

/// Throws Error (unsafe) unless a row of sqlite_schema contains a single statement, which creates the object of this
/// type and name. SQLite runs only the first statement when it reads the schema, so a manipulated file can contain
/// more, which a program that runs or prints the whole text would execute.
void require_definition(std::string_view type, std::string_view name, std::string_view sql);

}  // namespace whimbrel::dialect::sqlite
