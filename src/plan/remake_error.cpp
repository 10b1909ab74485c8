#include "plan/remake_error.h"

#include "whimbrel/error.h"

namespace whimbrel::plan {

void refuse_lost_type(const model::Table& table, const model::Column& column, const model::Reference& type) {
  throw Error(ErrorKind::unsafe, "Cannot drop \"" + to_string(type.name) + "\": it is still the type of column \"" +
                                     column.name + "\" of \"" + to_string(table.name) + "\".")
      .with_remedy("Write a migration that changes the type in place, or converts the column (`newmigration`).");
}

void refuse_broken(const std::string& dependent, const std::string& kind) {
  throw Error(ErrorKind::unsafe, dependent + " that this change drops.")
      .with_remedy("First write a migration that drops the " + kind +
                   ", or that recreates it without the dropped parts (`newmigration`). Run it, then generate again.");
}

}  // namespace whimbrel::plan
