# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of innkeeper: innkeeper itself knows what fits.

_innkeeper()
{
	local -a words=()
	local line='' word='' candidate='' kept='' quote='' glue=''
	# bash cuts words at colons and equals signs, which stand in ours.
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		if [[ ${#words[@]} -gt 0 && ($glue || $word == [=:]) ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
		[[ $word == [=:] ]] && glue=yes || glue=''
	done
	word=${words[-1]}
	[[ $word != [\'\"]* ]] || quote=${word:0:1}
	for line in "${!words[@]}"; do
		word=${words[line]}
		[[ $word == [\'\"]* ]] || word=${word//\\/}
		word=${word#[\'\"]}
		words[line]=${word%[\'\"]}
	done
	word=${words[-1]}
	# What stands before the last colon or equals sign is not replaced.
	[[ $quote || $word != *[=:]* ]] || kept=${word%"${word##*[=:]}"}
	COMPREPLY=()
	while IFS= read -r line; do
		candidate=${line%%$'\t'*}
		candidate=${candidate#"$kept"}
		if [[ $line == :files ]]; then
			compopt -o filenames
			while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${word#"$kept"}")
		else
			[[ $candidate != *[=:] ]] || compopt -o nospace
			[[ $quote ]] || printf -v candidate %q "$candidate"
			COMPREPLY+=("$candidate")
		fi
	done < <("${COMP_WORDS[0]}" complete -- "${words[@]}" 2>/dev/null)
}

complete -F _innkeeper innkeeper
