#include "entity/signature.h"

namespace whimbrel::entity {

namespace {

bool opens(char c) { return c == '<' || c == '(' || c == '{' || c == '['; }
bool closes(char c) { return c == '>' || c == ')' || c == '}' || c == ']'; }

/// Up to the mark that ends an argument, outside of any brackets.
std::string_view up_to_end(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (depth == 0 && (c == ';' || c == ',' || closes(c))) return text.substr(0, i);
    depth += opens(c) ? 1 : closes(c) ? -1 : 0;
  }
  return text;
}

/// What follows `name = ` in the list of template arguments, which is the last brackets of the signature.
std::string_view argument(std::string_view signature, std::string_view name) {
  const std::string key = std::string(name) + " = ";
  for (std::size_t at = signature.find(key); at != std::string_view::npos; at = signature.find(key, at + 1)) {
    const char before = at == 0 ? ' ' : signature[at - 1];
    if (before == ' ' || before == '[' || before == '.') return signature.substr(at + key.size());
  }
  return {};
}

/// The place of the last `::` outside of any brackets.
std::size_t last_scope(std::string_view name) {
  int depth = 0;
  for (std::size_t i = name.size(); i > 1; --i) {
    const char c = name[i - 1];
    depth += closes(c) ? 1 : opens(c) ? -1 : 0;
    if (depth == 0 && c == ':' && name[i - 2] == ':') return i - 2;
  }
  return std::string_view::npos;
}

}  // namespace

std::string type_name(std::string_view signature) { return std::string(up_to_end(argument(signature, "T"))); }

MemberName member_name(std::string_view signature) {
  std::string_view member = up_to_end(argument(signature, "M"));
  if (!member.empty() && member.front() == '&') member.remove_prefix(1);
  const std::size_t scope = last_scope(member);
  if (scope == std::string_view::npos) return {{}, std::string(member)};
  return {std::string(member.substr(0, scope)), std::string(member.substr(scope + 2))};
}

std::vector<Enumerator> enumerators(std::string_view signature, std::int64_t first) {
  std::vector<Enumerator> result;
  std::string_view values = argument(signature, "V");
  if (values.empty()) return result;
  values.remove_prefix(1);
  for (std::int64_t value = first; !values.empty(); ++value) {
    const std::string_view one = up_to_end(values);
    // Values without a name are written as casts: (Color)7.
    const bool is_cast =
        one.empty() || one.front() == '(' || (one.front() >= '0' && one.front() <= '9') || one.front() == '-';
    const bool is_named = !is_cast || one.starts_with("(anonymous namespace)::");
    if (is_named) result.push_back({unqualified(one), value});
    const bool is_last = one.size() >= values.size() || closes(values[one.size()]);
    if (is_last) break;
    values.remove_prefix(one.size() + 1);
    if (!values.empty() && values.front() == ' ') values.remove_prefix(1);
  }
  return result;
}

std::string unqualified(std::string_view name) {
  const std::size_t scope = last_scope(name);
  return std::string(scope == std::string_view::npos ? name : name.substr(scope + 2));
}

}  // namespace whimbrel::entity
