#include "dialect/sqlite/rewrite/temporary_name.h"

namespace whimbrel::dialect::sqlite {

std::string temporary_name(const std::string& table, const IndexedNames& before, const IndexedNames& after) {
  std::string name = "temporary_" + table;
  while (before.is_taken(name) || after.is_taken(name)) name = "temporary_" + name;
  return name;
}

}  // namespace whimbrel::dialect::sqlite
