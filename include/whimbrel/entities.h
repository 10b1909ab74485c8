#pragma once

#include <cstddef>

namespace whimbrel {

namespace detail {
class EntityBuilder;

/// One entity type, erased.
struct EntityType {
  const char* signature;  ///< Contains the type's name: the compiler's name of a function template over it.
  void (*describe)(EntityBuilder& builder);
};
}  // namespace detail

/// The entities of a program, as whimbrel::entities<User, Post>() returns them.
struct Entities {
  const detail::EntityType* types = nullptr;
  std::size_t size = 0;
};

}  // namespace whimbrel
