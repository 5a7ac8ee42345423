#!/usr/bin/env bash
# Desktops (guest/desktop): lightdm with openbox, greetd with sway, xrdp. Part of the lab with INNKEEPER_FAMILIES=all.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

on_a_desktop_helper() { says "any(.[]; .user == \"$1\" and .type == \"$2\")"; }

# waits_for_helper USER TYPE: until that session is listed
waits_for_helper()
{
	for _ in {1..90}; do
		innkeeper users desktop --json
		! on_a_desktop_helper "$1" "$2" >/dev/null || return 0
		sleep 1
	done
	wrong "no session of $1 of the type $2"
}

# until_helper PROGRAM [ARG...]: it succeeds in the guest
until_helper()
{
	for _ in {1..90}; do
		! lab exec desktop "$@" || return 0
		sleep 1
	done
	wrong "not so in the guest: $*"
}

# starts_helper UNIT USER TYPE
starts_helper()
{
	guest_is_up desktop
	innkeeper users desktop --json
	on_a_desktop_helper "$2" "$3" || lab exec desktop systemctl restart "$1"
	waits_for_helper "$2" "$3"
}

a_message_is_not_shown_to_helper()
{
	innkeeper message desktop --message 'The lift is out of order' --yes
	ends_with 0
	says_of_it "1 of 4 could not be shown it: $1"
}

its_lock_is_not_confirmed_helper()
{
	innkeeper lock desktop --yes
	ends_with 7
	says_of_it '1 session asked to lock; 0 confirmed'
}

a_message_on_x11_names_who_did_not_see_it()
{
	starts_helper lightdm alice x11
	a_message_is_not_shown_to_helper alice
}

# It shows lightdm's greeter, and does not tell logind.
a_screen_that_light_locker_locks_is_unknown()
{
	starts_helper lightdm alice x11
	until_helper pgrep -x light-locker
	its_lock_is_not_confirmed_helper
	until_helper pgrep -f lightdm-gtk-greeter
}

a_display_manager_that_logs_on_again_makes_a_new_session()
{
	local before
	starts_helper lightdm alice x11
	before=$(jq -r '.[] | select(.user == "alice" and .type == "x11") | .session' "$work/out")
	logoff desktop --session "$before"
	ends_with 0
	lab exec desktop systemctl restart lightdm
	waits_for_helper alice x11
	says "all(.[]; .session != \"$before\" and .user != \"lightdm\")"
	lab exec desktop systemctl stop lightdm
}

# greetd's initial session is made once a boot.
bob_has_sway_helper()
{
	guest_is_up desktop
	lab exec desktop sh -c 'rm -f /run/greetd.run; systemctl restart greetd'
	waits_for_helper bob wayland
	session=$(jq -r '.[] | select(.type == "wayland") | .session' "$work/out")
}

# As gnome-shell does it; swaylock does not.
bob_locks_sway_helper()
{
	local path
	path=$(lab exec desktop busctl --json=short call org.freedesktop.login1 /org/freedesktop/login1 \
		org.freedesktop.login1.Manager GetSession s "$1" | jq -r '.data[0]')
	lab exec desktop setpriv --reuid=bob --regid=bob --clear-groups busctl call org.freedesktop.login1 \
		"$path" org.freedesktop.login1.Session SetLockedHint b true
}

a_message_on_wayland_names_who_did_not_see_it()
{
	local session
	bob_has_sway_helper
	a_message_is_not_shown_to_helper bob
	logoff desktop --session "$session"
	ends_with 0
}

a_locked_wayland_session_is_left_alone_unless_it_is_named()
{
	local session
	bob_has_sway_helper
	bob_locks_sway_helper "$session"
	innkeeper logoff desktop --yes
	ends_with 6
	says_of_it 'bob is locked and was skipped'
	logoff desktop --session "$session"
	ends_with 0
	says '.[0].sessions_after == .[0].sessions_before - 1'
	! lab exec desktop pgrep -x sway || wrong "sway still runs"
}

alice_comes_by_rdp_helper()
{
	guest_is_up desktop
	lab exec desktop sh -c "systemctl stop lab-rdp; systemctl start xrdp-sesman xrdp"
	lab exec desktop systemd-run --quiet --collect --unit=lab-rdp -E HOME=/root \
		xvfb-run -a xfreerdp3 /v:localhost /u:alice /p:lab /cert:ignore
	waits_for_helper alice x11
}

# logind does not know it, and neither does xrdp tell it.
an_xrdp_session_without_its_client_is_still_logged_on()
{
	logoff desktop
	alice_comes_by_rdp_helper
	innkeeper message desktop --message 'The lift is out of order' --yes
	ends_with 5
	says_of_it 'nobody saw the message'
	its_lock_is_not_confirmed_helper
	lab exec desktop systemctl stop lab-rdp
	until_helper sh -c '[ "$(pgrep -c -x xrdp)" = 1 ]'
	innkeeper users desktop --json
	on_a_desktop_helper alice x11
	says 'all(.[]; .state == "active")'
	innkeeper logoff desktop --disconnected --yes
	ends_with 8
	logoff desktop --user alice
	ends_with 0
	! lab exec desktop pgrep -u alice Xorg || wrong "its X server still runs"
}

disabled_logins_name_the_desktops_that_let_users_in()
{
	guest_is_up desktop
	logoff desktop
	innkeeper disable-logins desktop --yes
	ends_with 0
	says_of_it 'not verified for xrdp-sesman, greetd (initial_session)'
	alice_comes_by_rdp_helper
	logoff desktop
	lab exec desktop systemctl start lightdm
	bob_has_sway_helper
	! on_a_desktop_helper alice x11 || wrong "lightdm lets alice in"
	does enable-logins desktop
}

run_cases
