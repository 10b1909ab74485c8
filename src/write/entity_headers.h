#pragma once

#include <string>
#include <vector>

#include "model/type_mapping.h"
#include "whimbrel/model.h"
#include "write/entity_source.h"

/// A schema → the C++ headers of entities that describe it.
namespace whimbrel::write {

struct EntityHeader {
  std::string file;        ///< The file name, without a directory.
  std::string class_name;  ///< Empty for the header that includes all others.
  std::string text;
};

struct EntityHeaders {
  std::vector<EntityHeader> files;
  /// Parts of the schema that no header describes, as display text.
  std::vector<std::string> not_described;
};

/// Returns one header per table, and `entities.h`, which includes all of them. An enum type with the name that
/// `enum_type` returns is not named. `name_space` may be empty.
[[nodiscard]] EntityHeaders entity_headers(const model::Schema& schema, const model::TypeMapping& mapping,
                                           const EnumTypeName& enum_type, const std::string& name_space);

}  // namespace whimbrel::write
