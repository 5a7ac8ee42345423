/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operation_rows.h - the operations, in the order of menu and help. Included by operation.h, which says what the fields are,
 * and by operation.c. A field left out does not compile. The states in which it is refused come last.
 */
#define OFF     N_("it is not running")
#define PAUSED  N_("it is paused: resume it first")
#define ASLEEP  N_("its guest has suspended it: wake it first")
#define LEAVING N_("it is shutting down")
#define RUNS    N_("it is already running")
#define MOVING  N_("it is migrating to another host: wait until it is there")
#define MOVED   N_("it migrated to another host: use it there")
#define ANY_STATE [VM_STATE_UNKNOWN] = NULL

OPERATION(LOGOFF, "logoff", OPERATION_OF_SESSIONS,
	  SHOWN_IN_FOOTER | ASKS_ON_TERMINAL | DISRUPTS | HITS_SESSIONS | CHOOSES_SESSIONS | REHEARSES_IN_GUEST, "L",
	  N_("Log off users"),
	  N_("Log off users of the guest, verified by the guest's session list."),
	  N_("Log off the users of %s"), N_("Log off all users of %s?"), N_("Log off"), "", "", VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(MESSAGE, "message", OPERATION_OF_GUEST, NEEDS_MESSAGE, "",
	  N_("Send message to users"),
	  N_("Send the text of --message to all users who are logged on."),
	  N_("Send a message to the users of %s"), N_("Send a message to the users of %s?"), N_("Send"),
	  N_("All users see it: on terminals, or in a window on Windows."), "", VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(LOCK, "lock", OPERATION_OF_GUEST, ASKS_ON_TERMINAL | DISRUPTS | HITS_SESSIONS | CHOOSES_SESSIONS, "",
	  N_("Lock sessions (Linux)"),
	  N_("Lock sessions; Linux (logind) only."),
	  N_("Lock the sessions of %s"), N_("Lock the sessions of %s?"), N_("Lock"),
	  N_("Users need their password to unlock their sessions. Linux (logind) only."), "", VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(DISCONNECT, "disconnect", OPERATION_OF_GUEST, ASKS_ON_TERMINAL | DISRUPTS | HITS_SESSIONS | CHOOSES_SESSIONS, "",
	  N_("Disconnect sessions (Windows)"),
	  N_("Disconnect sessions, which keep running without a client; Windows only."),
	  N_("Disconnect the sessions of %s"), N_("Disconnect the sessions of %s?"), N_("Disconnect"),
	  N_("Sessions keep running without a client; users can reconnect. Windows only."), "", VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(DISABLE_LOGINS, "disable-logins", OPERATION_OF_GUEST, ASKS_ON_TERMINAL | DISRUPTS, "",
	  N_("Disable logins"),
	  N_("Disable new logins until enable-logins; existing sessions stay."),
	  N_("Disable logins on %s"), N_("Disable logins on %s?"), N_("Disable logins"),
	  N_("No new user can log on until logins are enabled; existing sessions stay. On Linux, root can always log on."),
	  "", VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(ENABLE_LOGINS, "enable-logins", OPERATION_OF_GUEST, 0, "",
	  N_("Enable logins"),
	  N_("Enable logins again, unless somebody else disabled them."),
	  N_("Enable logins on %s"), N_("Enable logins on %s?"), N_("Enable logins"),
	  N_("Users can log on again. Logins that somebody else disabled stay disabled. The filter logins:disabled shows the "
	     "VMs on which innkeeper disabled them."),
	  "", VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(DRAIN, "drain", OPERATION_OF_PLAN, ASKS_ON_TERMINAL | DISRUPTS | HITS_SESSIONS | REHEARSES_IN_GUEST, "",
	  N_("Drain for maintenance"),
	  N_("Prepare the VM for maintenance: disable logins, warn and log off all users, verify, and shut down on request. On "
	     "failure or cancel, logins are enabled again."),
	  N_("Drain %s"), N_("Drain %s?"), N_("Drain"), "", "", VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(UNCORDON, "uncordon", OPERATION_OF_PLAN, 0, "",
	  N_("Undo a drain"),
	  N_("Undo a drain: enable autostart and logins, and start the VM, as they were before it."),
	  N_("Undo the drain of %s"), N_("Undo the drain of %s?"), N_("Undo"),
	  N_("Enables autostart and logins, and starts the VM, where the drain found them so."), "", VM_STATE_UNKNOWN,
	  ANY_STATE)

OPERATION(SET_TIME, "set-time", OPERATION_OF_GUEST, FOR_SYSTEM, "",
	  N_("Set guest clock"),
	  N_("Set the guest's clock to the time of this computer."),
	  N_("Set the clock of %s"), N_("Set the clock of %s?"), N_("Set clock"),
	  N_("Sets the guest's clock to the time of this computer."), "", VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(TRIM, "trim", OPERATION_OF_GUEST, FOR_SYSTEM, "",
	  N_("Trim file systems"),
	  N_("Return unused blocks of the guest's file systems to the storage."),
	  N_("Trim the file systems of %s"), N_("Trim the file systems of %s?"), N_("Trim"),
	  N_("Returns unused blocks of the guest's file systems to the storage; may take minutes."), "", VM_STATE_UNKNOWN,
	  ANY_STATE)

OPERATION(START, "start", OPERATION_OF_HOST, 0, "s",
	  N_("Start"),
	  N_("Start the VM, or restore it after managedsave."),
	  N_("Start %s"), N_("Start %s?"), N_("Start"), "",
	  N_("it is not running yet; check its console and the host's log"), VM_STATE_RUNNING,
	  [VM_STATE_RUNNING] = RUNS, [VM_STATE_IDLE] = RUNS, [VM_STATE_PAUSED] = PAUSED, [VM_STATE_PMSUSPENDED] = ASLEEP,
	  [VM_STATE_IN_SHUTDOWN] = LEAVING,
	  [VM_STATE_MIGRATING] = MOVING,
	  [VM_STATE_MIGRATED] = N_("it migrated to another host and may be running there: starting it here as well "
				   "would corrupt its disks; use it there"))

OPERATION(SHUTDOWN, "shutdown", OPERATION_OF_HOST, ASKS_ON_TERMINAL | DISRUPTS | HAS_SHUTDOWN_MODES, "S",
	  N_("Shut down"),
	  N_("Shut down by the guest agent if it is up, else by ACPI."),
	  N_("Shut down %s"), N_("Shut down %s?"), N_("Shut down"),
	  N_("Asks the guest to shut down: by its agent if it is up, else by ACPI."),
	  N_("it has not shut down; the guest may ignore the request or still be busy with it: check its console, or "
	     "destroy the VM"),
	  VM_STATE_SHUTOFF, [VM_STATE_PAUSED] = PAUSED, [VM_STATE_PMSUSPENDED] = ASLEEP,
	  [VM_STATE_IN_SHUTDOWN] = N_("it is already shutting down"), [VM_STATE_SHUTOFF] = OFF, [VM_STATE_CRASHED] = OFF,
	  [VM_STATE_SAVED] = OFF,
	  [VM_STATE_MIGRATING] = MOVING, [VM_STATE_MIGRATED] = MOVED)

OPERATION(REBOOT, "reboot", OPERATION_OF_HOST, ASKS_ON_TERMINAL | DISRUPTS | HAS_SHUTDOWN_MODES, "R",
	  N_("Reboot"),
	  N_("Reboot by the guest agent if it is up, else by ACPI."),
	  N_("Reboot %s"), N_("Reboot %s?"), N_("Reboot"),
	  N_("Asks the guest to reboot: by its agent if it is up, else by ACPI."),
	  N_("no sign of a reboot was seen; the guest may ignore the request, or have no agent that shows it: check its "
	     "console, or reset the VM"),
	  VM_STATE_UNKNOWN, [VM_STATE_PAUSED] = PAUSED, [VM_STATE_PMSUSPENDED] = ASLEEP, [VM_STATE_IN_SHUTDOWN] = LEAVING,
	  [VM_STATE_SHUTOFF] = OFF, [VM_STATE_CRASHED] = OFF, [VM_STATE_SAVED] = OFF,
	  [VM_STATE_MIGRATING] = MOVING, [VM_STATE_MIGRATED] = MOVED)

OPERATION(SUSPEND, "suspend", OPERATION_OF_HOST, ASKS_ON_TERMINAL, "",
	  N_("Pause"),
	  N_("Pause the VM; its memory is kept."),
	  N_("Pause %s"), N_("Pause %s?"), N_("Pause"),
	  N_("The guest stops, in memory, until it is resumed."),
	  N_("it is not paused yet; check the host"), VM_STATE_PAUSED,
	  [VM_STATE_PAUSED] = N_("it is already paused"),
	  [VM_STATE_PMSUSPENDED] = N_("its guest has already suspended it"), [VM_STATE_IN_SHUTDOWN] = LEAVING,
	  [VM_STATE_SHUTOFF] = OFF, [VM_STATE_CRASHED] = OFF, [VM_STATE_SAVED] = OFF,
	  [VM_STATE_MIGRATING] = MOVING, [VM_STATE_MIGRATED] = MOVED)

OPERATION(RESUME, "resume", OPERATION_OF_HOST, 0, "",
	  N_("Resume"),
	  N_("Resume a suspended VM."),
	  N_("Resume %s"), N_("Resume %s?"), N_("Resume"), "",
	  N_("it is not running yet; check the host"), VM_STATE_RUNNING,
	  [VM_STATE_RUNNING] = RUNS, [VM_STATE_IDLE] = RUNS, [VM_STATE_PMSUSPENDED] = ASLEEP,
	  [VM_STATE_IN_SHUTDOWN] = LEAVING, [VM_STATE_SHUTOFF] = OFF, [VM_STATE_CRASHED] = OFF,
	  [VM_STATE_SAVED] = N_("it is saved: start it"),
	  [VM_STATE_MIGRATING] = MOVING, [VM_STATE_MIGRATED] = MOVED)

OPERATION(MANAGEDSAVE, "managedsave", OPERATION_OF_HOST, ASKS_ON_TERMINAL | DISRUPTS, "",
	  N_("Save to disk and stop"),
	  N_("Save the memory to disk and stop; start restores it."),
	  N_("Save %s to disk"), N_("Save %s to disk and stop?"), N_("Save and stop"),
	  N_("Writes its memory to disk; the next start continues from there."),
	  N_("it is not saved yet; saving may continue: check the host"), VM_STATE_SAVED,
	  [VM_STATE_PMSUSPENDED] = ASLEEP, [VM_STATE_IN_SHUTDOWN] = LEAVING, [VM_STATE_SHUTOFF] = OFF,
	  [VM_STATE_CRASHED] = OFF, [VM_STATE_SAVED] = N_("it is already saved"),
	  [VM_STATE_MIGRATING] = MOVING, [VM_STATE_MIGRATED] = MOVED)

OPERATION(RESET, "reset", OPERATION_OF_HOST, ASKS_ON_TERMINAL | DISRUPTS | LOSES_DATA, "",
	  N_("Reset"),
	  N_("Reset, like the reset button, without saving."),
	  N_("Reset %s"), N_("Reset %s?"), N_("Reset"),
	  N_("Like the reset button: the guest is not asked, and unsaved data is lost."),
	  N_("no sign of a reboot was seen; check its console"), VM_STATE_UNKNOWN,
	  [VM_STATE_SHUTOFF] = OFF, [VM_STATE_SAVED] = OFF,
	  [VM_STATE_MIGRATED] = MOVED)

OPERATION(DESTROY, "destroy", OPERATION_OF_HOST, ASKS_ON_TERMINAL | DISRUPTS | LOSES_DATA, "D",
	  N_("Destroy (power off)"),
	  N_("Power off immediately, without saving."),
	  N_("Destroy %s"), N_("Destroy %s?"), N_("Destroy"),
	  N_("Powers off immediately: the guest is not asked, and unsaved data is lost. The VM's definition and its disks stay."),
	  N_("it is still there; check the host"), VM_STATE_SHUTOFF,
	  [VM_STATE_SHUTOFF] = OFF, [VM_STATE_SAVED] = OFF,
	  [VM_STATE_MIGRATED] = MOVED)

OPERATION(AUTOSTART, "autostart", OPERATION_OF_HOST, 0, "",
	  N_("Enable autostart"),
	  N_("Start the VM when its host starts."),
	  N_("Enable autostart of %s"), N_("Enable autostart of %s?"), N_("Enable autostart"), "",
	  N_("the host does not show it yet; check the host"), VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(NO_AUTOSTART, "no-autostart", OPERATION_OF_HOST, 0, "",
	  N_("Disable autostart"),
	  N_("Do not start the VM when its host starts."),
	  N_("Disable autostart of %s"), N_("Disable autostart of %s?"), N_("Disable autostart"), "",
	  N_("the host does not show it yet; check the host"), VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(ADD_CHANNEL, "add-channel", OPERATION_OF_HOST, ASKS_ON_TERMINAL, "",
	  N_("Add agent channel"),
	  N_("Add the guest agent's channel, org.qemu.guest_agent.0, to the VM: to its configuration, and at once if it runs."),
	  N_("Add the agent channel to %s"), N_("Add the agent channel to %s?"), N_("Add channel"),
	  N_("Adds the channel org.qemu.guest_agent.0 to the configuration, and at once if the VM runs."),
	  N_("its XML does not show the channel yet; check the host"), VM_STATE_UNKNOWN,
	  [VM_STATE_MIGRATING] = MOVING, [VM_STATE_MIGRATED] = MOVED)

OPERATION(SNAPSHOT_CREATE, "snapshot-create", OPERATION_OF_SNAPSHOT, SHOWN_IN_FOOTER | ASKS_ON_TERMINAL, "T Ins",
	  N_("Take snapshot"),
	  N_("Take a snapshot. A running VM pauses while its memory is saved; --disk-only saves only the disks."),
	  N_("Take a snapshot of %s"), N_("Take a snapshot of %s?"), N_("Take snapshot"), "", "", VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(SNAPSHOT_REVERT, "snapshot-revert", OPERATION_OF_SNAPSHOT,
	  SHOWN_IN_FOOTER | ASKS_ON_TERMINAL | DISRUPTS | LOSES_DATA | NEEDS_SNAPSHOT, "B",
	  N_("Revert to snapshot"),
	  N_("Revert to a snapshot; the VM's current state is lost."),
	  N_("Revert %s to a snapshot"), N_("Revert %s to a snapshot?"), N_("Revert"),
	  N_("The current state of its disks and memory is lost. Take a snapshot first if you may want to come back."), "",
	  VM_STATE_UNKNOWN, ANY_STATE)

OPERATION(SNAPSHOT_DELETE, "snapshot-delete", OPERATION_OF_SNAPSHOT,
	  SHOWN_IN_FOOTER | ASKS_ON_TERMINAL | DISRUPTS | NEEDS_SNAPSHOT, "E Del",
	  N_("Delete snapshot"),
	  N_("Delete a snapshot; the VM and the snapshots below it stay."),
	  N_("Delete a snapshot of %s"), N_("Delete a snapshot of %s?"), N_("Delete"),
	  N_("The VM and the snapshots below it stay; this cannot be undone."), "", VM_STATE_UNKNOWN, ANY_STATE)

#undef OFF
#undef PAUSED
#undef ASLEEP
#undef LEAVING
#undef RUNS
#undef MOVING
#undef MOVED
#undef ANY_STATE
