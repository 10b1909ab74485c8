#pragma once

#include <string>
#include <vector>

#include "whimbrel/entity.h"
#include "whimbrel/naming_strategy.h"

/// The rows of the tables in docs/entities.md: what can be said in entities, each tried on a database.
namespace option_rows {

using namespace whimbrel;

struct OptionRow {
  std::string typeorm;   ///< What TypeORM calls it; empty if it has no such thing.
  std::string whimbrel;  ///< The code, as it stands in the test.
  Entities entities;
  Entities changed;         ///< What the database is taken to, and back; none if there is nothing to change.
  bool is_refused = false;  ///< SQLite has no such thing: describing it is an error.
  std::string remark;       ///< Of a row without entities: why whimbrel has no such thing.
  const NamingStrategy* naming = nullptr;
  std::string entity_prefix = {};
  Entities beside = {};  ///< What the row is not about: its statements are not shown.
};

struct Section {
  std::string title;
  std::vector<OptionRow> rows;
};

Section table_rows();
Section inheritance_rows();
Section column_rows();
Section type_rows();
Section relation_rows();
Section junction_rows();
Section index_rows();
Section tree_rows();
Section view_rows();

/// All of them.
std::vector<Section> all_sections();

/// The statements that make what a row describes, without those of the entities that rows refer to.
std::vector<std::string> ddl(const OptionRow& row);
/// The error that describing a refused row is; empty if it is none.
std::string refusal(const OptionRow& row);

}  // namespace option_rows
