#include "toy_database/client/database.h"

namespace whimbrel::toy {

std::shared_ptr<Database> find_database(const std::string& name, bool make) {
  static std::map<std::string, std::shared_ptr<Database>> databases;
  const auto found = databases.find(name);
  if (found != databases.end()) return found->second;
  return make ? databases[name] = std::make_shared<Database>() : nullptr;
}

}  // namespace whimbrel::toy
