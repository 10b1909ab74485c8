#include "run/passing_parts.h"

#include <algorithm>

#include "model/indexed_schema.h"

namespace whimbrel::run {

namespace {

bool has_check(const model::Table* table, const std::string& name) {
  return table != nullptr && std::any_of(table->checks.begin(), table->checks.end(),
                                         [&](const model::Check& check) { return check.name.text == name; });
}

bool has_part(const model::Table* table, const model::Check& check) {
  return table != nullptr && std::any_of(table->checks.begin(), table->checks.end(), [&](const model::Check& other) {
           return other.name.text == check.name.text && other.expression == check.expression;
         });
}

bool has_column(const model::Table* table, const std::string& name) {
  return table != nullptr && table->find_column(name) != nullptr;
}

}  // namespace

PassingParts::PassingParts(const Course& course) {
  if (!course.is_whole || course.stops.empty()) return;
  const model::IndexedSchema at_first(course.stops.front().schema);
  const model::IndexedSchema at_last(course.stops.back().schema);
  for (const Stop& stop : course.stops) {
    for (const model::Table& table : stop.schema.tables) {
      const model::Table* const first = at_first.find_table(table.name);
      const model::Table* const last = at_last.find_table(table.name);
      if (first == nullptr || last == nullptr) continue;
      for (const model::Check& check : table.checks) {
        const std::string& name = check.name.text;
        if (!has_check(first, name) && !has_check(last, name)) checks_.insert(part(table, check));
      }
      for (const model::Column& column : table.columns) {
        const bool is_at_end = has_column(first, column.name) || has_column(last, column.name);
        if (column.computed && !is_at_end) columns_.insert(part(table, column));
      }
      for (const model::Check& check : first->checks) {
        if (has_part(last, check) && !has_part(&table, check)) absent_.insert(part(table, check));
      }
    }
  }
}

void PassingParts::remove_from(model::Schema& schema) const {
  for (model::Table& table : schema.tables) {
    std::erase_if(table.checks, [&](const model::Check& check) {
      return checks_.contains(part(table, check)) || absent_.contains(part(table, check));
    });
    std::erase_if(table.columns, [&](const model::Column& column) { return columns_.contains(part(table, column)); });
  }
}

void PassingParts::remove_from(Course& course) const {
  for (std::size_t i = 0; i < course.stops.size(); ++i) {
    Stop& stop = course.stops[i];
    remove_from(stop.schema);
    if (i > 0 && stop.schema == course.stops[i - 1].schema) stop.changes_schema = false;
  }
}

std::vector<operation::Operation> PassingParts::drops(const model::Schema& schema) const {
  std::vector<operation::Operation> drops;
  for (const model::Table& table : schema.tables) {
    for (const model::Check& check : table.checks) {
      if (checks_.contains(part(table, check))) drops.emplace_back(operation::DropCheck{table.name, check});
    }
    for (const model::Column& column : table.columns) {
      if (columns_.contains(part(table, column))) {
        drops.emplace_back(operation::DropColumn{table.name, column, 0, {}, {}});
      }
    }
  }
  return drops;
}

std::vector<operation::Operation> PassingParts::restores(const model::Schema& schema,
                                                         const model::Schema& wanted) const {
  std::vector<operation::Operation> restores;
  const model::IndexedSchema others(wanted);
  for (const model::Table& table : schema.tables) {
    const model::Table* const other = others.find_table(table.name);
    if (other == nullptr) continue;
    const auto is_meant = [&](const model::Check& check) { return absent_.contains(part(table, check)); };
    for (const model::Check& check : table.checks) {
      if (is_meant(check) && !has_part(other, check)) restores.emplace_back(operation::DropCheck{table.name, check});
    }
    for (const model::Check& check : other->checks) {
      if (is_meant(check) && !has_part(&table, check)) restores.emplace_back(operation::AddCheck{table.name, check});
    }
  }
  return restores;
}

}  // namespace whimbrel::run
