# Sourced by each test_*.sh, which then declares its cases, one function each, its name the sentence,
# and ends with run_cases. A case fails where a command in it fails; skip() leaves it with a reason.
# shellcheck shell=bash
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${INNKEEPER:?the program to test}" "${LIVE_OUT:=$(mktemp -d)}" "${LIVE_SKIP:=}"
work=$LIVE_OUT/$(basename "$0" .sh)
mkdir -p "$work"
export INNKEEPER_LAB_CACHE=${INNKEEPER_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/innkeeper-lab}
export XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state INNKEEPER_LOCK_DIR=$work/locks HOME=$work LC_ALL=C.UTF-8
unset INNKEEPER_CONFIG LIBVIRT_DEFAULT_URI NO_COLOR

lab() { "$here/lab" "$@"; }

# --- doing ----------------------------------------------------------------------------------------

# innkeeper ARG...: on the lab, or $lab_uri. What it said is in $work/out and $work/err, how it ended in $status.
innkeeper()
{
	status=0
	timeout -k 5 600 "$INNKEEPER" -c "${lab_uri:-$(lab uri)}" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	echo "+ innkeeper $* -> $status"
	cat "$work/out" "$work/err"
}

logoff() { innkeeper logoff --yes --json "$@"; }

# does VERB VM [ARG...]: it is done
does()
{
	innkeeper "$@" --yes --json
	ends_with 0
	says '.[0] | .complete and .error == "0x00000000"'
}

skip()
{
	echo "$*" >"$work/skip"
	exit 77
}

# What its agent is told is counted from here on.
guest_is_up()
{
	[ "$(lab virsh domstate "$1" 2>/dev/null)" = running ] || skip "the guest $1 is not up"
	lab truth "$1" | wc -l >"$work/told-before-$1"
}

# people_are_logged_in GUEST...: alice on tty1 and ttyS0, bob on tty2
people_are_logged_in()
{
	local guest pid
	local -a logins=()
	for guest; do
		guest_is_up "$guest"
	done
	for guest; do
		lab login "$guest" &
		logins+=($!)
	done
	for pid in "${logins[@]}"; do
		wait "$pid"
	done
}

anew()
{
	lab fresh "$1"
	echo 0 >"$work/told-before-$1"
}

# --- looking --------------------------------------------------------------------------------------

wrong() { echo "WRONG: $*"; return 1; }

ends_with() { [ "$status" = "$1" ] || wrong "it ended with $status, not $1"; }

# says FILTER: what jq makes of the JSON on stdout is true.
says() { jq -e "$1" <"$work/out" >/dev/null || wrong "stdout is not: $1"; }

says_of_it() { grep -qF -- "$1" "$work/out" "$work/err" || wrong "it does not say: $1"; }

# What the guest itself says of who is in it, some seconds at the most after it became so.
inside()
{
	local guest=$1 wanted=$2
	for _ in {1..20}; do
		[ "$(people_inside "$guest")" != "$wanted" ] || return 0
		sleep 0.5
	done
	wrong "in $guest there is: $(lab now "$guest")"
}

# Who runs a program on a terminal, or has a line in utmp, or a session of logind's that is not closing.
people_inside()
{
	lab now "$1" | tr '[' '\n' | tr ' ' '\n' | grep -E '^(alice|bob):' | grep -v ':closing$' | cut -d : -f 1,2 |
		grep -v ':seat0$' | sort -u | paste -sd ' '
}

bob_types_his_name()
{
	lab exec "$1" sh -c 'printf "\033c" >/dev/tty2'
	lab exec "$1" /usr/local/sbin/lab-type tty2 bob
}

# bob_tries GUEST: with his password, at the terminal tty2, where nobody is logged on. In $came_in: yes or no.
bob_tries()
{
	local typed=bob
	came_in=
	bob_types_his_name "$1"
	for _ in {1..60}; do
		case $(lab exec "$1" cat /dev/vcs2) in
		*maintenance*) came_in=no ;;
		*Password:*)
			[ $typed = lab ] || lab exec "$1" /usr/local/sbin/lab-type tty2 lab
			typed=lab
			;;
		# His name went to the log-in that had been refused before.
		*incorrect*login:*)
			bob_types_his_name "$1"
			typed=bob
			;;
		esac
		[[ $(people_inside "$1") != *bob:tty2* ]] || came_in=yes
		[ -z "$came_in" ] || return 0
	done
	wrong "$1 neither logs bob on nor refuses it: $(lab exec "$1" cat /dev/vcs2)"
}

# count_told GUEST PATTERN: how often its agent was told in this case.
count_told() { lab truth "$1" | tail -n "+$(($(cat "$work/told-before-$1") + 1))" | grep -c -- "$2" || true; }

is_told_times() { [ "$(count_told "$1" "$2")" = "$3" ] || wrong "$1 was told $2 $(count_told "$1" "$2") times, not $3"; }

# Nothing that a terminal would obey: no C0 but line ends (CSV's are two bytes), no C1, no mark that turns text around.
is_harmless()
{
	if sed 's/\r$//' "$1" | LC_ALL=C grep -n -P '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]'; then
		wrong "$1 holds bytes that a terminal obeys"
	fi
}

disabled_logins_refuse_bob()
{
	people_are_logged_in "$1"
	logoff "$1"
	ends_with 0
	does disable-logins "$1"
	bob_tries "$1"
	[ $came_in = no ] || wrong "bob gets in"
	does enable-logins "$1"
	bob_tries "$1"
	[ $came_in = yes ] || wrong "bob does not get in"
}

# --- running --------------------------------------------------------------------------------------

# The functions declared in the test's own file, in its order, but for helpers: those end with _helper.
# LIVE_ONLY: a pattern that their names match.
cases()
{
	sed -n 's/^\([A-Za-z0-9_]*\)()$/\1/p' "$0" | grep -v '_helper$' | grep -- "${LIVE_ONLY:-.}"
}

run_cases()
{
	local number=0 failed=0 name result started
	local -a names
	mapfile -t names < <(cases)
	echo "1..${#names[@]}"
	for name in "${names[@]}"; do
		number=$((number + 1))
		if [ -n "$LIVE_SKIP" ]; then
			echo "ok $number - $name # SKIP $LIVE_SKIP"
			continue
		fi
		started=$SECONDS
		printf '\n=== %s\n' "$name" >&2
		rm -f "$work/skip" "$work"/told-before-*
		set +e
		(set -e; "$name") >"$work/case.log" 2>&1
		result=$?
		set -e
		cat "$work/case.log" >&2
		case $result in
		0) echo "ok $number - $name" ;;
		77) echo "ok $number - $name # SKIP $(cat "$work/skip")" ;;
		*)
			echo "not ok $number - $name"
			tail -n 40 "$work/case.log" | sed 's/^/# /'
			failed=1
			;;
		esac
		printf '=== %s: %d s\n' "$result" $((SECONDS - started)) >&2
	done
	exit $failed
}
