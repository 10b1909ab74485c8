#include "entity/signature.h"

namespace whimbrel::entity {

namespace {

bool opens(char c) { return c == '<' || c == '(' || c == '{' || c == '['; }
bool closes(char c) { return c == '>' || c == ')' || c == '}' || c == ']'; }

/// Returns the text up to the end of an argument, outside of any brackets.
std::string_view up_to_end(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (depth == 0 && (c == ';' || c == ',' || closes(c))) return text.substr(0, i);
    depth += opens(c) ? 1 : closes(c) ? -1 : 0;
  }
  return text;
}

/// Returns the text after `name = ` in the template arguments, which are in the last brackets of the signature.
std::string_view argument(std::string_view signature, std::string_view name) {
  const std::string key = std::string(name) + " = ";
  for (std::size_t at = signature.find(key); at != std::string_view::npos; at = signature.find(key, at + 1)) {
    const char before = at == 0 ? ' ' : signature[at - 1];
    if (before == ' ' || before == '[' || before == '.') return signature.substr(at + key.size());
  }
  return {};
}

/// Returns the position of the last `::` outside of any brackets.
std::size_t last_scope(std::string_view name) {
  int depth = 0;
  for (std::size_t i = name.size(); i > 1; --i) {
    const char c = name[i - 1];
    depth += closes(c) ? 1 : opens(c) ? -1 : 0;
    if (depth == 0 && c == ':' && name[i - 2] == ':') return i - 2;
  }
  return std::string_view::npos;
}

/// Returns the parts of `{a, b}` or `<a, b>`.
std::vector<std::string_view> pack(std::string_view text) {
  std::vector<std::string_view> parts;
  if (text.empty()) return parts;
  text.remove_prefix(1);
  while (true) {
    const std::string_view part = up_to_end(text);
    if (!part.empty()) parts.push_back(part);
    if (part.size() >= text.size() || text[part.size()] != ',') return parts;
    text.remove_prefix(part.size() + 1);
    if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  }
}

/// `&shop::User::email`
MemberName read_member(std::string_view member) {
  if (!member.empty() && member.front() == '&') member.remove_prefix(1);
  const std::size_t scope = last_scope(member);
  if (scope == std::string_view::npos) return {{}, std::string(member)};
  return {std::string(member.substr(0, scope)), std::string(member.substr(scope + 2))};
}

/// Values without a name are written as casts: `(Color)7`, `((anonymous namespace)::Color)-1`.
bool is_cast(std::string_view value) {
  const std::size_t digits = value.find_last_not_of("0123456789");
  if (digits == std::string_view::npos || digits + 1 == value.size()) return false;
  return value[digits] == ')' || (digits > 0 && value.substr(digits - 1, 2) == ")-");
}

}  // namespace

std::string type_name(std::string_view signature, std::string_view parameter) {
  return std::string(up_to_end(argument(signature, parameter)));
}

MemberName member_name(std::string_view signature, std::string_view parameter) {
  return read_member(up_to_end(argument(signature, parameter)));
}

MemberName member_path(std::string_view signature) {
  MemberName result = member_name(signature);
  for (const std::string_view step : pack(argument(signature, "Path"))) result.name += '.' + read_member(step).name;
  return result;
}

std::vector<MemberName> member_names(std::string_view signature) {
  std::vector<MemberName> result = {member_name(signature)};
  for (const std::string_view member : pack(argument(signature, "More"))) result.push_back(read_member(member));
  return result;
}

std::vector<Enumerator> enumerators(std::string_view signature, std::int64_t first) {
  std::vector<Enumerator> result;
  std::int64_t value = first;
  for (const std::string_view one : pack(argument(signature, "V"))) {
    if (!is_cast(one)) result.push_back({unqualified(one), value});
    ++value;
  }
  return result;
}

std::string unqualified(std::string_view name) {
  const std::size_t scope = last_scope(name);
  return std::string(scope == std::string_view::npos ? name : name.substr(scope + 2));
}

}  // namespace whimbrel::entity
