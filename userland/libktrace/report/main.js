// SPDX-License-Identifier: BSD-2-Clause
// The page: what is chosen in one place shows in the others.

const form = document.querySelector("#filter");
const byId = (id) => document.getElementById(id);

function facts(trace) {
  const failed = trace.calls.error.filter(Boolean).length;
  const count = (size, what) => `${number(size)} ${what}${size === 1 ? "" : what.endsWith("s") ? "es" : "s"}`;
  const signals = trace.calls.kind.filter((kind) => kind === SIGNAL).length;
  const parts = [count(trace.size - signals, "call"), `${number(failed)} failed`, count(trace.processes.length, "process"), count(signals, "signal"), duration(trace.end), `from ${trace.clock(0)} UTC`];
  byId("facts").textContent = trace.size ? parts.join(" · ") : "The trace has no calls.";
  if (trace.torn) {
    byId("notice").textContent = `The trace is torn: ${trace.torn}. What is before that is shown.`;
    byId("notice").hidden = false;
  }
}

function fillFields(trace) {
  byId("names").append(...Object.keys(trace.names).map((name) => new Option(name)));
  const names = [...new Set(Object.values(trace.errors).map(([name]) => name))].filter((name) => name !== "0");
  form.elements.error.append(...names.sort().map((name) => new Option(name, name)));
  form.elements.process.append(...trace.order.map((at) => new Option(`${"\u00a0\u00a0".repeat(Math.min(trace.processes[at].depth, DEPTH))}${trace.processes[at].pid} ${trace.processes[at].names.at(-1)}`, at)));
}

function legend(trace) {
  const waits = trace.switches ? "off the CPU" : "waits (others ran, or 10 ms passed)";
  const parts = [["call", "call"], ["wait", waits], ["failed", "failed"], ["signal", "signal"], ["life", "process"]];
  const marks = parts.map(([name, text]) => {
    const mark = element("i");
    mark.style.background = `var(--${name})`;
    return element("span", {}, mark, text);
  });
  byId("legend").replaceChildren(...marks);
}

async function main() {
  const trace = new Trace(await readData(byId("data").textContent));
  facts(trace);
  fillFields(trace);
  legend(trace);
  const filter = new Filter(trace);
  const choose = (call) => {
    timeline.select(call);
    tables.select(call);
    (trace.isSignal(call) ? showSignal : showCall)(trace, byId("call"), call);
  };
  const put = (fields) => {
    for (const [name, value] of Object.entries(fields)) {
      const field = form.elements[name];
      field.value = field.value === String(value) && Object.keys(fields).length === 1 ? "" : value;
    }
    return apply();
  };
  const timeline = new Timeline(trace, byId("timeline"), choose);
  const tables = new Tables(trace, {
    call: choose,
    error: async ({ name, error, first }) => {
      await put({ calls: name, error });
      choose(first);
    },
    name: (name) => put({ calls: name }),
    process: (process) => put({ process }),
  });
  const apply = () => {
    const words = Object.fromEntries(new FormData(form));
    const wrong = filter.set(words);
    for (const field of form.elements) field.setAttribute("aria-invalid", wrong.includes(field.name));
    const calls = filter.chosen();
    byId("count").textContent = filter.empty ? `${number(trace.size)} lines` : `${number(calls.length)} of ${number(trace.size)} lines`;
    timeline.show(calls);
    return tables.show(calls, filter.chosen("calls", "error"), filter.chosen("calls"));
  };
  await tables.ready;
  await apply();
  form.addEventListener("input", () => {
    clearTimeout(form.soon);
    form.soon = setTimeout(apply, 150);
  });
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("scale").addEventListener("change", ({ target }) => timeline.scaleBy(target.value));
  const zooms = { in: () => timeline.zoom(1 / 2), out: () => timeline.zoom(2), all: () => timeline.all() };
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zooms[button.dataset.zoom]());
  }
  for (const [event, print] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(event, () => {
      document.documentElement.toggleAttribute("data-print", print);
      timeline.print(print);
    });
  }
  document.body.dataset.ready = "yes";
}

main().catch((error) => {
  byId("notice").textContent = `The page cannot show its data: ${error.message}`;
  byId("notice").hidden = false;
});
