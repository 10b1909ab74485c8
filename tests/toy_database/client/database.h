#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "whimbrel/model.h"
#include "whimbrel/query_runner.h"

namespace whimbrel::toy {

/// A table as it is stored: of its columns only what the toy knows, the name, the type, whether NULL is allowed,
/// whether it counts up, and the default.
struct Table {
  std::vector<model::Column> columns;
  std::vector<std::string> key;
  std::int64_t last_number = 0;  ///< Of the column that counts up.
  std::vector<std::vector<Value>> rows;
};

using Tables = std::map<std::string, Table>;

struct Database {
  Tables tables;
  int locked_by = 0;  ///< The number of the connection that holds the migration lock; 0: none.
};

/// The database of this name in this process; null if there is none and `make` is false.
[[nodiscard]] std::shared_ptr<Database> find_database(const std::string& name, bool make);

}  // namespace whimbrel::toy
