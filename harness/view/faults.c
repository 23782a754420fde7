#include "harness/view/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/run/spec.h"

/* The first trial of CELL that is invalid. */
static const struct archive_trial *invalid_trial(
        const struct archive *archive, const struct comparison_cell *cell)
{
	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];

		if (archive->runs[trial->run].selected &&
		    !trial->measures.valid &&
		    archive_same_point(&trial->point, &cell->point))
			return trial;
	}
	return NULL;
}

static void put_trial(FILE *out, const struct archive_trial *trial)
{
	if (trial->fate[0])
		(void)fprintf(out, "racelab: %s: worker %u of trial %u: %s\n",
		              trial->point.strategy, trial->fate_worker,
		              trial->trial, trial->fate);
	else
		(void)fprintf(
		        out,
		        "racelab: %s: trial %u counted %llu more than was "
		        "ever begun\n",
		        trial->point.strategy, trial->trial,
		        (unsigned long long)trial->measures.surplus);
	if (strstr(trial->fate, "SIGABRT"))
		(void)fputs("  libc found its lock damaged: is it made for use "
		            "between processes\n  (PTHREAD_PROCESS_SHARED)?\n",
		            out);
}

static void put_invalid(FILE *out, const struct comparison *comparison,
                        const struct comparison_cell *cell)
{
	const struct archive_trial *trial =
	        invalid_trial(comparison->archive, cell);

	if (!trial)
		return;
	put_trial(out, trial);
	(void)fprintf(out,
	              "  %zu of %zu trials with %u workers are invalid and "
	              "enter no figure\n",
	              cell->invalid, cell->invalid + cell->trials,
	              cell->point.workers);
}

/* Not the machine's doing, whatever the machine is. */
static void put_lie(FILE *out, const struct comparison_cell *cell)
{
	const struct sync_strategy *strategy =
	        run_strategy(cell->point.strategy);

	if (cell->lost == 0 || !strategy ||
	    !(strategy->ops->claims & SYNC_EXCLUDES))
		return;
	(void)fprintf(out,
	              "racelab: %s: lost updates in %zu of %zu trials with %u "
	              "workers\n  it claims to exclude, and its claim is "
	              "wrong\n",
	              cell->point.strategy, cell->lost, cell->trials,
	              cell->point.workers);
}

char *faults_of(const struct comparison *comparison)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		put_invalid(out, comparison, &comparison->cells[i]);
		put_lie(out, &comparison->cells[i]);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
