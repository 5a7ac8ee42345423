/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doc/cast.h"

#include "base/utf8.h"
#include "tests/unit/unit.h"

struct cast {
	FILE *file;
	int64_t at_ms;
	int rows;
	char **shown; /* each row as it was written last */
};

static void put_json(FILE *file, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(file, "\\%c", *text);
		else if ((unsigned char)*text < 0x20)
			fprintf(file, "\\u%04x", *text);
		else
			fputc(*text, file);
	}
}

struct cast *cast_begin(const char *path, const char *title)
{
	struct cast *cast = mem_zalloc(sizeof(*cast));

	cast->file = fopen(path, "w");
	if (!cast->file)
		fail_msg("%s cannot be written", path);
	cast->rows = screen->rows;
	cast->shown = mem_zalloc((size_t)screen->rows * sizeof(*cast->shown));
	fprintf(cast->file, "{\"version\": 2, \"width\": %d, \"height\": %d, \"title\": \"", screen->cols,
		screen->rows);
	put_json(cast->file, title);
	fputs("\", \"env\": {\"TERM\": \"xterm-256color\"}}\n[0.0, \"o\", \"\\u001b[?25l\\u001b[2J\"]\n", cast->file);
	return cast;
}

/* --- a row as bytes --- */

static void put_colour(FILE *to, VTermColor colour, bool is_ground)
{
	if (is_ground ? VTERM_COLOR_IS_DEFAULT_BG(&colour) : VTERM_COLOR_IS_DEFAULT_FG(&colour))
		return;
	vterm_screen_convert_color_to_rgb(screen->cells, &colour);
	fprintf(to, ";%d;2;%d;%d;%d", is_ground ? 48 : 38, colour.rgb.red, colour.rgb.green, colour.rgb.blue);
}

/* Owned. */
static char *look_of(const VTermScreenCell *cell)
{
	char *look;
	size_t len;
	FILE *to = mem_stream(&look, &len);

	fprintf(to, "\033[0%s%s%s", cell->attrs.bold ? ";1" : "", cell->attrs.underline ? ";4" : "",
		cell->attrs.reverse ? ";7" : "");
	put_colour(to, cell->fg, false);
	put_colour(to, cell->bg, true);
	fputc('m', to);
	fclose(to);
	return look;
}

static void put_cell(FILE *to, const VTermScreenCell *cell)
{
	char bytes[8];

	if (cell->chars[0] == 0)
		fputc(' ', to);
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++) {
		size_t len = utf8_encode(cell->chars[i], bytes);

		fwrite(bytes, 1, len, to);
	}
}

/* Owned. */
static char *row_as_bytes(int row)
{
	char *bytes, *look = mem_strdup("");
	size_t len;
	FILE *to = mem_stream(&bytes, &len);

	for (int col = 0; col < screen->cols;) {
		const VTermScreenCell cell = cell_at(row, col);
		char *its = look_of(&cell);

		if (strcmp(its, look) != 0)
			fputs(its, to);
		free(look);
		look = its;
		put_cell(to, &cell);
		col += cell.width > 1 ? cell.width : 1;
	}
	free(look);
	fclose(to);
	return bytes;
}

/* --- frames --- */

static char *changed_rows(struct cast *cast)
{
	char *frame;
	size_t len;
	FILE *to = mem_stream(&frame, &len);

	for (int row = 0; row < cast->rows; row++) {
		char *bytes = row_as_bytes(row);

		if (!cast->shown[row] || strcmp(cast->shown[row], bytes) != 0)
			fprintf(to, "\033[%d;1H%s", row + 1, bytes);
		free(cast->shown[row]);
		cast->shown[row] = bytes;
	}
	fclose(to);
	return frame;
}

void cast_frame(struct cast *cast, int ms)
{
	char *frame = changed_rows(cast);

	cast->at_ms += ms;
	if (*frame) {
		fprintf(cast->file, "[%d.%03d, \"o\", \"", (int)(cast->at_ms / 1000), (int)(cast->at_ms % 1000));
		put_json(cast->file, frame);
		fputs("\"]\n", cast->file);
	}
	free(frame);
}

void cast_end(struct cast *cast)
{
	for (int row = 0; row < cast->rows; row++)
		free(cast->shown[row]);
	free(cast->shown);
	if (fclose(cast->file) != 0)
		fail_msg("the recording could not be written");
	free(cast);
}
