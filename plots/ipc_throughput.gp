# How much gets through, against the size of a message: a line per channel.
# gnuplot -d -c ipc_throughput.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: channel,bytes,mb_per_s,low,high,trials

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("ipc_throughput.gp")]
heading = "Messages in a row, from process to process"
remark = "Higher is better; none: one process writes and checks by itself."
load here."style.gp"
tick(rate) = sprintf("%g", rate)
set ylabel (text ? "MB/s" : "million bytes a second (log scale)")
load here."sizes.gp"
