# How long a message is on its way, against its size: a line per channel.
# gnuplot -d -c ipc_latency.gp DATA.csv OUT svg|png|dumb HEAD FOOT
# Columns: channel,bytes,ns,low,high,p99,trials

data = ARG1; out = ARG2; kind = ARG3; head = ARG4; foot = ARG5
here = ARG0[1:strlen(ARG0) - strlen("ipc_latency.gp")]
heading = "One way from process to process"
remark = "Half a round trip, median; lower is better."
load here."style.gp"
tick(ns) = ns < 1e3 ? sprintf("%g ns", ns) : ns < 1e6 ? sprintf("%g us", ns / 1e3) : \
	ns < 1e9 ? sprintf("%g ms", ns / 1e6) : sprintf("%g s", ns / 1e9)
set ylabel (text ? "" : "one way (log scale)")
load here."sizes.gp"
