#include "harness/cmd/draw.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/process.h"
#include "harness/cmd/cmd.h"
#include "harness/record/jsonl.h"
#include "harness/record/record.h"
#include "harness/view/figure.h"

struct drawing {
	const struct draw_options *options;
	char scripts[PATH_MAX];
	const char *head, *foot;
};

/*
 * The scripts stand beside the program: in the tree it was built in, or where
 * it was installed, wherever that was moved to.
 */
static int find_scripts(char path[PATH_MAX])
{
	static const char *const places[] = { "/../share/racelab/plots",
		                              "/../../plots" };
	char program[PATH_MAX / 2];
	ssize_t length =
	        readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (length < 0)
		return -errno;
	program[length] = '\0';
	*strrchr(program, '/') = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		(void)snprintf(path, PATH_MAX, "%s%s/style.gp", program,
		               places[i]);
		if (access(path, R_OK) == 0) {
			*strrchr(path, '/') = '\0';
			return 0;
		}
	}
	return -ENOENT;
}

/* As mkdir -p. */
static int make_directories(const char *path)
{
	char part[PATH_MAX];

	if (snprintf(part, sizeof(part), "%s/", path) >= (int)sizeof(part))
		return -ENAMETOOLONG;
	for (char *slash = strchr(part + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0777) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

static int write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	int err = 0;

	if (!file)
		return -errno;
	if (fputs(text, file) == EOF)
		err = -errno;
	if (fclose(file) != 0 && !err)
		err = -errno;
	return err;
}

/* Draws into OUT by way of a neighbor: a figure is whole or as it was. */
static int run_gnuplot(const struct drawing *drawing, const char *name,
                       const char *data, const char *out, const char *terminal)
{
	char script[PATH_MAX + 64], part[PATH_MAX + 8];
	/* -d: the user's ~/.gnuplot is not for these scripts. */
	const char *arguments[] = { "gnuplot", "-d",          "-c",
		                    script,    data,          part,
		                    terminal,  drawing->head, drawing->foot,
		                    NULL };
	struct complaint complaint = { 0 };
	int status;

	(void)snprintf(script, sizeof(script), "%s/%s.gp", drawing->scripts,
	               name);
	(void)snprintf(part, sizeof(part), "%s.part", out);
	status = process_run(arguments);
	if (status == 0)
		return rename(part, out) == 0
		               ? STATUS_OK
		               : say_error(out, -errno, STATUS_OUTPUT);
	(void)unlink(part);
	if (status == -ENOENT) {
		complain(&complaint, "gnuplot", "it is not installed");
		complain_cure(&complaint,
		              "apt-get install gnuplot-nox, or make deps");
		return say_complaint(&complaint, STATUS_RESOURCE);
	}
	if (status < 0)
		return say_error("gnuplot", status, STATUS_RESOURCE);
	complain(&complaint, "gnuplot", "%s.gp ended with status %d", name,
	         status);
	return say_complaint(&complaint, STATUS_OUTPUT);
}

static int name_file(const struct draw_options *options, const char *path)
{
	struct jsonl out = jsonl_to(STDOUT_FILENO);
	json_t *record;
	int err;

	if (!options->json) {
		if (!options->quiet)
			(void)printf("  %s\n", path);
		return STATUS_OK;
	}
	record = json_pack("{s:s, s:i, s:s}", "type", "figure", "schema",
	                   RECORD_SCHEMA, "file", path);
	err = record ? jsonl_append(&out, record) : -EINVAL;
	json_decref(record);
	/* A path that is no UTF-8 has no JSON. */
	if (err == -EINVAL)
		return say_error(path, err, STATUS_OUTPUT);
	return err ? say_lost_output(err) : STATUS_OK;
}

static int draw_files(const struct drawing *drawing, const char *name,
                      const char *data)
{
	static const char *const terminals[] = { "svg", "png" };
	char out[PATH_MAX];
	int status = STATUS_OK;

	for (int i = 0; i < 2 && status == STATUS_OK; i++) {
		(void)snprintf(out, sizeof(out), "%s/%s.%s",
		               drawing->options->directory, name, terminals[i]);
		status = run_gnuplot(drawing, name, data, out, terminals[i]);
		if (status == STATUS_OK)
			status = name_file(drawing->options, out);
	}
	return status;
}

/* gnuplot begins with a form feed and fills its lines up with blanks. */
static int print_drawing(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[1024];

	if (!file)
		return say_error(path, -errno, STATUS_OUTPUT);
	while (fgets(line, sizeof(line), file)) {
		char *start = line + strspn(line, "\f");
		size_t length = strlen(start);

		while (length > 0 && strchr(" \n", start[length - 1]))
			length--;
		(void)printf("%.*s\n", (int)length, start);
	}
	(void)fclose(file); /* only read from */
	return STATUS_OK;
}

static int draw_dumb(const struct drawing *drawing, const char *name,
                     const char *data)
{
	char out[PATH_MAX];
	int status;

	(void)snprintf(out, sizeof(out), "%s/%s.txt",
	               drawing->options->directory, name);
	status = run_gnuplot(drawing, name, data, out, "dumb");
	return status == STATUS_OK ? print_drawing(out) : status;
}

static int draw_one(const struct drawing *drawing, const char *name,
                    const char *csv)
{
	char data[PATH_MAX];
	int err;

	/* Nothing to draw, such as the totals of none where it did not run. */
	if (figure_rows(csv) == 0)
		return STATUS_OK;
	(void)snprintf(data, sizeof(data), "%s/%s.csv",
	               drawing->options->directory, name);
	err = write_file(data, csv);
	if (err)
		return say_error(data, err, STATUS_OUTPUT);
	return drawing->options->dumb ? draw_dumb(drawing, name, data)
	                              : draw_files(drawing, name, data);
}

/* Makes the folder, and finds the scripts. */
static int begin(struct drawing *drawing)
{
	const char *directory = drawing->options->directory;
	struct complaint complaint = { 0 };
	int err;

	/* Under C, gnuplot complains that it has no degree sign. */
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	err = make_directories(directory);
	if (err)
		return say_error(directory, err, STATUS_OUTPUT);
	if (find_scripts(drawing->scripts) == 0)
		return STATUS_OK;
	complain(&complaint, "plots/style.gp",
	         "the plot scripts are not beside the program");
	complain_cure(&complaint, "make install puts them there");
	return say_complaint(&complaint, STATUS_RESOURCE);
}

int draw_csv(const char *name, const char *csv, const char *head,
             const char *foot, const struct draw_options *options)
{
	struct drawing drawing = { .options = options,
		                   .head = head,
		                   .foot = foot };
	int status = begin(&drawing);

	return status == STATUS_OK ? draw_one(&drawing, name, csv) : status;
}

static int draw_figure(const struct drawing *drawing,
                       const struct figure *figure,
                       const struct comparison *comparison)
{
	char *csv = figure->csv(comparison);
	int status;

	if (!csv)
		return say_error(figure->name, -ENOMEM, STATUS_RESOURCE);
	status = draw_one(drawing, figure->name, csv);
	free(csv);
	return status;
}

int draw_figures(const struct comparison *comparison,
                 const struct draw_options *options)
{
	struct drawing drawing = { .options = options };
	int status = begin(&drawing);
	char *head, *foot;

	if (status != STATUS_OK)
		return status;
	head = figure_head(comparison);
	foot = figure_foot(comparison);
	drawing.head = head;
	drawing.foot = foot;
	if (!head || !foot)
		status = say_error("plots", -ENOMEM, STATUS_RESOURCE);
	for (size_t i = 0; figures[i].name && status == STATUS_OK; i++)
		status = draw_figure(&drawing, &figures[i], comparison);
	free(head);
	free(foot);
	return status;
}
