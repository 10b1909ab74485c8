#pragma once

namespace whimbrel::model {

/// The kind of the object that has a name. A database may compare some names case-sensitively and others not: on Linux,
/// MySQL treats `User` and `user` as two tables, but as one column.
enum class NameKind {
  schema,
  table,  ///< Or a view.
  column,
  index,
  constraint,
  trigger,
  type,
  collation,
  object,  ///< Any other object: a sequence, a function.
};

}  // namespace whimbrel::model
