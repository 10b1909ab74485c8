#include "change/recreated_objects.h"

#include <map>
#include <utility>

namespace whimbrel::change {

namespace {

/// Identifies an object.
using KindAndName = std::pair<std::string, model::Name>;

KindAndName kind_and_name(const model::Object& object) { return {object.kind, object.name}; }

/// Returns the statements of objects that are dropped and created with the same ones.
std::map<KindAndName, std::string> recreated_by(const SchemaChange& generated) {
  std::map<KindAndName, std::string> dropped, recreated;
  for (const ScriptPart& part : generated.parts) {
    for (const operation::Operation& operation : part.plan.up) {
      const auto* const drop = std::get_if<operation::DropObject>(&operation);
      if (drop != nullptr) dropped.emplace(kind_and_name(drop->object), drop->object.definition);
    }
  }
  for (const ScriptPart& part : generated.parts) {
    for (const operation::Operation& operation : part.plan.up) {
      const auto* const made = std::get_if<operation::CreateObject>(&operation);
      const auto before = made == nullptr ? dropped.end() : dropped.find(kind_and_name(made->object));
      if (before != dropped.end() && before->second == made->object.definition) recreated.insert(*before);
    }
  }
  return recreated;
}

}  // namespace

model::Schema with_recreated(model::Schema expected, const ScriptVerifier& verifier, const SchemaChange& generated) {
  const std::map<KindAndName, std::string> recreated = recreated_by(generated);
  if (recreated.empty()) return expected;
  std::map<KindAndName, model::Object> actual;
  for (model::Object& object : verifier.inspect().objects) actual.emplace(kind_and_name(object), std::move(object));
  for (model::Object& object : expected.objects) {
    const auto found = recreated.contains(kind_and_name(object)) ? actual.find(kind_and_name(object)) : actual.end();
    if (found != actual.end()) object = found->second;
  }
  return expected;
}

}  // namespace whimbrel::change
