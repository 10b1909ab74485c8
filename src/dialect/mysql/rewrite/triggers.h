#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/indexed_schema.h"
#include "operation/operation.h"

/// Triggers of the same event run in an order, in which each is created after the one that it follows.
namespace whimbrel::dialect::mysql {

/// Adds the triggers that follow one of these, directly or not.
void add_following(std::set<std::string>& names, const std::vector<model::Trigger>& triggers);

/// Recreates triggers that follow a recreated one, and creates each after those that it follows. The operations are in
/// order.
void keep_trigger_order(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                        const model::IndexedSchema& to);

}  // namespace whimbrel::dialect::mysql
