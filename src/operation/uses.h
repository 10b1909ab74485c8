#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/syntax.h"
#include "whimbrel/model.h"

namespace whimbrel::operation {

/// Returns whether an item with these uses needs the column: true if its uses are unknown.
[[nodiscard]] bool uses(const model::Uses& uses, const model::Name& table, const std::string& column);

/// Returns whether the column's type or default uses the item, or may: the uses of a default can be unknown.
[[nodiscard]] bool uses(const model::Column& column, const model::Reference& item);

/// Returns what the index uses. If that is unknown, an index over columns alone uses these columns.
[[nodiscard]] model::Uses uses_of(const model::Index& index, const model::Name& table);

/// Returns whether a part of the key or the predicate is an expression.
[[nodiscard]] bool has_expression(const model::Index& index);

/// Returns the INCLUDE columns of the keys and unique indexes of a table.
[[nodiscard]] std::vector<std::string> included_columns(const model::Table& table);

/// Returns them as Uses are: sorted, each once.
[[nodiscard]] std::vector<model::Reference> sorted_uses(std::vector<model::Reference> used);

/// Renames a column of the table in what is used.
void rename_used(model::Uses& uses, const model::Name& table, const std::string& from, const std::string& to);

/// Calls the function with what each item of the schema uses.
void for_each_uses(model::Schema& schema, const std::function<void(model::Uses&)>& function);

/// Sets what each item uses to what the same item of the other schema uses: the same text can mean something else
/// there.
void take_uses(model::Schema& schema, const model::Schema& other);

/// Returns a function's name, `total(integer)`, without its arguments; nullopt for other names.
[[nodiscard]] std::optional<std::string_view> name_of_overloads(std::string_view name);

}  // namespace whimbrel::operation
