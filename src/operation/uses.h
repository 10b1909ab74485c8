#pragma once

#include <functional>
#include <string>

#include "sql/syntax.h"
#include "whimbrel/model.h"

namespace whimbrel::operation {

/// Does what has these uses need the column? It may, if nobody has said what it uses.
[[nodiscard]] bool uses(const model::Uses& uses, const model::Name& table, const std::string& column);

/// What the index uses: an index over nothing but columns uses these, if nobody has said more.
[[nodiscard]] model::Uses uses_of(const model::Index& index, const model::Name& table);

/// Calls the function with what each item of the schema uses.
void for_each_uses(model::Schema& schema, const std::function<void(model::Uses&)>& function);

}  // namespace whimbrel::operation
