#include "dialect/postgres/compare/extension_moves.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Object;
using model::Schema;

/// Returns the extensions by their names.
std::map<model::Name, const Object*> extensions_of(const Schema& schema) {
  std::map<model::Name, const Object*> extensions;
  for (const Object& object : schema.objects) {
    if (object.kind == "extension") extensions.emplace(object.name, &object);
  }
  return extensions;
}

/// Returns the schema of the extension; empty: the default one.
std::string home_of(const Object& extension) {
  const auto& uses = extension.uses.value;
  return uses && !uses->empty() ? uses->front().name.name : std::string();
}

[[noreturn]] void refuse(const Object& extension) {
  throw Error(ErrorKind::unsafe, "Extension \"" + to_string(extension.name) +
                                     "\" is in different schemas, and it cannot be moved: it is not relocatable.")
      .with_remedy(
          "Create it in the same schema on both sides. To move it, write a migration that drops it with "
          "everything that uses it, and creates all of it again (`newmigration`).");
}

}  // namespace

std::vector<Operation> extension_moves(const Schema& current, const Schema& desired) {
  std::vector<Operation> made;
  std::vector<Operation> moves;
  std::set<std::string> schemas(current.schemas.begin(), current.schemas.end());
  const std::map<model::Name, const Object*> wanted = extensions_of(desired);
  for (const auto& [name, extension] : extensions_of(current)) {
    const auto found = wanted.find(name);
    if (found == wanted.end() || home_of(*extension) == home_of(*found->second)) continue;
    if (extension->move.value.empty() || found->second->move.value.empty()) refuse(*extension);
    const std::string home = home_of(*found->second);
    if (!home.empty() && schemas.insert(home).second) made.emplace_back(CreateSchema{home});
    moves.emplace_back(AlterObject{*extension, *found->second});
  }
  made.insert(made.end(), moves.begin(), moves.end());
  return made;
}

}  // namespace whimbrel::dialect::postgres
