#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace whimbrel::test {

/// The SQL that makes a PostgreSQL database of at least so many tables, in which everything that the catalogues know
/// stands beside and upon everything else. The same seed makes the same one.
[[nodiscard]] std::string large_database(std::uint64_t seed, std::size_t tables);

}  // namespace whimbrel::test
