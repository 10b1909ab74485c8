#pragma once

#include <string>
#include <string_view>

#include "whimbrel/model.h"

/// What full-text indexes read that do not store their texts themselves.
namespace whimbrel::dialect::sqlite {

/// Returns the table or view whose texts the object indexes; empty if there is none.
[[nodiscard]] std::string content_name(const model::Object& object);

[[nodiscard]] bool reads_view(const model::Object& index, const model::Schema& schema);

/// Returns what the index reads from a table but does not find, as display text; empty if it finds everything.
[[nodiscard]] std::string missing_content(const model::Object& index, const model::Schema& schema);

/// Throws Error (unsafe) if a table gets a column whose name hides the number of its rows from an index.
void require_visible_keys(const model::Schema& before, const model::Schema& after);

/// Returns whether the index reads the table or view, or may: a view on the way only has to contain its name.
[[nodiscard]] bool may_read(const model::Object& index, std::string_view name, const model::Schema& schema);

}  // namespace whimbrel::dialect::sqlite
