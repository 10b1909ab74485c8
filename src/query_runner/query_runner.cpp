#include "whimbrel/query_runner.h"

#include <charconv>
#include <cmath>

#include "operation/operation.h"
#include "whimbrel/error.h"

namespace whimbrel {

namespace {

using operation::Visitor;

[[noreturn]] void fail_conversion(const Value& value, const std::string& wanted) {
  const std::string found =
      std::visit(Visitor{
                     [](std::monostate) { return std::string("NULL"); },
                     [](std::int64_t number) { return "the number " + std::to_string(number); },
                     [&](double) { return "the number " + value.text(); },
                     [](const std::string& text) { return "the text '" + text + "'"; },
                     [](const Bytes& bytes) { return "a BLOB of " + std::to_string(bytes.size()) + " bytes"; },
                 },
                 value.variant());
  throw Error(ErrorKind::usage, "A value was read as " + wanted + ", but it is " + found + '.')
      .with_remedy(value.is_null() ? "Check is_null() first, or exclude NULL in the query."
                                   : "Read it as its own type, or convert it in the query with CAST.");
}

template <class Number>
std::optional<Number> parse(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<std::int64_t> as_integer(double number) {
  // 2^63 is exact as a double, the largest std::int64_t is not.
  constexpr double limit = 9223372036854775808.0;
  if (!(number >= -limit && number < limit) || std::trunc(number) != number) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<double> as_real(std::int64_t number) {
  const auto real = static_cast<double>(number);
  if (as_integer(real) != number) return std::nullopt;
  return real;
}

Bytes to_bytes(const std::string& text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

std::string to_text(double number) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr};
}

}  // namespace

void Value::refuse_integer(std::uint64_t value) {
  throw Error(ErrorKind::usage, "The integer " + std::to_string(value) + " is too large for a value.")
      .with_remedy("The largest is " + std::to_string(std::numeric_limits<std::int64_t>::max()) + "; pass it as text.");
}

std::int64_t Value::integer() const {
  const auto result = std::visit(Visitor{
                                     [](std::int64_t number) { return std::optional(number); },
                                     [](double number) { return as_integer(number); },
                                     [](const std::string& text) { return parse<std::int64_t>(text); },
                                     [](const auto&) { return std::optional<std::int64_t>(); },
                                 },
                                 value_);
  if (!result) fail_conversion(*this, "an integer");
  return *result;
}

double Value::real() const {
  const auto result = std::visit(Visitor{
                                     [](std::int64_t number) { return as_real(number); },
                                     [](double number) { return std::optional(number); },
                                     [](const std::string& text) { return parse<double>(text); },
                                     [](const auto&) { return std::optional<double>(); },
                                 },
                                 value_);
  if (!result) fail_conversion(*this, "a number");
  return *result;
}

std::string Value::text() const {
  const auto result = std::visit(Visitor{
                                     [](std::int64_t number) { return std::optional(std::to_string(number)); },
                                     [](double number) { return std::optional(to_text(number)); },
                                     [](const std::string& text) { return std::optional(text); },
                                     [](const auto&) { return std::optional<std::string>(); },
                                 },
                                 value_);
  if (!result) fail_conversion(*this, "text");
  return *result;
}

Bytes Value::bytes() const {
  const auto result = std::visit(Visitor{
                                     [](const std::string& text) { return std::optional(to_bytes(text)); },
                                     [](const Bytes& bytes) { return std::optional(bytes); },
                                     [](const auto&) { return std::optional<Bytes>(); },
                                 },
                                 value_);
  if (!result) fail_conversion(*this, "bytes");
  return *result;
}

const Value& Row::operator[](std::size_t column) const {
  if (column < values_->size()) return (*values_)[column];
  throw Error(ErrorKind::usage, "The row has " + std::to_string(values_->size()) + " columns, but column " +
                                    std::to_string(column) + " was asked for.")
      .with_remedy("Columns are counted from 0.");
}

const Value& Row::operator[](std::string_view column) const {
  std::string names;
  for (std::size_t i = 0; i < columns_->size(); ++i) {
    const std::string& name = (*columns_)[i];
    if (name == column) return (*values_)[i];
    names += (i > 0 ? ", " : "") + name;
  }
  throw Error(ErrorKind::usage, "The row has no column \"" + std::string(column) + "\".")
      .with_remedy("Its columns are: " + names + '.');
}

Rows::Rows(Data&& data) : data_(new Data(std::move(data))) {}

Rows& Rows::operator=(Rows&& other) noexcept {
  std::swap(data_, other.data_);
  return *this;
}

Rows::~Rows() { delete data_; }

std::size_t Rows::size() const { return data_ == nullptr ? 0 : data_->values.size(); }

Row Rows::operator[](std::size_t index) const {
  if (index < size()) return {data_->columns, data_->values[index]};
  throw Error(ErrorKind::usage, "The query returned " + std::to_string(size()) + " rows, but row " +
                                    std::to_string(index) + " was asked for.")
      .with_remedy("Rows are counted from 0; check empty() or size() first.");
}

MigrationTransaction Migration::transaction() const { return MigrationTransaction::by_mode; }
const char* Migration::tables() const { return nullptr; }

Rows QueryRunner::query(const char* sql) { return backend_->run(sql, nullptr); }

Rows QueryRunner::query(Text sql) { return backend_->run({sql.data(), sql.size()}, nullptr); }

Rows QueryRunner::query(Text sql, const Parameters& parameters) {
  return backend_->run({sql.data(), sql.size()}, &parameters.values());
}

void QueryRunner::start_transaction() { backend_->start_transaction(); }
void QueryRunner::commit_transaction() { backend_->commit_transaction(); }
void QueryRunner::rollback_transaction() { backend_->rollback_transaction(); }
bool QueryRunner::is_transaction_active() const { return backend_->is_transaction_active(); }

}  // namespace whimbrel
