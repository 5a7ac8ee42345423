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

# starts_helper UNIT USER TYPE
starts_helper()
{
	guest_is_up desktop
	lab exec desktop systemctl start "$1"
	waits_for_helper "$2" "$3"
}

a_message_on_x11_names_who_did_not_see_it()
{
	starts_helper lightdm alice x11
	innkeeper message desktop --message 'The lift is out of order' --yes
	ends_with 0
	says_of_it 'could not be shown it: alice'
}

a_screen_that_light_locker_locks_is_unknown()
{
	starts_helper lightdm alice x11
	innkeeper lock desktop --yes
	ends_with 7
	says_of_it '1 session asked to lock; 0 confirmed'
}

a_display_manager_that_logs_on_again_is_told_apart()
{
	starts_helper lightdm alice x11
	innkeeper logoff desktop --user alice --yes
	ends_with 0
	says_of_it 'logged on again (automatic log-in?): alice'
	waits_for_helper alice x11
}

disabled_logins_name_the_desktops_that_let_users_in()
{
	guest_is_up desktop
	innkeeper disable-logins desktop --yes
	ends_with 0
	says_of_it 'not verified for xrdp-sesman, greetd (initial_session)'
	lab exec desktop systemctl restart lightdm greetd
	waits_for_helper bob wayland
	! on_a_desktop_helper alice x11 || wrong "lightdm lets alice in"
	does enable-logins desktop
}

run_cases
