// SPDX-License-Identifier: BSD-2-Clause
// What the timeline draws: as many shapes as there are pixels, not as there are calls.

/** The time axis: nanoseconds as they are. */
class TimeScale {
  constructor(trace) {
    this.size = Math.max(trace.end, 1);
    this.least = 100;
  }

  at(ns) {
    return ns;
  }

  label(position, step, last) {
    return clipped(position, step, last);
  }
}

/** The axis of order: a step from each moment at which something happens to the next. */
class OrderScale {
  constructor(trace) {
    const { calls, sleeps, processes } = trace;
    const moments = new Set([0, trace.end]);
    for (const times of [calls.began, calls.ended, sleeps.began, sleeps.ended]) {
      for (const time of times) moments.add(time);
    }
    for (const { first, last } of processes) moments.add(first).add(last);
    this.moments = Float64Array.from(moments).sort();
    this.size = Math.max(this.moments.length - 1, 1);
    this.least = 4;
  }

  at(ns) {
    return firstFrom(this.moments.length, (at) => this.moments[at] >= ns);
  }

  label(position, step) {
    const nearest = Math.round(Math.min(Math.max(position, 0), this.size));
    return clipped(this.moments[nearest] ?? 0, step < 1 ? 1 : 1000, this.moments.at(-1));
  }
}

/** Return the first of 0 ... size for which test holds; it holds for all after it. */
function firstFrom(size, test) {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Events with two ends, on a scale; those of a lane follow one another. */
class Spans {
  constructor(scale, began, ended) {
    this.from = Float64Array.from(began, (ns) => scale.at(ns));
    this.to = Float64Array.from(ended, (ns) => scale.at(ns));
  }

  /** Return what of a lane is in sight, what is too close to be told apart together. */
  bunches(lane, [from, to], pixel) {
    const found = [];
    let last = null;
    for (let i = firstFrom(lane.length, (k) => this.to[lane[k]] >= from); i < lane.length; i++) {
      const at = lane[i];
      const [begin, end] = [this.from[at], this.to[at]];
      if (begin > to) break;
      const small = end - begin < 2 * pixel;
      if (last?.small && small && begin - last.end < pixel) {
        last.events.push(at);
        last.end = Math.max(last.end, end);
      } else {
        last = { begin, end, small, events: [at] };
        found.push(last);
      }
    }
    return found;
  }
}

/** All that is drawn, for a scale and a choice of calls. */
class Drawing {
  constructor(trace, scale, chosen) {
    this.trace = trace;
    this.scale = scale;
    this.rows = trace.order.flatMap((number) => trace.processes[number].lanes);
    this.rowOf = [];
    this.rows.forEach((lane, row) => (this.rowOf[lane] = row));
    this.calls = new Spans(scale, trace.calls.began, trace.calls.ended);
    this.sleeps = new Spans(scale, trace.sleeps.began, trace.sleeps.ended);
    this.sleepsOf = trace.byLane(trace.sleeps.lane);
    this.choose(chosen);
  }

  choose(chosen) {
    const { trace } = this;
    const of = (signals) => Array.from(chosen).filter((at) => trace.isSignal(at) === signals);
    this.callsOf = trace.byLane(trace.calls.lane, of(false));
    this.signalsOf = trace.byLane(trace.calls.lane, of(true));
  }

  /** Return the shapes in sight of rows first ... last, each with its kind. */
  shapes(range, pixel, [first, last]) {
    const found = [];
    for (let row = first; row <= last && row < this.rows.length; row++) {
      const lane = this.rows[row];
      const add = (kind, bunches) => {
        for (const bunch of bunches) found.push({ kind, row, ...bunch });
      };
      const process = this.trace.processes[this.trace.lanes[lane][0]];
      const life = [this.scale.at(process.first), this.scale.at(process.last)];
      add("life", [{ begin: life[0], end: life[1] }]);
      add("call", this.calls.bunches(this.callsOf[lane], range, pixel));
      add("wait", this.sleeps.bunches(this.sleepsOf[lane], range, pixel));
      add("signal", this.calls.bunches(this.signalsOf[lane], range, pixel));
      const parent = this.trace.processes[process.parent];
      if (parent && process.lanes[0] === lane) {
        const above = Math.max(this.rowOf[parent.lanes[0]], first);
        add("fork", [{ begin: life[0], end: life[0], above }]);
      }
    }
    return found.filter((shape) => shape.end >= range[0] && shape.begin <= range[1]);
  }
}

/** Return the name of the colour of a bunch of calls; one that fails at once is all red. */
function callColour(trace, { events }) {
  const { slept, took } = trace.calls;
  const waits = (at) => took[at] < 0 || (!trace.switches && slept[at] > 0 && slept[at] === took[at]);
  if (events.every(waits)) return "wait";
  return events.length === 1 && trace.failed(events[0]) ? "failed" : "call";
}

/** Return the shapes of the library for one of ours; box is where it is, in pixels. */
function shapeOf(shape, box, trace, colour, clip) {
  const bar = (height, fill, extra = {}) => {
    const whole = {
      x: box.x,
      y: box.y - (box.height * height) / 2,
      width: Math.max(box.width - (box.width > 4 ? 1 : 0), shape.kind === "life" ? 0 : 1.5),
      height: box.height * height,
    };
    const rect = echarts.graphic.clipRectByRect(whole, clip);
    return rect && { type: "rect", shape: rect, style: { fill: colour(fill), ...extra } };
  };
  switch (shape.kind) {
    case "life":
      return [bar(0.84, "life")];
    case "wait":
      return [bar(0.64, "wait")];
    case "chosen":
      return [bar(0.92, "chosen", { fill: "none", stroke: colour("chosen"), lineWidth: 2 })];
    case "signal":
      return [signalMark(box, colour)];
    case "fork":
      return [forkLine(box, shape, colour, clip)];
    default:
      return callBar(shape, box, trace, colour, bar);
  }
}

function callBar(shape, box, trace, colour, bar) {
  const fill = callColour(trace, shape);
  const found = [bar(fill === "failed" ? 0.84 : 0.64, fill)];
  const [first] = shape.events;
  if (fill !== "failed" && shape.events.some((at) => trace.failed(at))) {
    const mark = bar(0.84, "failed");
    if (mark) {
      mark.z2 = 1;
      mark.shape.height = Math.max(box.height * 0.18, 3);
      found.push(mark);
    }
  }
  const rect = found[0]?.shape;
  if (rect && shape.events.length === 1 && rect.width > 34) {
    const text = { text: trace.name(first), x: rect.x + 4, y: box.y, verticalAlign: "middle" };
    const asleep = fill === "wait" || trace.calls.slept[first] * 2 > trace.calls.took[first];
    const style = { ...text, fill: colour(asleep ? "on-wait" : "on-call"), fontSize: 11 };
    found.push({ type: "text", silent: true, z2: 2, style: { ...style, width: rect.width - 8, overflow: "truncate" } });
  }
  return found;
}

function signalMark({ x, y, height }, colour) {
  const half = Math.min(height * 0.32, 7);
  const points = [[x - half, y - height * 0.45], [x + half, y - height * 0.45], [x, y + height * 0.1]];
  return { type: "polygon", shape: { points }, style: { fill: colour("signal") } };
}

function forkLine({ x, y, height }, { above, row }, colour, clip) {
  if (x < clip.x || x > clip.x + clip.width) return null;
  const shape = { x1: x, x2: x, y1: y - (row - above) * height, y2: y };
  return { type: "line", silent: true, shape, style: { stroke: colour("fork"), lineWidth: 1, lineDash: [3, 2] } };
}
