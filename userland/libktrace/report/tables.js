// SPDX-License-Identifier: BSD-2-Clause
// The tables: errors, processes, calls by name, and the calls.

const RIGHT_ALIGNED = { hozAlign: "right", headerHozAlign: "right" };
const SMALL = 230; // pixels of the tables of the overview

const CELLS = { headerTooltip: true, minWidth: 50, responsive: 0, tooltip: wholeText };
const PRINTED = { printAsHtml: true, printStyled: false, printConfig: { dataTree: true } };
const PRINTED_CALLS = 1000;

/** Show a cell's value as text, whatever is in it. */
const asText = (show) => (cell) => document.createTextNode(show(cell.getValue(), cell.getData()));
const plain = asText((value) => value ?? "");
const counted = asText((value) => (value ? number(value) : ""));
const lasting = asText((value) => (value ? duration(value) : ""));

/** Return what a cell that is too small does not show; as text, as everywhere. */
function wholeText(_, cell) {
  const at = cell.getElement();
  return at.scrollWidth > at.clientWidth ? element("span", { text: at.innerText }) : "";
}

function smallTable(at, columns, placeholder, options = {}) {
  return new Tabulator(at, {
    columns: columns.map((column) => ({ formatter: plain, ...column })),
    layout: "fitColumns", responsiveLayout: "hide", maxHeight: SMALL, placeholder, ...PRINTED, printRowRange: "active",
    columnDefaults: CELLS, ...options,
  });
}

