# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion of innkeeper: innkeeper itself knows what fits.

function __innkeeper_complete
    set -l before (commandline -opc)
    set -l typed (commandline -ct | string unescape)
    for line in ($before[1] complete -- $before[2..-1] "$typed" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$typed"
        else
            echo $line
        end
    end
end

complete -c innkeeper -f -a '(__innkeeper_complete)'
