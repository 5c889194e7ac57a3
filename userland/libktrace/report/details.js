// SPDX-License-Identifier: BSD-2-Clause
// All that is known of a call.

/** Return a part of a hex dump: offset, bytes, and what of them can be printed. */
function hexdump(data) {
  const lines = [];
  for (let at = 0; at < data.length; at += 16) {
    const part = data.slice(at, at + 16);
    const bytes = Array.from(part, (letter) => letter.charCodeAt(0).toString(16).padStart(2, "0"));
    const text = part.replace(/[^ -~]/g, ".");
    lines.push(`${at.toString(16).padStart(4, "0")}  ${bytes.join(" ").padEnd(47)}  ${text}`);
  }
  return lines.join("\n");
}

/** Return pairs as a list of terms. */
function terms(pairs) {
  const list = element("dl");
  for (const [term, text, className] of pairs) {
    if (text) list.append(element("dt", { text: term }), element("dd", { text, className }));
  }
  return list;
}

/** Show a signal in the element at. */
function showSignal(trace, at, signal) {
  at.replaceChildren(element("h3", { text: trace.text(signal) }), terms([...when(trace, signal), ["record", trace.arguments(signal)[0]]]));
}

/** Return whose a call or signal is, and when it was. */
function when(trace, event) {
  const { calls } = trace;
  return [
    ["process", `${trace.who(calls.lane[event])} ${trace.texts[calls.program[event]]}`],
    ["at", `${moment(calls.began[event])} s, ${trace.clock(calls.began[event])} UTC`],
  ];
}

/** Show a call in the element at. */
function showCall(trace, at, call) {
  const { calls } = trace;
  const process = trace.process(call);
  const took = calls.took[call];
  const names = trace.names[trace.name(call)].arguments;
  const error = calls.error[call];
  at.replaceChildren(
    element("h3", { text: `${trace.text(call)} = ${trace.result(call)}`, className: error ? "failed" : "" }),
    terms([
      ...when(trace, call),
      ["took", took < 0 ? `it did not return; its process: ${process.end || "end unknown"}` : duration(took)],
      ["waited", calls.slept[call] ? duration(calls.slept[call]) : ""],
      ["error", error ? `${error} ${trace.errorName(call)}: ${trace.errors[error][1]}` : "", "failed"],
    ]),
  );
  const given = trace.arguments(call);
  if (given.length) {
    at.append(element("h4", { text: "Arguments" }), terms(given.map((text, i) => [names[i] ?? `${i + 1}`, text])));
  }
  const files = trace.files(call);
  if (files.length) at.append(element("h4", { text: "Files" }), terms(files.map((name, i) => [`${i + 1}`, name])));
  for (const { fd, written, size, data } of trace.data(call)) {
    const part = data.length < size ? `, the first ${number(data.length)} shown` : "";
    const text = `${number(size)} bytes ${written ? "written to" : "read from"} descriptor ${fd}${part}`;
    at.append(element("h4", { text }), element("pre", { text: hexdump(data) }));
  }
}
