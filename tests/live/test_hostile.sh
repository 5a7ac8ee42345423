#!/usr/bin/env bash
# A guest that would like to write on the administrator's terminal.
# shellcheck source=tests/live/live.sh
. "$(dirname "$0")/live.sh"

what_it_says_is_harmless_helper()
{
	innkeeper "$@"
	is_harmless "$work/out"
	is_harmless "$work/err"
}

no_byte_that_a_terminal_obeys_comes_through_list()
{
	what_it_says_is_harmless_helper list
}

no_byte_that_a_terminal_obeys_comes_through_users()
{
	local format
	anew hostile
	for format in text json csv; do
		what_it_says_is_harmless_helper users hostile -o $format
		ends_with 0
		grep -q 'mallory' "$work/out"
	done
}

no_byte_that_a_terminal_obeys_comes_through_info()
{
	what_it_says_is_harmless_helper info hostile
	grep -q 'evil' "$work/out"
}

no_byte_that_a_terminal_obeys_comes_through_doctor()
{
	what_it_says_is_harmless_helper doctor hostile
}

no_byte_that_a_terminal_obeys_comes_through_a_log_off()
{
	what_it_says_is_harmless_helper logoff hostile --yes --timeout 30
}

a_session_whose_name_forges_another_is_not_believed_and_nothing_is_ended()
{
	guest_is_up forger
	logoff forger --timeout 30
	says '.[0] | .complete and .result != 0 and (.error_description | length > 20)'
	is_told_times forger ENDS-A-SESSION 0
}

no_byte_that_a_terminal_obeys_comes_through_the_files_it_leaves()
{
	local file
	find "$XDG_STATE_HOME" -type f | while read -r file; do
		tr '\t' ' ' <"$file" >"$work/file" # between its fields
		is_harmless "$work/file"
	done
}

run_cases
