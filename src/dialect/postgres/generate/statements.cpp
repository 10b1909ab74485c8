#include "dialect/postgres/generate/statements.h"

#include "dialect/postgres/generate/definition.h"

namespace whimbrel::dialect::postgres {

void Statements::say(std::string sql) {
  altered_.clear();
  statements_.push_back({std::move(sql), description_});
}

void Statements::alter(const model::Name& table, const std::string& part) {
  std::string beginning = "ALTER TABLE " + quote(table) + ' ';
  if (altered_ != beginning) {
    say(beginning + part);
    altered_ = std::move(beginning);
    return;
  }
  sql::Statement& last = statements_.back();
  last.sql += ", " + part;
  if (!last.description.ends_with(description_)) last.description += "; " + description_;
}

}  // namespace whimbrel::dialect::postgres
