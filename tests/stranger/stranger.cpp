#include "stranger.h"

#include <whimbrel/data_source.h>

std::size_t drivers_seen_by_a_stranger() { return whimbrel::DataSourceOptions().drivers.size; }
