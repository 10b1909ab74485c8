#include "user.h"

#include <sodium.h>

#include <stdexcept>

void User::set_password(std::string_view plain_text) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium has no source of random numbers");
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(hash, plain_text.data(), plain_text.size(),
                        crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    throw std::runtime_error("not enough memory to hash a password");
  }
  password = hash;
}

bool User::is_password(std::string_view plain_text) const {
  return sodium_init() >= 0 &&
         crypto_pwhash_str_verify(password.c_str(), plain_text.data(), plain_text.size()) == 0;
}
