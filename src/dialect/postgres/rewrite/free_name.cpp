#include "dialect/postgres/rewrite/free_name.h"

#include <algorithm>

#include "dialect/postgres/generate/definition.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Returns whether something has the name in the name space of types, which those of tables and views are in, too.
/// Domains and composite types are objects; other objects that have it do no harm.
bool is_taken(const model::Schema& schema, const model::Name& name) {
  const auto has_name = [&](const auto& item) { return item.name == name; };
  const auto any = [&](const auto& items) { return std::any_of(items.begin(), items.end(), has_name); };
  return any(schema.enums) || any(schema.tables) || any(schema.views) || any(schema.objects);
}

}  // namespace

std::string find_free_name(const model::Name& name, const model::Schema& from, const model::Schema& to) {
  for (int number = 1;; ++number) {
    const std::string suffix = number == 1 ? "_old" : "_old_" + std::to_string(number);
    const model::Name found(name.schema, with_suffix(name.name, suffix));
    if (!is_taken(from, found) && !is_taken(to, found)) return found.name;
  }
}

}  // namespace whimbrel::dialect::postgres
