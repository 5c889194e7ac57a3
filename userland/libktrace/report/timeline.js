// SPDX-License-Identifier: BSD-2-Clause
// The timeline: a lane for each process, drawn by the library; zoomed, panned, pointed at.

const LANE = 26; // pixels
const LANES = 14; // that are in sight at once
const LEFT = 168; // where lanes begin, after their names
const RIGHT = 24;
const PAPER = 660; // pixels across what is printed
const SCALES = { time: TimeScale, order: OrderScale };

/** Return a colour of the page's style. */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

class Timeline {
  /** Draw trace into the element at; choose(call) is told what is clicked. */
  constructor(trace, at, choose) {
    this.trace = trace;
    this.at = at;
    this.choose = choose;
    this.calls = trace.calls.began.keys();
    this.chosen = null;
    this.shapes = [];
    this.lanes = trace.lanes.length;
    this.rows = [0, Math.min(this.lanes, LANES) - 1];
    at.style.height = `${this.rows[1] * LANE + LANE + 66}px`;
    this.chart = echarts.init(at, null, { renderer: "canvas" });
    this.chart.on("datazoom", (event) => this.#zoomed(event.batch?.[0] ?? event));
    this.chart.on("click", ({ dataIndex }) => this.#clicked(this.shapes[dataIndex]));
    this.chart.getZr().on("mousewheel", (event) => this.#wheel(event));
    at.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#resize()).observe(at);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.scaleBy("time");
  }

  /** Lay the axis out by time, or by order; all is in sight then. */
  scaleBy(kind) {
    this.scale = new SCALES[kind](this.trace);
    this.drawing = new Drawing(this.trace, this.scale, this.calls);
    this.range = [0, this.scale.size];
    this.draw();
  }

  /** Show these calls only, the lane of the first of them in sight. */
  show(calls) {
    this.calls = calls;
    this.drawing.choose(calls);
    if (calls.length) this.#seeLaneOf(calls[0]);
    this.#fill();
  }

  /** Mark a call, and bring it into sight. */
  select(call) {
    this.chosen = call;
    if (call !== null) this.#bringIntoSight(call);
    this.#fill();
  }

  /** Show less (factor below 1) or more, keeping the place of position. */
  zoom(factor, position = (this.range[0] + this.range[1]) / 2) {
    this.#look(this.range.map((end) => position + (end - position) * factor));
  }

  /** Show all. */
  all() {
    this.#look([0, this.scale.size]);
  }

  /** Draw everything anew, in the page's colours. */
  draw() {
    this.chart.setOption(this.#options(), { notMerge: true });
    this.#fill();
  }

  /** Draw for paper, or for the screen again. */
  print(paper) {
    this.chart.resize({ width: paper ? PAPER : "auto" });
    this.draw();
  }

  get #width() {
    return Math.max(this.chart.getWidth() - this.#left - RIGHT - (this.lanes > LANES ? 22 : 0), 10);
  }

  get #left() {
    return Math.min(LEFT, this.chart.getWidth() / 3);
  }

  #resize() {
    this.chart.resize();
    this.draw();
  }

  #look([from, to]) {
    const size = Math.min(Math.max(to - from, this.scale.least), this.scale.size);
    const begin = Math.min(Math.max((from + to - size) / 2, 0), this.scale.size - size);
    const value = { startValue: begin, endValue: begin + size };
    this.chart.dispatchAction({ type: "dataZoom", batch: [{ dataZoomId: "drag", ...value }, { dataZoomId: "overview", ...value }] });
  }

  #zoomed(event) {
    const { dataZoomId = "", start, end, startValue, endValue } = event;
    const whole = this.scale.size;
    if (dataZoomId === "lanes") {
      const rows = [start, end].map((part) => (part / 100) * (this.lanes - 1));
      this.rows = [startValue ?? Math.floor(rows[0]), endValue ?? Math.ceil(rows[1])];
    } else {
      this.range = [startValue ?? (start / 100) * whole, endValue ?? (end / 100) * whole];
    }
    this.pending ??= requestAnimationFrame(() => this.#fill());
  }

  #fill() {
    cancelAnimationFrame(this.pending);
    this.pending = null;
    const pixel = (this.range[1] - this.range[0]) / this.#width;
    this.shapes = this.drawing.shapes(this.range, pixel, this.rows);
    this.#mark();
    const data = this.shapes.map(({ begin, end, row }) => [begin, end, row]);
    this.chart.setOption({ series: [{ id: "shapes", data }] });
  }

