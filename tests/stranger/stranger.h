#pragma once

#include <cstddef>

/// How many drivers a source sees whose own target links no database.
std::size_t drivers_seen_by_a_stranger();
