#pragma once

#include <optional>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Makes different comments on views objects, because a view that differs is recreated. Nullopt if none differ.
[[nodiscard]] std::optional<diff::SchemaPair> with_view_comments_apart(const model::Schema& current,
                                                                       const model::Schema& desired);

}  // namespace whimbrel::dialect::postgres