  #mark() {
    if (this.chosen === null) return;
    const { from, to } = this.drawing.calls;
    const row = this.drawing.rowOf[this.trace.calls.lane[this.chosen]];
    if (row < this.rows[0] || row > this.rows[1]) return;
    this.shapes.push({ kind: "chosen", row, begin: from[this.chosen], end: to[this.chosen] });
  }

  #seeLaneOf(call) {
    const row = this.drawing.rowOf[this.trace.calls.lane[call]];
    if (row >= this.rows[0] && row <= this.rows[1]) return;
    const first = Math.min(Math.max(row - LANES / 2, 0), this.lanes - LANES);
    this.chart.dispatchAction({ type: "dataZoom", dataZoomId: "lanes", startValue: first, endValue: first + LANES - 1 });
  }

  #bringIntoSight(call) {
    this.#seeLaneOf(call);
    const [begin, end] = [this.drawing.calls.from[call], this.drawing.calls.to[call]];
    const size = this.range[1] - this.range[0];
    const [middle, wide] = [(begin + end) / 2, end - begin];
    if (begin < this.range[0] || end > this.range[1] || wide < size / this.#width) {
      const room = Math.max(Math.min(size, Math.max(wide, this.scale.least / 4) * 40), wide * 1.2);
      this.#look([middle - room / 2, middle + room / 2]);
    }
  }

  #clicked(shape) {
    if (!shape?.events) return;
    if (shape.events.length === 1) return this.choose(shape.events[0]);
    const room = Math.max(shape.end - shape.begin, this.scale.least / 2) * 0.1;
    this.#look([shape.begin - room, shape.end + room]);
  }

  #wheel(event) {
    if (!this.chart.containPixel("grid", [event.offsetX, event.offsetY])) return;
    event.stop();
    const position = this.chart.convertFromPixel({ xAxisIndex: 0 }, event.offsetX);
    this.zoom(event.wheelDelta > 0 ? 1 / 1.5 : 1.5, position);
  }

  #key(event) {
    const step = (this.range[1] - this.range[0]) / 5;
    const act = {
      "+": () => this.zoom(1 / 2),
      "=": () => this.zoom(1 / 2),
      "-": () => this.zoom(2),
      0: () => this.all(),
      ArrowLeft: () => this.#look(this.range.map((end) => end - step)),
      ArrowRight: () => this.#look(this.range.map((end) => end + step)),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  #laneName(row) {
    const lane = this.drawing.rows[row];
    if (lane === undefined) return "";
    const process = this.trace.processes[this.trace.lanes[lane][0]];
    const indent = "\u00a0\u00a0".repeat(Math.min(process.depth, DEPTH));
    const main = process.lanes[0] === lane;
    return main ? `${indent}${process.pid} ${process.names.at(-1)}` : `${indent}\u00a0\u00a0.${this.trace.lanes[lane][1]}`;
  }

  #options() {
    const left = this.#left;
    const faint = colour("faint");
    const line = { lineStyle: { color: colour("line") } };
    const axis = { axisLine: line, axisTick: line, splitLine: { show: true, ...line } };
    const step = () => (this.range[1] - this.range[0]) / 100;
    const zoom = { filterMode: "none", startValue: this.range[0], endValue: this.range[1] };
    const slider = { type: "slider", showDetail: false, showDataShadow: false, brushSelect: false, borderColor: colour("line"), fillerColor: colour("life"), handleStyle: { color: colour("card"), borderColor: faint }, moveHandleStyle: { color: colour("line") } };
    return {
      animation: false,
      textStyle: { color: colour("text") },
      grid: { left, right: RIGHT + (this.lanes > LANES ? 22 : 0), top: 4, bottom: 58 },
      xAxis: { ...axis, type: "value", min: 0, max: this.scale.size, splitNumber: Math.max(2, Math.floor(this.#width / 120)), minorTick: { show: false }, axisLabel: { color: faint, hideOverlap: true, formatter: (value) => this.scale.label(value, step(), this.range[1]), showMinLabel: false, showMaxLabel: false } },
      yAxis: { ...axis, type: "category", inverse: true, data: this.drawing.rows.map((_, row) => String(row)), splitLine: { show: false }, axisTick: { show: false }, axisLabel: { color: colour("text"), interval: 0, align: "left", margin: left - 4, width: left - 10, overflow: "truncate", formatter: (row) => this.#laneName(Number(row)) } },
      dataZoom: [
        { ...zoom, id: "drag", type: "inside", xAxisIndex: 0, zoomOnMouseWheel: false, moveOnMouseMove: true },
        { ...zoom, ...slider, id: "overview", xAxisIndex: 0, bottom: 6, height: 20, minValueSpan: this.scale.least },
        ...(this.lanes > LANES ? [{ ...slider, id: "lanes", filterMode: "none", yAxisIndex: 0, right: 4, width: 16, zoomLock: true, startValue: this.rows[0], endValue: this.rows[1] }] : []),
      ],
      tooltip: { confine: true, backgroundColor: colour("card"), borderColor: colour("line"), formatter: ({ dataIndex }) => this.#tip(this.shapes[dataIndex]) },
      series: [{ id: "shapes", type: "custom", clip: true, progressive: 0, emphasis: { disabled: true }, encode: { x: [0, 1], y: 2 }, data: [], renderItem: (params, api) => this.#render(params, api) }],
    };
  }

  #render({ dataIndex, coordSys }, api) {
    const shape = this.shapes[dataIndex];
    if (!shape) return null;
    const [x, y] = api.coord([shape.begin, shape.row]);
    const [end] = api.coord([shape.end, shape.row]);
    const box = { x, y, width: end - x, height: api.size([0, 1])[1] };
    const children = shapeOf(shape, box, this.trace, colour, coordSys).filter(Boolean);
    return children.length ? { type: "group", children, silent: !["call", "signal"].includes(shape.kind) } : null;
  }

  #tip(shape) {
    const { trace } = this;
    if (shape?.kind === "signal") {
      const lines = shape.events.slice(0, 5).map((at) => trace.text(at));
      return element("div", { className: "tip", text: lines.join("\n") });
    }
    if (shape?.kind !== "call") return "";
    const text = shape.events.length === 1 ? this.#one(shape.events[0]) : this.#many(shape.events);
    return element("div", { className: "tip", text });
  }

  #one(at) {
    const { trace } = this;
    const [took, slept] = [trace.calls.took[at], trace.calls.slept[at]];
    const waited = slept ? `, waited ${duration(slept)}` : "";
    return `${trace.text(at)} = ${trace.result(at)}${took < 0 ? "" : `\n${duration(took)}${waited}`}`;
  }

  #many(events) {
    const counts = new Map();
    for (const at of events) counts.set(this.trace.name(at), (counts.get(this.trace.name(at)) ?? 0) + 1);
    const most = [...counts].sort((one, other) => other[1] - one[1]).slice(0, 6);
    const failed = events.filter((at) => this.trace.failed(at)).length;
    const heading = `${number(events.length)} calls${failed ? `, ${number(failed)} failed` : ""}`;
    return [heading, ...most.map(([name, count]) => `${name} ×${number(count)}`), "click: closer"].join("\n");
  }
}
