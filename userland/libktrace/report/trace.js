// SPDX-License-Identifier: BSD-2-Clause
// The trace: columns as they come, and what is asked of them.  Times are nanoseconds.

/** Read the data of the page: base64 of gzip of JSON. */
async function readData(text) {
  const bytes = Uint8Array.from(atob(text.replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Return the sums of the first, the first two, ... numbers. */
function sums(differences) {
  const found = new Float64Array(differences.length);
  let sum = 0;
  differences.forEach((difference, at) => {
    sum += difference;
    found[at] = sum;
  });
  return found;
}

const [RETURN, CALL, SIGNAL] = [0, 1, 2]; // kinds of what is in the list of calls
const DEPTH = 8; // of the tree of processes, to which it is shown

class Trace {
  constructor(data) {
    Object.assign(this, data);
    const { calls, sleeps } = data;
    for (const events of [calls, sleeps]) events.began = sums(events.began);
    this.size = calls.began.length;
    this.calls.ended = calls.began.map((began, at) => this.#end(began, at));
    for (const one of this.processes) Object.assign(one, { children: [], lanes: [] });
    this.lanes.forEach(([number], lane) => this.processes[number].lanes.push(lane));
    this.#cut();
    this.order = this.#treeOrder();
    this.texted = new Array(this.size);
  }

  /** When a call was over: one that never returned ends with its process. */
  #end(began, at) {
    const { took, lane, name } = this.calls;
    if (took[at] >= 0) return began + took[at];
    const ends = ["exit", "_lwp_exit"].includes(this.texts[name[at]]);
    return ends || this.calls.kind[at] === RETURN ? began : Math.max(began, this.processes[this.lanes[lane[at]][0]].last);
  }

  /** A call that the next one of its LWP cut off was over by then. */
  #cut() {
    const { began, ended, lane } = this.calls;
    const next = [];
    for (let at = this.size - 1; at >= 0; at--) {
      if (this.isSignal(at)) continue;
      ended[at] = Math.max(began[at], Math.min(ended[at], next[lane[at]] ?? Infinity));
      next[lane[at]] = began[at];
    }
  }

  /** Return numbers of processes, each followed by its children; depth and children are noted. */
  #treeOrder() {
    const found = [];
    this.processes.forEach((one, number) => {
      const parent = this.processes[one.parent];
      if (parent) parent.children.push(number);
    });
    const visit = (number, depth) => {
      const todo = [[number, depth]];
      while (todo.length) {
        const [next, level] = todo.pop();
        this.processes[next].depth = level;
        found.push(next);
        todo.push(...this.processes[next].children.map((child) => [child, level + 1]).reverse());
      }
    };
    this.processes.forEach((one, number) => {
      if (one.parent === null) visit(number, 0);
    });
    return found;
  }

  /** Return the indexes of events, those of each lane together. */
  byLane(lanes, indexes = lanes.keys()) {
    const found = this.lanes.map(() => []);
    for (const at of indexes) found[lanes[at]].push(at);
    return found;
  }

  process(at) {
    return this.processes[this.lanes[this.calls.lane[at]][0]];
  }

  name(at) {
    return this.texts[this.calls.name[at]];
  }

  arguments(at) {
    return this.lists[this.calls.arguments[at]].map((number) => this.texts[number]);
  }

  files(at) {
    return this.lists[this.calls.files[at]].map((number) => this.texts[number]);
  }

  result(at) {
    return this.texts[this.calls.result[at]];
  }

  text(at) {
    if (this.isSignal(at)) return this.name(at);
    return (this.texted[at] ??= `${this.name(at)}(${this.arguments(at).join(", ")})`);
  }

  failed(at) {
    return this.calls.error[at] > 0;
  }

  isSignal(at) {
    return this.calls.kind[at] === SIGNAL;
  }

  /** Return ENOENT and the like, "" if the call did not fail. */
  errorName(at) {
    const error = this.calls.error[at];
    return error ? this.errors[error][0] : "";
  }

  /** Return who made the call: a process, and the LWP if it is not the first. */
  who(lane) {
    const [number, lid] = this.lanes[lane];
    const { pid } = this.processes[number];
    return this.processes[number].lanes[0] === lane ? `${pid}` : `${pid}.${lid}`;
  }

  /** Return what a call moved: descriptor, direction, bytes, and the first of them. */
  data(at) {
    const list = this.lists[this.calls.data[at]];
    const found = [];
    for (let i = 0; i < list.length; i += 4) {
      const [fd, written, size, text] = list.slice(i, i + 4);
      found.push({ fd, written: Boolean(written), size, data: this.texts[text] });
    }
    return found;
  }

  /** Return the time of day (UTC) of a moment, to the nanosecond. */
  clock(moment) {
    const whole = BigInt(this.start) + BigInt(Math.round(moment));
    const date = new Date(Number(whole / 1000000n));
    const fraction = String(whole % 1000000000n).padStart(9, "0");
    return `${date.toISOString().slice(0, 19).replace("T", " ")}.${fraction}`;
  }
}

/** Return a duration as a person reads it. */
function duration(ns) {
  for (const [unit, size] of [["s", 1e9], ["ms", 1e6], ["µs", 1e3]]) {
    if (Math.abs(ns) >= size) return `${Number((ns / size).toPrecision(4))} ${unit}`;
  }
  return `${ns} ns`;
}

/** Return a moment in seconds, to what a step of so many nanoseconds needs. */
function moment(ns, step = 1) {
  const digits = Math.min(9, Math.max(0, 9 - Math.floor(Math.log10(Math.max(step, 1)))));
  return (ns / 1e9).toFixed(digits);
}

/** Return a moment of an axis that goes to last in steps of so many nanoseconds. */
function clipped(ns, step, last) {
  const [unit, size] = last < 2e6 ? ["µs", 1e3] : last < 2e9 ? ["ms", 1e6] : ["s", 1e9];
  const digits = Math.ceil(Math.log10(Math.max(size / Math.max(step, 1), 1)));
  return `${Number((ns / size).toFixed(digits))} ${unit}`;
}

const number = (value) => value.toLocaleString("en");

/** Make an element with text and children; text is never read as HTML. */
function element(tag, { text, className, title } = {}, ...children) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  if (title) made.title = title;
  made.append(...children);
  return made;
}
