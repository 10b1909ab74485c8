#pragma once

namespace whimbrel::model {

/// What a name is of. A database may compare some names with regard to case and others without: a MySQL on Linux takes
/// `User` and `user` for two tables, and for one column.
enum class NameKind {
  schema,
  table,  ///< Or a view.
  column,
  index,
  constraint,
  trigger,
  type,
  collation,
  object,  ///< What is none of these: a sequence, a function.
};

}  // namespace whimbrel::model
