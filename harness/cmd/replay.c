#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/subject.h"
#include "harness/explore/replay.h"
#include "harness/explore/witness.h"
#include "harness/view/trace.h"
#include "harness/view/trace_json.h"

enum { KEY_REAL = 0x200 };

struct options {
	struct common_options common;
	const char *witness;
	bool real;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->common;
		return 0;
	case KEY_REAL:
		options->real = true;
		return 0;
	case ARGP_KEY_ARG:
		if (options->witness)
			options_refuse("argument", value,
			               "expected: one witness at a time");
		options->witness = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "real", KEY_REAL, NULL, 0,
	  "With forked processes over real shared memory, which are given "
	  "their turns by futex",
	  1 },
	{ 0 },
};

static const struct argp_child children[] = { { &common_argp, 0, NULL, 0 },
	                                      { 0 } };

static const struct argp argp = {
	table,
	parse,
	"WITNESS",
	"Go through the schedule of a witness again, and show what each step "
	"did.\v"
	"Example:\n"
	"  racelab explore none\n"
	"  racelab replay none:w2:k2:sc:A3B*A*:cb2e4b85\n\n"
	"A column for each worker, and between them the memory that they share. "
	"Ends as the exploration did: 1 for a bug. Where the schedule leads "
	"through other steps than it did, the source or the compiler has "
	"changed, and it ends 2.",
	children,
	NULL,
	NULL
};

/* Whether arrows may be more than "->". */
static bool has_utf8(void)
{
	(void)setlocale(LC_CTYPE, ""); /* or it stays C */
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static int refuse_other(const struct replay *replay)
{
	struct complaint complaint = { 0 };

	if (replay->fits)
		complain(&complaint, "witness",
		         "source or compiler changed: the schedule leads "
		         "through other steps");
	else
		complain(&complaint, "witness",
		         "source or compiler changed: the schedule fits no "
		         "longer after %zu step%s",
		         replay->unfit, replay->unfit == 1 ? "" : "s");
	complain_cure(&complaint, "explore it again for a witness of what is "
	                          "there now");
	return say_complaint(&complaint, STATUS_USAGE);
}

static int status_of(const struct replay *replay)
{
	return replay->outcome.kind == VERDICT_EXACT ? STATUS_OK : STATUS_BUG;
}

static int print(const struct options *options, struct subject *subject,
                 const struct witness *witness, const struct replay *replay)
{
	struct verdict_names names = {
		.target = witness->target,
		.cc = witness->cc[0] ? witness->cc : NULL,
		.program = !replay->shape.strategy,
		.machine = witness->machine,
		.line = subject_line,
		.cell = subject_cell,
		.context = subject,
	};
	char *text;

	subject->shape = replay->shape;
	text = options->common.json ? trace_json(replay, &names)
	                            : trace_text(replay, &names, has_utf8(),
	                                         say_in_color(STDOUT_FILENO));
	if (!text)
		return say_error("replay", -ENOMEM, STATUS_RESOURCE);
	(void)fputs(text, stdout);
	free(text);
	return status_of(replay);
}

static int replay(const struct options *options, const struct witness *witness,
                  struct subject *subject)
{
	struct complaint complaint = { 0 };
	struct replay *replay;
	int err, status;

	status = subject_open(subject, witness->target,
	                      witness->cc[0] ? witness->cc : NULL, &complaint);
	if (status != STATUS_OK)
		return say_complaint(&complaint, status);
	replay = replay_run(subject->object, &witness->machine,
	                    witness->schedule, options->real, &err, &complaint);
	if (!replay)
		return say_complaint(&complaint, err == -EINVAL
		                                         ? STATUS_USAGE
		                                         : STATUS_RESOURCE);
	if (!replay->fits || replay->digest != witness->digest)
		status = refuse_other(replay);
	else
		status = print(options, subject, witness, replay);
	replay_free(replay);
	return status;
}

int cmd_replay(int argc, char **argv)
{
	struct options options = { 0 };
	struct complaint complaint = { 0 };
	struct witness witness;
	struct subject subject;
	int status;

	options_parse(&argp, "replay", argc, argv, &options);
	if (!options.witness) {
		complain(&complaint, "replay", "no witness");
		complain_cure(&complaint, "racelab explore none prints one");
		return say_complaint(&complaint, STATUS_USAGE);
	}
	if (witness_read(&witness, options.witness, &complaint) < 0)
		return say_complaint(&complaint, STATUS_USAGE);
	if (!subject_has_memory(witness.machine.memory, &complaint))
		return say_complaint(&complaint, STATUS_IMPOSSIBLE);
	status = replay(&options, &witness, &subject);
	subject_close(&subject);
	return status;
}
