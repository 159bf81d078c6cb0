# What every file is compiled with. A warning is an error: there is no list of exceptions.
add_compile_options(
  -Wall -Wextra -Wconversion -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -fno-strict-aliasing -fno-common -g)
# -std=c17 hides POSIX and the GNU calls that the house uses (accept4, SO_REUSEPORT, explicit_bzero)
add_compile_definitions(_GNU_SOURCE JB_VERSION="${PROJECT_VERSION}")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")

include(CheckCCompilerFlag)
if(JB_THREADS)
  # ThreadSanitizer does not live with the other two
  add_compile_options(-O1 -fsanitize=thread -fno-omit-frame-pointer -UNDEBUG -Wno-tsan)
  add_link_options(-fsanitize=thread)
elseif(JB_SANITIZE)
  add_compile_options(-O1 -fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer -UNDEBUG)
  add_link_options(-fsanitize=address,undefined)
  if(CMAKE_C_COMPILER_ID STREQUAL GNU)
    # gcc says itself that these guess wrong under the sanitizers; the release build still asks them
    add_compile_options(-Wno-format-truncation -Wno-maybe-uninitialized -Wno-stringop-overflow)
  endif()
else()
  # Hardening (S46). The processor flag is asked for, since only x86-64 knows it.
  add_compile_options(-D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fPIE)
  check_c_compiler_flag(-fcf-protection=full JB_HAS_CF_PROTECTION)
  if(JB_HAS_CF_PROTECTION)
    add_compile_options(-fcf-protection=full)
  endif()
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed)
endif()
