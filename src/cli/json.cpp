#include "cli/json.h"

#include <nlohmann/json.hpp>

namespace whimbrel::cli {

namespace {

using Document = nlohmann::ordered_json;

Document to_document(const Json& json);

struct Converter {
  Document operator()(std::monostate) const { return nullptr; }
  Document operator()(bool value) const { return value; }
  Document operator()(std::int64_t value) const { return value; }
  Document operator()(const std::string& value) const { return value; }
  Document operator()(const Json::List& values) const {
    Document list = Document::array();
    for (const Json& value : values) list.push_back(to_document(value));
    return list;
  }
  Document operator()(const Json::Object& members) const {
    Document object = Document::object();
    for (const auto& [name, value] : members) object[name] = to_document(value);
    return object;
  }
};

Document to_document(const Json& json) { return std::visit(Converter{}, json.variant()); }

}  // namespace

std::string to_text(const Json& json) {
  return to_document(json).dump(2, ' ', false, Document::error_handler_t::replace) + '\n';
}

}  // namespace whimbrel::cli