/** Return the errors of calls: each kind of failure once, what is most frequent first. */
function errorRows(trace, calls) {
  const found = new Map();
  for (const at of calls) {
    if (!trace.failed(at)) continue;
    const key = `${trace.name(at)} ${trace.errorName(at)}`;
    const row = found.get(key) ?? { id: key, name: trace.name(at), error: trace.errorName(at), count: 0, first: at, example: trace.files(at)[0] ?? "" };
    row.count++;
    found.set(key, row);
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
}

/** Return how often each call was made, failed, and how long it took. */
function summaryRows(trace, calls) {
  const found = new Map();
  for (const at of calls) {
    if (trace.calls.kind[at] !== CALL) continue;
    const name = trace.name(at);
    const row = found.get(name) ?? { id: name, name, count: 0, errors: 0, took: 0, slept: 0 };
    row.count++;
    row.errors += trace.failed(at) ? 1 : 0;
    row.took += Math.max(trace.calls.took[at], 0);
    row.slept += trace.calls.slept[at];
    found.set(name, row);
  }
  return [...found.values()].sort((one, other) => other.took - one.took || other.count - one.count);
}

/** Return the processes as a tree; what is very deep in it is not shown any deeper. */
function processRows(trace) {
  const counts = trace.processes.map(() => [0, 0]);
  for (let at = 0; at < trace.size; at++) {
    const count = counts[trace.lanes[trace.calls.lane[at]][0]];
    count[0] += trace.isSignal(at) ? 0 : 1;
    count[1] += trace.failed(at) ? 1 : 0;
  }
  const row = (number) => {
    const one = trace.processes[number];
    const [calls, errors] = counts[number];
    return { id: number, pid: one.pid, program: one.names.join(" → "), calls, errors, lived: one.last - one.first, end: one.end };
  };
  const rows = trace.processes.map((_, at) => row(at));
  const roots = [];
  const under = []; // for each process the row that its children are under
  for (const at of trace.order) {
    const { parent, depth } = trace.processes[at];
    const above = under[parent];
    if (above) (above._children ??= []).push(rows[at]);
    else roots.push(rows[at]);
    under[at] = depth < DEPTH ? rows[at] : above;
  }
  return roots;
}

class Tables {
  /** Show a trace; act has what is done when a row is clicked. */
  constructor(trace, act) {
    this.trace = trace;
    const deepest = trace.processes.reduce((depth, one) => Math.max(depth, one.depth), 0);
    const columns = (...list) => list.map(([title, field, more]) => ({ title, field, ...more }));
    const count = { ...RIGHT_ALIGNED, formatter: counted, sorter: "number", width: 62 };
    const time = { ...RIGHT_ALIGNED, formatter: lasting, sorter: "number", width: 74 };
    const errors = columns(
      ["Times", "count", count],
      ["Call", "name", { minWidth: 70 }],
      ["Error", "error", { cssClass: "failed", minWidth: 92 }],
      ["First path", "example", { widthGrow: 2, minWidth: 70, responsive: 2 }],
    );
    const processes = columns(
      ["Pid", "pid", { width: 66 + 10 * Math.min(deepest, DEPTH) }],
      ["Program", "program", { widthGrow: 2, minWidth: 100 }],
      ["Calls", "calls", count],
      ["Errors", "errors", { ...count, cssClass: "failed", responsive: 2 }],
      ["Lived", "lived", { ...time, responsive: 3 }],
      ["End", "end", { widthGrow: 2, minWidth: 90 }],
    );
    const summary = columns(
      ["Call", "name", { minWidth: 100 }],
      ["Calls", "count", count],
      ["Errors", "errors", { ...count, cssClass: "failed" }],
      ["Time", "took", { ...time, responsive: 2 }],
      ["Waited", "slept", { ...time, responsive: 3 }],
    );
    this.errors = smallTable("#errors", errors, "No call failed.");
    this.processes = smallTable("#processes", processes, "No process.", {
      dataTree: true, dataTreeStartExpanded: true, data: processRows(trace), dataTreeElementColumn: "pid",
    });
    this.summary = smallTable("#summary", summary, "No call.");
    this.calls = this.#callTable();
    this.errors.on("rowClick", (_, row) => act.error(row.getData()));
    this.processes.on("rowClick", (_, row) => act.process(row.getData().id));
    this.summary.on("rowClick", (_, row) => act.name(row.getData().name));
    this.calls.on("rowClick", (_, row) => act.call(row.getData().id));
    this.ready = Promise.all([this.errors, this.processes, this.summary, this.calls].map(built));
    this.#keys(act);
  }

  #callTable() {
    const { trace } = this;
    const { calls } = trace;
    const by = (value) => (_, __, one, other) => {
      const [a, b] = [value(one.getData().id), value(other.getData().id)];
      return typeof a === "number" ? a - b : a < b ? -1 : Number(a > b);
    };
    const column = (title, value, show, more = {}) => ({
      title, field: title, sorter: by(value), formatter: asText((_, { id }) => show(id)), ...more,
    });
    const time = { ...RIGHT_ALIGNED, width: 80 };
    const first = () => this.calls.getRows("active").slice(0, PRINTED_CALLS);
    return new Tabulator("#calls", {
      printRowRange: first, printFooter: () => this.#rest(),
      layout: "fitColumns", responsiveLayout: "hide", height: 500, placeholder: "No call is like that.", index: "id",
      rowHeight: 27, ...PRINTED, columnDefaults: CELLS,
      rowFormatter: (row) => {
        const made = row.getElement();
        made.classList.toggle("chosen", row.getData().id === this.chosen);
        made.classList.toggle("bad", trace.failed(row.getData().id));
      },
      columns: [
        column("At, s", (at) => calls.began[at], (at) => moment(calls.began[at]), { ...RIGHT_ALIGNED, width: 108, responsive: 1 }),
        column("Process", (at) => calls.lane[at], (at) => trace.who(calls.lane[at]), { ...RIGHT_ALIGNED, width: 74 }),
        column("Call", (at) => trace.text(at), (at) => trace.text(at), { widthGrow: 3, cssClass: "mono", minWidth: 160 }),
        column("Result", (at) => trace.result(at), (at) => trace.result(at), { widthGrow: 1.4, cssClass: "mono result", minWidth: 90 }),
        column("Took", (at) => calls.took[at], (at) => (calls.took[at] < 0 || trace.isSignal(at) ? "" : duration(calls.took[at])), { ...time, responsive: 2 }),
        column("Waited", (at) => calls.slept[at], (at) => (calls.slept[at] ? duration(calls.slept[at]) : ""), { ...time, responsive: 3 }),
      ],
    });
  }

  /** Say how many calls are not printed. */
  #rest() {
    const left = this.shown.size - PRINTED_CALLS;
    return element("p", { text: left > 0 ? `and ${number(left)} more calls` : "" });
  }

  /** Up and down choose the row before and after. */
  #keys(act) {
    document.querySelector("#calls").addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const rows = step && this.calls.getRows("active");
      if (!rows?.length) return;
      event.preventDefault();
      const place = this.#row(this.chosen)?.getPosition() ?? 0; // from 1
      const next = rows[Math.min(Math.max(place - 1 + step, 0), rows.length - 1)];
      act.call(next.getData().id);
    });
  }

  /** Show these calls; the overview counts what the filter chooses but for its own fields. */
  show(calls, forErrors, forSummary) {
    this.errors.replaceData(errorRows(this.trace, forErrors));
    this.summary.replaceData(summaryRows(this.trace, forSummary));
    this.shown = new Set(calls);
    const done = this.calls.setData(Array.from(calls, (id) => ({ id })));
    return done.then(() => this.select(this.chosen));
  }

  /** Return the row of a call, undefined if it is not shown; the library would complain. */
  #row(call) {
    return this.shown.has(call) ? this.calls.getRow(call) : undefined;
  }

  /** Mark the row of a call, and bring it into sight. */
  select(call) {
    const before = this.#row(this.chosen);
    this.chosen = call;
    before?.reformat();
    const row = this.#row(call);
    if (!row) return;
    row.reformat();
    this.calls.scrollToRow(row, "nearest", false).catch(() => {});
  }
}

const built = (table) => new Promise((done) => table.on("tableBuilt", done));
