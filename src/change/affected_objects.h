#pragma once

#include "change/generate.h"
#include "dialect/dialect.h"

namespace whimbrel::change {

/// Adds the words of the text, including those in strings, as written and in lower case.
void add_words(std::set<std::string>& names, std::string_view text, const sql::Syntax& syntax);

/// Returns the scope that a scratch copy must contain to verify the script in both directions.
[[nodiscard]] dialect::AffectedObjects affected_objects(const SchemaChange& generated, const sql::Syntax& syntax);

}  // namespace whimbrel::change
