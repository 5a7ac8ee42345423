/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - the main() of a harness where there is no fuzzer: FILE... through it, or, without arguments,
 * all of $srcdir/tests/fuzz/corpus/NAME (NAME from the program's own: fuzz_NAME).
 */
#include "fuzz.h"

#ifndef FUZZ_MAIN_IS_ELSEWHERE /* libFuzzer's */
#include <errno.h>
#include <glob.h>
#include <string.h>

enum { INPUT_MAX = 16 << 20 };

static int die(const char *what, const char *path)
{
	fprintf(stderr, "%s %s: %s\n", what, path, strerror(errno));
	return 1;
}

static int replay(const char *path)
{
	FILE *f = fopen(path, "re");
	uint8_t *buf = malloc(INPUT_MAX), *data = NULL;
	size_t size;

	if (!f || !buf)
		return die("cannot read", path);
	size = fread(buf, 1, INPUT_MAX, f);
	fclose(f);
	/* Of its very size, so that a sanitizer sees the byte read beyond it. */
	data = malloc(size ? size : 1);
	if (!data)
		return die("no room for", path);
	memcpy(data, buf, size);
	free(buf);
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

static int replay_corpus(const char *program)
{
	const char *srcdir = getenv("srcdir"), *base = strrchr(program, '/');
	const char *name = base ? base + 1 : program;
	char pattern[4096];
	glob_t found;
	int status = 0;

	name += strncmp(name, "fuzz_", 5) == 0 ? 5 : 0;
	snprintf(pattern, sizeof(pattern), "%s/tests/fuzz/corpus/%s/*", srcdir ? srcdir : ".", name);
	if (glob(pattern, 0, NULL, &found) != 0) {
		fprintf(stderr, "no corpus at %s\n", pattern);
		return 1;
	}
	for (size_t i = 0; i < found.gl_pathc && status == 0; i++)
		status = replay(found.gl_pathv[i]);
	printf("%zu inputs\n", found.gl_pathc);
	globfree(&found);
	return status;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc < 2)
		return replay_corpus(argv[0]);
	for (int i = 1; i < argc && status == 0; i++)
		status = replay(argv[i]);
	return status;
}
#endif
