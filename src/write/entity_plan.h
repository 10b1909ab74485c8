#pragma once

#include <string>
#include <vector>

#include "model/type_mapping.h"
#include "whimbrel/model.h"

/// What the entities of a schema are called and what they can say, before any of it is text.
namespace whimbrel::write {

struct PlannedMember {
  std::string name;
  const model::Column* column = nullptr;
  model::ValueKind kind = model::ValueKind::text;
  std::string enum_name;  ///< Of the enum that is declared for it; empty: none.
  std::vector<std::string> enum_values;
  bool follows_reference = false;  ///< Its type is that of the member that it refers to.
};

/// A member of a foreign key, and the one that it refers to.
struct PlannedPair {
  std::size_t member = 0;
  std::size_t referenced = 0;
};

struct PlannedReference {
  const model::ForeignKey* key = nullptr;
  std::size_t entity = 0;  ///< The one that it refers to.
  std::vector<PlannedPair> pairs;
};

struct PlannedEntity {
  const model::Table* table = nullptr;
  std::string class_name;
  std::string file;                    ///< `order_details.h`
  std::vector<PlannedMember> members;  ///< Those of the primary key first, in its order.
  std::size_t key_size = 0;            ///< How many of them are of the primary key.
  bool is_left_alone = false;          ///< It cannot say all that the table is, so it keeps everybody's hands off it.
  std::vector<PlannedReference> references;
  bool is_in_cycle = false;                ///< It refers to an entity that refers to it, directly or not.
  std::vector<std::string> not_expressed;  ///< What belongs to the table and is not said, in words.
};

struct PlannedView {
  const model::View* view = nullptr;
  std::string class_name;
  std::string file;
  std::string columns;  ///< The names that it gives its columns, as they stand there.
  std::string query;
  bool is_left_alone = false;  ///< As of an entity.
};

struct EntityPlan {
  std::vector<PlannedEntity> entities;
  std::vector<PlannedView> views;
  std::vector<std::string> left_out;  ///< Tables and views without an entity, with the reason, in words.
};

/// The schema outlives the plan.
[[nodiscard]] EntityPlan plan_entities(const model::Schema& schema, const model::TypeMapping& mapping);

/// Do two types say the same, as far as text tells it?
[[nodiscard]] bool is_same_type(const model::Type& a, const model::Type& b, const model::TypeMapping& mapping);

}  // namespace whimbrel::write
