#pragma once

#include <optional>
#include <string>

#include "model/type_mapping.h"

namespace whimbrel::entity {

/// A feature that a database lacks, as text.
struct Lack {
  std::string reason;  ///< `SQLite 3.34 has no ..., which SQLite 3.37 introduced`.
  std::string remedy;
};

/// Returns none if the database has it.
[[nodiscard]] std::optional<Lack> lack(const model::TypeMapping& mapping, model::Feature feature);

/// Throws Error (entity), which names the entity, the feature and the database, if the database lacks the feature.
/// `member` may be empty.
void require(const model::TypeMapping& mapping, model::Feature feature, const std::string& entity,
             const std::string& member);

}  // namespace whimbrel::entity
