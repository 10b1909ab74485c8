#pragma once

#include <string_view>

namespace whimbrel::dialect::sqlite {

/// Throws Error (unsafe) unless what a row of sqlite_schema keeps is one statement, which makes the thing of this type
/// and name. SQLite runs no more than the first when it reads the schema, so a file can have been given others, which
/// whoever runs or prints the whole text would run.
void require_definition(std::string_view type, std::string_view name, std::string_view sql);

}  // namespace whimbrel::dialect::sqlite
