#pragma once

#include <string>
#include <vector>

#include "model/type_mapping.h"
#include "whimbrel/model.h"

/// The names and contents of the entities of a schema, before they are written as text.
namespace whimbrel::write {

struct PlannedMember {
  std::string name;
  const model::Column* column = nullptr;
  model::ValueKind kind = model::ValueKind::text;
  std::string enum_name;  ///< The enum that is declared for it; empty: none.
  std::vector<std::string> enum_values;
  bool follows_reference = false;  ///< If true, its type is that of the member that it references.
  bool is_referenced = false;      ///< If true, a member references it.
  bool shares_enum = false;        ///< If true, another column of the database has its enum type.
};

/// A member of a foreign key, and the member that it references.
struct PlannedPair {
  std::size_t member = 0;
  std::size_t referenced = 0;
};

struct PlannedReference {
  const model::ForeignKey* key = nullptr;
  std::size_t entity = 0;  ///< The entity that it references.
  std::vector<PlannedPair> pairs;
};

struct PlannedEntity {
  const model::Table* table = nullptr;
  std::string class_name;
  std::string file;                    ///< `order_details.h`
  std::vector<PlannedMember> members;  ///< Those of the primary key first, in its order.
  std::size_t key_size = 0;            ///< The number of members in the primary key.
  bool is_unmanaged = false;           ///< If true, it is unmanaged, because it cannot describe the table completely.
  std::vector<PlannedReference> references;
  bool is_in_cycle = false;                ///< If true, it references an entity that references it, directly or not.
  std::vector<std::string> not_described;  ///< Parts of the table that are not described, as display text.
};

struct PlannedView {
  const model::View* view = nullptr;
  std::string class_name;
  std::string file;
  std::string columns;  ///< Its column list, as in its definition.
  std::string query;
  bool is_unmanaged = false;  ///< If true, it is unmanaged.
};

struct EntityPlan {
  std::vector<PlannedEntity> entities;
  std::vector<PlannedView> views;
  std::vector<std::string> left_out;  ///< Tables and views without an entity, with the reason, as display text.
};

/// The schema must outlive the plan.
[[nodiscard]] EntityPlan plan_entities(const model::Schema& schema, const model::TypeMapping& mapping);

/// Returns whether two types are equal but for their spelling.
[[nodiscard]] bool is_same_type(const model::Type& a, const model::Type& b, const model::TypeMapping& mapping);

}  // namespace whimbrel::write
