#include "harness/view/page.h"

#include <stdlib.h>
#include <string.h>

#include "harness/run/result.h"
#include "harness/view/words.h"

enum { NAME_MIN = 11, NAME_MAX = 14 };

static int name_columns(const struct comparison *comparison)
{
	size_t most = NAME_MIN;

	for (size_t i = 0; i < comparison->count; i++) {
		size_t length = strlen(comparison->cells[i].point.strategy);

		if (length > most && length <= NAME_MAX)
			most = length;
	}
	return (int)most;
}

bool page_open(struct page *page, const struct comparison *comparison,
               bool color)
{
	*page = (struct page){ .color = color,
		               .name = name_columns(comparison) };
	page->out = open_memstream(&page->text, &page->size);
	return page->out;
}

char *page_close(struct page *page)
{
	if (fclose(page->out) == 0)
		return page->text;
	free(page->text);
	return NULL;
}

void page_name(const struct page *page, const char *name)
{
	if (strlen(name) > NAME_MAX)
		(void)fprintf(page->out, "%s\n%*s", name, page->name, "");
	else
		(void)fprintf(page->out, "%-*s", page->name, name);
}

void page_bold(const struct page *page, bool on)
{
	if (page->color)
		(void)fputs(on ? "\033[1m" : "\033[0m", page->out);
}

char page_mark(size_t noisy)
{
	return noisy > 0 ? '!' : ' ';
}

void page_noise(const struct page *page, size_t noisy, size_t trials,
                const char *why)
{
	char clean[RUN_WHY], text[RUN_WHY + 160];

	if (noisy == 0)
		return;
	(void)snprintf(text, sizeof(text),
	               "%zu of %zu trials were made while the machine was busy "
	               "with something else%s%s; see racelab doctor",
	               noisy, trials, *why ? ", one of them: " : "",
	               words_copy(clean, sizeof(clean), why));
	(void)fputs("!      ", page->out);
	words_put(page->out, text, 7);
}

const char *page_why(const struct archive *archive,
                     const struct comparison_cell *cell)
{
	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];

		if (archive->runs[trial->run].selected && trial->noisy &&
		    trial->measures.valid &&
		    strcmp(trial->point.strategy, cell->point.strategy) == 0 &&
		    comparison_same_place(&trial->point, &cell->point))
			return trial->why;
	}
	return "";
}

void page_limit(const struct page *page, const struct archive_run *run)
{
	double ms = archive_number(run, "spec", "time_ms");

	if (ms > 0)
		(void)fprintf(page->out, "trials of %.0f ms", ms);
	else
		(void)fprintf(page->out, "trials of %.0f increments each",
		              archive_number(run, "spec", "count"));
}

/* ", 100 ns inside and 1.00k ns between" */
static void put_load(const struct page *page, const struct archive_point *point)
{
	if (point->inside_ns > 0)
		(void)fprintf(page->out, ", %u ns inside", point->inside_ns);
	if (point->outside_ns > 0)
		(void)fprintf(page->out, ", %u ns outside", point->outside_ns);
}

void page_crowd(const struct page *page, const struct comparison *comparison,
                const struct comparison_cell *cell)
{
	const struct archive_run *run = archive_selected(comparison->archive);
	bool threads = strcmp(archive_text(run, "spec", "as"), "threads") == 0;
	const char *memory = archive_text(run, "spec", "memory");
	bool apart = memory[0] && strcmp(memory, "anon") != 0;

	(void)fprintf(page->out, "%u %s%s on %u CPU%s (pin %s%s%s)",
	              cell->point.workers, threads ? "thread" : "worker",
	              cell->point.workers == 1 ? "" : "s", cell->cpus,
	              cell->cpus == 1 ? "" : "s", cell->point.pin,
	              apart ? ", in " : "", apart ? memory : "");
}

void page_heading(const struct page *page, const struct comparison *comparison,
                  const struct comparison_cell *cell)
{
	const struct archive_run *run = archive_selected(comparison->archive);

	page_bold(page, true);
	page_crowd(page, comparison, cell);
	put_load(page, &cell->point);
	(void)fputs(", ", page->out);
	page_limit(page, run);
	page_bold(page, false);
}
