// SPDX-License-Identifier: BSD-2-Clause
// Which calls are shown, in the words of `trace`: -e, -P, -p.

/** Return the names of calls that text chooses among those of the trace: open,%file,/^get or !x. */
function callSet(text, names) {
  const inverted = text.startsWith("!");
  const found = new Set();
  for (const word of text.replace(/^!/, "").split(",").map((each) => each.trim())) {
    if (!word) continue;
    const wanted = oneWord(word.replace(/^\?/, ""), names);
    for (const name of Object.keys(names)) if (wanted(name)) found.add(name);
  }
  const every = Object.keys(names);
  return new Set(every.filter((name) => found.has(name) !== inverted));
}

function oneWord(word, names) {
  if (word === "all") return () => true;
  if (word === "none") return () => false;
  if (word.startsWith("/")) {
    const expression = new RegExp(word.slice(1));
    return (name) => expression.test(name);
  }
  if (word.startsWith("%")) return (name) => names[name].classes.includes(word.slice(1));
  return (name) => name === word || name.replace(/^_+/, "") === word;
}

/** Return what a glob of a shell matches: *, ?, [...]. */
function glob(text) {
  const parts = text.replace(/[.+^${}()|\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp(`^${parts.replace(/\[!/g, "[^")}$`, "s");
}

/** Return a test of texts: /expression/, or letters, large and small alike. */
function textTest(text) {
  const expression = /^\/(.+)\/$/s.exec(text);
  if (expression) {
    const found = new RegExp(expression[1], "i");
    return (each) => found.test(each);
  }
  const small = text.toLowerCase();
  return (each) => each.toLowerCase().includes(small);
}

class Filter {
  constructor(trace) {
    this.trace = trace;
    this.words = {};
    this.tests = {};
  }

  /** Take what the fields say; return the names of those that make no sense. */
  set(words) {
    const wrong = [];
    this.words = words;
    this.tests = {};
    for (const [field, word] of Object.entries(words)) {
      if (!word) continue;
      try {
        this.tests[field] = this[field](word);
      } catch {
        wrong.push(field);
      }
    }
    return wrong;
  }

  get empty() {
    return Object.keys(this.tests).length === 0;
  }

  /** Return the indexes of the calls that are wanted; some fields may be left out of account. */
  chosen(...without) {
    const tests = Object.keys(this.tests)
      .filter((field) => !without.includes(field))
      .map((field) => this.tests[field]);
    const found = [];
    for (let at = 0; at < this.trace.size; at++) {
      if (tests.every((test) => test(at))) found.push(at);
    }
    return found;
  }

  text(word) {
    const { trace } = this;
    const test = textTest(word);
    return (at) => test(trace.text(at)) || test(trace.result(at)) || trace.files(at).some(test);
  }

  calls(word) {
    const { trace } = this;
    const names = callSet(word, trace.names);
    return (at) => names.has(trace.name(at));
  }

  error(word) {
    const { trace } = this;
    return (at) => (word === "-" ? trace.failed(at) : trace.errorName(at) === word);
  }

  path(word) {
    const { trace } = this;
    const pattern = glob(word);
    return (at) => trace.files(at).some((name) => pattern.test(name));
  }

  process(word) {
    const { trace } = this;
    return (at) => trace.lanes[trace.calls.lane[at]][0] === Number(word);
  }
}
