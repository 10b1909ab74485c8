#pragma once

#include <string>
#include <vector>

#include "model/type_mapping.h"
#include "whimbrel/model.h"

/// A schema → the C++ headers of entities that describe it.
namespace whimbrel::write {

struct EntityHeader {
  std::string file;        ///< Its name, without a directory.
  std::string class_name;  ///< Empty for the header that has all of them.
  std::string text;
};

struct EntityHeaders {
  std::vector<EntityHeader> files;
  /// What is in the schema and in no header, in words.
  std::vector<std::string> not_expressed;
};

/// One header for each table, and `entities.h` with all of them. `name_space` may be empty.
[[nodiscard]] EntityHeaders entity_headers(const model::Schema& schema, const model::TypeMapping& mapping,
                                           const std::string& name_space);

}  // namespace whimbrel::write
