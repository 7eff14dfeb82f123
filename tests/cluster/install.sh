#!/usr/bin/env bash
# Fills a cache folder with real Kubernetes parts for tests/Cluster.Tests: etcd (a Debian package), kube-apiserver and
# kube-controller-manager (built from Debian's source package, about ten minutes on two cores), and with the kubectl that all
# tests use: a copy of the machine's own, or Debian's. Does nothing when they are there.
# Prints the folder, to be used as KUBEBUILDER_ASSETS. Everything else goes to standard error.
#   CANARY_TEST_CACHE   the cache; default: canaryfunctions in the user's cache folder. The tests look for kubectl in its folder bin
set -euo pipefail

readonly overlay="$(dirname "${BASH_SOURCE[0]}")/../../infra/kustomize/standalone"
readonly cache="${CANARY_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/canaryfunctions}"
readonly assets="$cache/kubernetes-1.20.2"
readonly parts=(etcd kube-apiserver kube-controller-manager)

complete() {
    local part
    for part in "${parts[@]}"; do [[ -x "$assets/$part" ]] || return 1; done
}

if complete && [[ -x "$cache/bin/kubectl" ]]; then
    echo "$assets"
    exit 0
fi

exec 3>&1 1>&2 </dev/null # from here on nothing but the folder's name goes to standard output
sudo=$([[ $EUID -eq 0 ]] || echo sudo)
export DEBIAN_FRONTEND=noninteractive
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The machine's kubectl, the best first. It may be a dispatcher, which runs another one for each version of a server: then the newest beside it.
own_kubectls() {
    local found
    found=$(command -v kubectl) || return 0
    found=$(readlink -f "$found")
    { compgen -G "$found.[0-9]*" || true; } | sort -rV
    echo "$found"
}

keep_kubectl() { # takes a copy, if that renders our overlays; one move, so that what is there is whole
    local copy="$cache/bin/.kubectl.$$"
    mkdir -p "$cache/bin"
    if install "$1" "$copy" && "$copy" kustomize "$overlay" &>/dev/null; then
        mv "$copy" "$cache/bin/kubectl"
    else
        rm -f "$copy"
        return 1
    fi
}

install_kubectl() {
    local candidate
    while read -r candidate; do
        if keep_kubectl "$candidate"; then return; fi
    done < <(own_kubectls)
    $sudo apt-get update -qq
    unpack kubernetes-client
    keep_kubectl "$work/kubernetes-client/usr/bin/kubectl" || {
        echo "install.sh: no kubectl that renders infra/kustomize: put 1.21 or later into PATH, Debian's kubernetes-client is too old here"
        exit 1
    }
}

# The source packages' lists, read into the scratch folder, so that the machine's own sources stay as they are.
source_lists() {
    mkdir -p "$work/lists/partial" "$work/sources"
    local file
    for file in /etc/apt/sources.list.d/*.sources; do
        grep -q '^Suites: bookworm' "$file" || continue
        sed 's/^Types: .*/Types: deb-src/' "$file" >"$work/sources/$(basename "$file")"
    done
    if [[ -f /etc/apt/sources.list ]]; then
        sed -n 's/^deb \(.*bookworm.*\)$/deb-src \1/p' /etc/apt/sources.list >"$work/sources/main.list"
    fi
}

apt_source() { # apt-get with the lists of source packages only
    apt-get -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/sources" -o Dir::State::Lists="$work/lists" -o APT::Sandbox::User=root "$@"
}

unpack() { # a package's files, without installing it: nothing starts as a service
    (cd "$work" && apt-get download -o APT::Sandbox::User=root "$1" && dpkg-deb -x "$1"_*.deb "$work/$1")
}

build() { # kubernetes components, in a GOPATH as Debian's package does it
    local gopath="$work/go" kubernetes
    mkdir -p "$gopath/src/k8s.io"
    (cd "$work" && apt_source source --download-only kubernetes && dpkg-source --no-check -x kubernetes_*.dsc kubernetes)
    kubernetes="$gopath/src/k8s.io/kubernetes"
    mv "$work/kubernetes" "$kubernetes"

    # The vendored version crashes when built with Go 1.18 or later.
    rm -rf "$kubernetes/vendor/github.com/modern-go/reflect2"
    cp -rL /usr/share/gocode/src/github.com/modern-go/reflect2 "$kubernetes/vendor/github.com/modern-go/reflect2"
    (cd "$kubernetes" && env -u GOFLAGS GO111MODULE=off GOPATH="$gopath" GOCACHE="$work/gocache" KUBE_GIT_VERSION=v1.20.2 KUBE_GIT_TREE_STATE=archive \
        KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20 KUBE_GIT_COMMIT=0000000000000000000000000000000000000000 \
        make WHAT="cmd/kube-apiserver cmd/kube-controller-manager" GOFLAGS=-p=2)
    install -D -t "$assets" "$kubernetes/_output/bin/kube-apiserver" "$kubernetes/_output/bin/kube-controller-manager"
}

if [[ ! -x "$cache/bin/kubectl" ]]; then install_kubectl; fi
if complete; then
    echo "$assets" >&3
    exit 0
fi

echo "installing etcd, kube-apiserver and kube-controller-manager into $assets"
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends golang-go rsync make gcc libc6-dev dpkg-dev golang-github-modern-go-reflect2-dev
source_lists
apt_source update -qq
mkdir -p "$assets"
unpack etcd-server
install -D -t "$assets" "$work/etcd-server/usr/bin/etcd"
build
complete
echo "$assets" >&3
