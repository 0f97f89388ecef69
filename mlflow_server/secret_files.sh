# shellcheck shell=bash
# How init_secrets.sh, here and in speech_server/, makes files; to be sourced, in the folder of secrets.
random() { od -An -tx1 -N24 /dev/urandom | tr -d ' \n'; }
write() { # NAME, from standard input
  if [[ -e $1 ]]; then echo "kept  $1"; else cat >"$1.tmp" && mv "$1.tmp" "$1" && echo "made  $1"; fi
}
