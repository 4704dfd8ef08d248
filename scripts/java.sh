# Sourced by ./doctorbird and ./check. Needs $name, the caller's name for its messages.

# Prints the major version of the JDK in folder $1, or nothing.
jdk_version() {
  [ -r "$1/release" ] && sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release"
}

# Sets JAVA_HOME and PATH to a JDK 25 or newer: JAVA_HOME itself if it is one, else the oldest one found, because that
# is what Doctorbird is tested with. Ends the program with 78 where there is none.
choose_jdk() {
  best='' best_version=9999
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "${SDKMAN_DIR:-${HOME:-/}/.sdkman}"/candidates/java/* \
    "${HOME:-/}"/.jdks/* /opt/jdk* /opt/java*; do
    [ -x "$home/bin/javac" ] || continue
    version=$(jdk_version "$home") || continue
    [ -n "$version" ] && [ "$version" -ge 25 ] || continue
    if [ "$version" -lt "$best_version" ]; then best=$home best_version=$version; fi
    if [ "$home" = "${JAVA_HOME:-}" ]; then break; fi
  done
  if [ -z "$best" ]; then
    echo "$name: no JDK 25 found in JAVA_HOME, /usr/lib/jvm, ~/.sdkman, ~/.jdks or /opt." >&2
    echo "$name: install one with its compiler (for example Temurin 25 from adoptium.net) and set JAVA_HOME to it." >&2
    exit 78
  fi
  JAVA_HOME=$best
  PATH=$best/bin:$PATH
  export JAVA_HOME PATH
}

# Ends the program with 78 where Maven is missing. Silences what Maven's own libraries make a new JDK say.
choose_maven() {
  if ! command -v mvn >/dev/null 2>&1; then
    echo "$name: building needs Maven 3.8.7 or newer, and there is no mvn in PATH (Debian: apt-get install maven)." >&2
    exit 78
  fi
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
  export MAVEN_OPTS
}

# Runs a command while no other build of this checkout runs, if there is flock (util-linux). $root is the checkout.
alone() {
  mkdir -p "$root/target"
  if command -v flock >/dev/null 2>&1; then
    (
      flock 9
      "$@" 9>&-
    ) 9>"$root/target/build.lock"
  else
    "$@"
  fi
}
