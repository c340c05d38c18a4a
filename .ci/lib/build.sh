# shellcheck shell=bash
# Building and testing by CMake's presets.

# build_preset PRESET [TARGET...]: configures when needed and builds into build/PRESET.
build_preset() {
  local preset=$1
  shift
  # With these, ccache recognises the same source in another clone.
  export CCACHE_BASEDIR="$LSCP_ROOT" CCACHE_NOHASHDIR=1
  export NINJA_STATUS='    [%f/%t, %e s] '
  if [[ ! -f build/$preset/build.ninja ]]; then
    step "Configuring $preset"
    mkdir -p build
    cmake --preset "$preset" >"build/configure-$preset.log" 2>&1 || {
      cat "build/configure-$preset.log" >&2
      return 1
    }
  fi
  step "Building $preset"
  cmake --build "build/$preset" ${1:+--target "$@"} >&2
}

build_main() {
  local preset=${1:-dev}
  (($# <= 1)) || misuse "build [dev|release|asan|tsan]"
  install_packages build
  build_preset "$preset"
}

# Packages of the client in JavaScript, exactly as locked.
install_node_client() {
  local folder=tests/clients/node
  [[ -f $folder/package-lock.json ]] || return 0
  [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] && return 0
  step "Packages of $folder (npm)"
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
}

test_main() {
  local preset=dev targets=()
  case ${1:-} in
    --asan | --tsan) preset=${1#--} && shift ;;
  esac
  # Only tests without gRPC: see services/common/cmake/lscp.cmake.
  [[ $preset != tsan ]] || targets=(tsan_tests)
  install_packages build run test k8s
  install_node_client
  build_preset "$preset" "${targets[@]}" || die "the build failed; see above"
  step "Testing $preset"
  ctest --preset "$preset" "$@"
}
