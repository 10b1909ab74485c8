#include "plan/plan.h"

#include <map>

namespace whimbrel::plan {

namespace {

using namespace operation;

void append(std::vector<Operation>& to, const std::vector<Operation>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::vector<MigrationPart> split(const Plan& plan) {
  std::vector<MigrationPart> parts(1);
  const auto name = [](const auto& op) { return std::pair(op.table, op.index.name.text); };
  std::map<std::pair<model::Name, std::string>, std::size_t> places;
  for (const Operation& operation : plan.up) {
    const auto* op = std::get_if<CreateIndex>(&operation);
    if (op == nullptr || !op->concurrently) {
      parts.front().plan.up.push_back(operation);
      continue;
    }
    places.emplace(name(*op), parts.size());
    parts.push_back({{{operation}, {}}, false});
  }
  for (const Operation& operation : plan.down) {
    const auto* op = std::get_if<DropIndex>(&operation);
    const std::size_t place = op != nullptr && op->concurrently ? places.at(name(*op)) : 0;
    parts[place].plan.down.push_back(operation);
  }
  if (parts.front().plan.up.empty() && parts.front().plan.down.empty()) parts.erase(parts.begin());
  return parts;
}

Plan in_one_transaction(Plan plan) {
  for (std::vector<Operation>* operations : {&plan.up, &plan.down}) {
    for (Operation& operation : *operations) {
      if (auto* create = std::get_if<CreateIndex>(&operation)) create->concurrently = false;
      if (auto* drop = std::get_if<DropIndex>(&operation)) drop->concurrently = false;
    }
  }
  return plan;
}

Plan plan(const std::vector<Operation>& renames, const std::vector<Operation>& operations, const model::Schema& before,
          const model::Schema& after, const Rewriter& rewriter) {
  Plan rest;
  rest.up = order(operations);
  rest.down = order(reverse(rest.up));
  rest = rewriter.rewrite(std::move(rest), before, after);

  Plan result;
  result.up = renames;
  append(result.up, rest.up);
  result.down = std::move(rest.down);
  append(result.down, reverse(renames));
  result.notes = std::move(rest.notes);
  result.down_notes = std::move(rest.down_notes);
  return result;
}

}  // namespace whimbrel::plan
