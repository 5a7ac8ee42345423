/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * column_private.h - the functions behind the rows of column.c.
 */
#ifndef INNKEEPER_COLUMN_PRIVATE_H
#define INNKEEPER_COLUMN_PRIVATE_H

#include "model/column.h"

column_words_fn column_state_words, column_agent_words, column_users_words, column_who_words,
	column_cpu_words, column_mem_words, column_maxmem_words, column_task_words, column_ips_words,
	column_heartbeat_words, column_uptime_words, column_cpu_history_words, column_mem_history_words,
	column_vcpus_words, column_disk_read_words,
	column_disk_write_words, column_net_rx_words, column_net_tx_words, column_id_words, column_uuid_words,
	column_autostart_words, column_persistent_words, column_door_words;
column_text_fn column_name_text, column_host_text, column_who_text, column_os_text, column_title_text,
	column_tags_text, column_hostname_text, column_ips_text, column_kernel_text, column_agent_version_text;
column_number_fn column_state_number, column_agent_number, column_users_number, column_cpu_number,
	column_mem_number, column_maxmem_number, column_task_number, column_heartbeat_number,
	column_uptime_number, column_vcpus_number, column_disk_read_number, column_disk_write_number,
	column_net_rx_number, column_net_tx_number, column_id_number, column_uuid_number,
	column_autostart_number, column_persistent_number, column_door_number;

#endif
