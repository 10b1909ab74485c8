#include "session/stored_rows.h"

#include <charconv>

#include "model/sha1.h"
#include "operation/operation.h"

// `rows:`, the number of columns, their names, and the values, each as its type, its length, a colon and its text; or
// `hash:` and a hash of the beginning of such a text, which is replaced by its hash whenever it becomes too long; or
// `error:`, the server's code, a colon and the message.

namespace whimbrel::session {

namespace {

constexpr std::size_t longest = 1 << 20;
constexpr std::string_view rows_prefix = "rows:";
constexpr std::string_view hash_prefix = "hash:";
constexpr std::string_view error_prefix = "error:";

void add_text(std::string& to, char type, std::string_view text) {
  to += type + std::to_string(text.size()) + ':';
  to += text;
}

void add_value(std::string& to, const Value& value) {
  std::visit(operation::Visitor{
                 [&](std::monostate) { add_text(to, 'n', {}); },
                 [&](std::int64_t) { add_text(to, 'i', value.text()); },
                 [&](double) { add_text(to, 'd', value.text()); },
                 [&](const std::string& text) { add_text(to, 't', text); },
                 [&](const Bytes& bytes) {
                   add_text(to, 'b', {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
                 },
             },
             value.variant());
}

Error not_ours() {
  return Error(ErrorKind::migration, "The journal holds a result that whimbrel did not write.")
      .with_remedy("Restore the table from a backup, or complete the migration by hand and record it with --fake.");
}

class RowReader {
 public:
  explicit RowReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool is_at_end() const { return text_.empty(); }
  [[nodiscard]] Value next() {
    if (text_.empty()) throw not_ours();
    const char type = text_.front();
    std::size_t size = 0;
    const char* const end = std::from_chars(text_.data() + 1, text_.data() + text_.size(), size).ptr;
    const auto begin = static_cast<std::size_t>(end - text_.data()) + 1;
    if (begin > text_.size() || size > text_.size() - begin) throw not_ours();
    Value value(text_.substr(begin, size));
    text_.remove_prefix(begin + size);
    switch (type) {
      case 'n':
        return {};
      case 'i':
        return value.integer();
      case 'd':
        return value.real();
      case 'b':
        return value.bytes();
      default:
        return value;
    }
  }

 private:
  std::string_view text_;
};

std::string head_of(const std::vector<std::string>& columns) {
  std::string text;
  add_value(text, columns.size());
  for (const std::string& column : columns) add_text(text, 't', column);
  return text;
}

}  // namespace

void StoredRows::add(const std::vector<std::string>& columns, const std::vector<Value>& values) {
  if (text_.empty()) text_ = head_of(columns);
  for (const Value& value : values) add_value(text_, value);
  if (text_.size() <= longest) return;
  text_ = model::sha1(text_);
  is_cut_ = true;
}

std::string StoredRows::text() const {
  return is_cut_ ? std::string(hash_prefix) + model::sha1(text_) : std::string(rows_prefix) + text_;
}

std::string to_stored(const Rows::Data& rows) {
  StoredRows stored;
  stored.add(rows.columns, {});
  for (const std::vector<Value>& row : rows.values) stored.add(rows.columns, row);
  return stored.text();
}

std::optional<Rows::Data> read_rows(std::string_view stored) {
  if (!stored.starts_with(rows_prefix)) return std::nullopt;
  RowReader reader(stored.substr(rows_prefix.size()));
  Rows::Data rows;
  if (reader.is_at_end()) return rows;
  const auto count = static_cast<std::size_t>(reader.next().integer());
  if (count == 0 && !reader.is_at_end()) throw not_ours();
  while (rows.columns.size() < count) rows.columns.push_back(reader.next().text());
  while (!reader.is_at_end()) {
    std::vector<Value>& row = rows.values.emplace_back();
    while (row.size() < count) row.push_back(reader.next());
  }
  return rows;
}

std::string to_stored(const Error& error) {
  return std::string(error_prefix) + std::to_string(error.native_code()) + ':' + error.what();
}

void throw_stored_error(std::string_view stored) {
  if (!stored.starts_with(error_prefix)) return;
  stored.remove_prefix(error_prefix.size());
  int code = 0;
  std::from_chars(stored.data(), stored.data() + stored.size(), code);
  stored.remove_prefix(std::min(stored.find(':') + 1, stored.size()));
  Error error(ErrorKind::statement, std::string(stored));
  throw error.with_native_code(code);
}

}  // namespace whimbrel::session
