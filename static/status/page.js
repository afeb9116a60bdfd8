// Shows what /status/events tells once a second. Everything from outside becomes text, never markup.
"use strict";

const KEPT = 300;                 // seconds in a chart
const NARROWEST = 60;             // seconds that it has room for, however few there are
const LATELY = 60;                // seconds that "last minute" looks back
const AGAIN = 10_000;             // milliseconds until a refused page asks again
const PARTS = [                   // of a request's time, in their order
  ["read", "read", "reading the request"], ["queue", "queue", "waiting for a worker"],
  ["app_first", "first", "application, to its first byte"], ["app_rest", "rest", "application, the rest"],
  ["send", "send", "sending the answer"]];

const byId = (id) => document.getElementById(id);
const seconds = [];               // what the charts show, the newest last
const before = [];                // counts of the routes in the last minute: {at, routes}
let latest = null;
let order = "slowest";
let span = "lately";
let paused = false;

// ---- words ----

const number = (value) => value < 9.95 && value % 1 !== 0 ? value.toFixed(1) : Math.round(value).toLocaleString("en");

function length(time) {           // of seconds
  if (time < 0.0095) return `${(time * 1000).toFixed(1)} ms`;
  if (time < 0.9995) return `${Math.round(time * 1000)} ms`;
  if (time < 60) return `${time.toFixed(time < 9.95 ? 1 : 0)} s`;
  const units = [["d", 86400], ["h", 3600], ["m", 60], ["s", 1]];
  const at = units.findIndex(([, unit]) => time >= unit);
  const [[big, one], [small, other]] = [units[at], units[at + 1] ?? ["", 1]];
  return `${Math.floor(time / one)}${big} ${Math.floor(time % one / other)}${small}`;
}

function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  for (; bytes >= 1000 && unit < units.length - 1; ++unit) bytes /= 1024;
  return `${unit > 0 && bytes < 9.95 ? bytes.toFixed(1) : Math.round(bytes)} ${units[unit]}`;
}

const count = (many, one, more = `${one}s`) => `${number(many)} ${many === 1 ? one : more}`;
const sum = (values) => values.reduce((all, value) => all + value, 0);

// ---- the document ----

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// Only what has changed is touched: what a reader selected, or stands on, stays.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setClass(element, name) {
  if (element.className !== name) element.className = name;
}

// One child for each item, made when it is new; the others go.
function fill(parent, items, create, update) {
  items.forEach((item, index) => {
    if (!parent.children[index]) parent.append(create());
    update(parent.children[index], item);
  });
  while (parent.children.length > items.length) parent.lastElementChild.remove();
}

function legend(id, items) {
  fill(byId(id), items, () => make("li", {}, make("i"), make("span"), " ", make("b")), (item, [kind, name, value]) => {
    setClass(item, kind);
    setText(item.children[1], name);
    setText(item.children[2], value);
  });
}

// ---- charts ----

const WIDTH = 600;
const HEIGHT = 100;

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// 1, 2, 3 or 5 times a power of ten, at least `value`.
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 5, 10].find((step) => step * power >= value * 0.999) * power;
}

function path(values, top, from) {
  const step = WIDTH / (Math.max(seconds.length, NARROWEST) - 1);
  const left = WIDTH - (values.length - 1) * step;
  const points = values.map((value, index) =>
    `${(left + index * step).toFixed(1)},${(HEIGHT - Math.min(value / top, 1) * HEIGHT).toFixed(2)}`);
  if (from === undefined) return `M${points.join("L")}`;
  const under = from.map((value, index) =>
    `${(left + index * step).toFixed(1)},${(HEIGHT - Math.min(value / top, 1) * HEIGHT).toFixed(2)}`).reverse();
  return `M${points.join("L")}L${under.join("L")}Z`;
}

// `series`: {kind, values, style}; "area" stacks on the one before it, "soft" and "line" begin at the ground.
function draw(id, series, unit, least, label) {
  const chart = byId(id);
  if (!chart.firstChild) {
    const image = svg("svg", {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true"});
    for (const y of [0, HEIGHT / 2, HEIGHT])
      image.append(svg("line", {x1: 0, x2: WIDTH, y1: y, y2: y, class: "grid"}));
    chart.append(image, make("span", {class: "top"}));
  }
  let ground = new Array(seconds.length).fill(0);
  const paths = [];
  let highest = least;
  for (const {kind, values, style} of series) {
    const upper = style === "area" ? values.map((value, index) => value + ground[index]) : values;
    highest = Math.max(highest, ...upper);
    paths.push({kind, style, upper, under: style === "line" ? undefined : style === "area" ? ground : ground.map(() => 0)});
    if (style === "area") ground = upper;
  }
  const top = ceiling(highest);
  const image = chart.firstChild;
  while (image.children.length > 3) image.lastElementChild.remove();
  for (const {kind, style, upper, under} of paths)
    image.append(svg("path", {class: `${style} ${kind}`, d: path(upper, top, under)}));
  setText(chart.lastChild, unit(top));
  chart.setAttribute("aria-label", label);
}

function showCharts() {
  if (seconds.length === 0) return;
  const last = seconds[seconds.length - 1];
  const of = (name) => seconds.map((second) => second[name]);
  const over = seconds.length < 10 ? `${seconds.length} s` : length(seconds.length);
  for (const element of document.querySelectorAll(".over")) setText(element, `last ${over}`);

  const rate = (value) => `${number(value)}/s`;
  draw("traffic", [{kind: "all", values: of("requests"), style: "soft"},
                   {kind: "all", values: of("requests"), style: "line"},
                   {kind: "failed", values: of("failed"), style: "line"}], rate, 1,
       `requests per second: now ${number(last.requests)}, of them failed ${number(last.failed)}; ` +
       `at most ${number(Math.max(...of("requests")))}`);
  legend("traffic-legend", [["all", "requests", rate(last.requests)], ["failed", "failed (5xx)", rate(last.failed)]]);

  const times = PARTS.map(([name]) => seconds.map((second) => second.seconds[name]));
  draw("time", times.map((values, index) => ({kind: PARTS[index][1], values, style: "area"})), length, 0.001,
       "time of an average request: " + PARTS.map(([name, , words]) => `${words} ${length(last.seconds[name])}`).join(", "));
  legend("time-legend", PARTS.map(([name, kind, words]) => [kind, words, length(last.seconds[name])]));

  const workers = latest ? sum(latest.apps.map((app) => app.workers.length)) : 1;
  const what = latest ? servers(latest) : "workers";
  draw("load", [{kind: "queue", values: of("waiting"), style: "soft"},
                {kind: "queue", values: of("waiting"), style: "line"},
                {kind: "busy-line", values: of("busy"), style: "line"}], number, Math.max(workers, 1),
       `waiting requests ${last.waiting}, busy ${what} ${last.busy} of ${workers}`);
  legend("load-legend", [["queue", "waiting requests", number(last.waiting)],
                         ["busy-line", `busy ${what}`, `${number(last.busy)} of ${number(workers)}`]]);
}

// ---- figures ----

// What stands in now.apps[].workers: each thread of a worker serves a request of its own.
const servers = (now) => now.apps.some((app) => app.threads > 1) ? "threads" : "workers";

function showFigures(now) {
  const second = now.traffic ?? {requests: 0, failed: 0, seconds: {}};
  const workers = now.apps.flatMap((app) => app.workers);
  const busy = workers.filter((worker) => worker.state === "busy").length;
  const waiting = sum(now.apps.map((app) => app.queue.waiting));
  const oldest = Math.max(0, ...now.apps.map((app) => app.queue.oldest_seconds));
  const clients = sum(Object.values(now.connections.now));
  const mean = sum(PARTS.map(([name]) => second.seconds[name] ?? 0));
  const known = workers.map((worker) => worker.memory).filter((memory) => memory !== null);
  const figures = [
    ["Requests", `${number(second.requests)}/s`, `${number(sum(now.requests.map(allOf)))} since the start`, ""],
    ["Failed", `${number(second.failed)}/s`, `${number(sum(now.requests.map((route) => route["5xx"])))} with 5xx since the start`,
     second.failed > 0 ? "bad" : ""],
    ["Average request", mean > 0 ? length(mean) : "–", `${length(second.seconds.queue ?? 0)} of it in the queue`, ""],
    ["Queue", number(waiting), waiting > 0 ? `the oldest for ${length(oldest)}` : "nobody waits", waiting > 0 ? "warn" : ""],
    [`Busy ${servers(now)}`, `${busy} of ${workers.length}`, workers.length > 0 ? `${Math.round(100 * busy / workers.length)} %` : "none connected",
     workers.length === 0 ? "bad" : busy === workers.length ? "warn" : ""],
    ["Connections", number(clients), `of ${number(now.connections.max)}; ${number(now.connections.accepted)} accepted`, ""],
    ["Memory", known.length > 0 ? size(sum(known)) : "–",
     `workers; front ${now.front_memory === null ? "unknown" : size(now.front_memory)}`, ""],
  ];
  fill(byId("figures"), figures, () => make("div", {}, make("dt"), make("dd"), make("dd")), (box, [name, value, more, kind]) => {
    setClass(box, kind);
    [name, value, more].forEach((text, index) => setText(box.children[index], text));
  });
}

// ---- workers ----

function tileKind(app, worker) {
  if (worker.state !== "busy") return "idle";
  const slow = app.slow_after_seconds;
  if (slow !== null && worker.request.seconds >= slow) return "slow";
  return worker.request.seconds >= (slow ?? 3) / 3 ? "long" : "busy";
}

// The threads of a worker stand together, in their order.
function nameOfTile(app, index) {
  const {worker} = app.workers[index];
  if (app.threads === 1) return `worker ${worker}`;
  return `worker ${worker}, thread ${index - app.workers.findIndex((other) => other.pid === app.workers[index].pid) + 1}`;
}

function showTile(tile, app, index) {
  const worker = app.workers[index];
  setClass(tile, `tile ${tileKind(app, worker)}${worker.leaving ? " leaving" : ""}`);
  const [top, doing, more] = tile.children;
  setText(top.children[0], nameOfTile(app, index));
  const state = worker.state === "busy" ? `busy ${length(worker.request.seconds)}` : worker.state;
  setText(top.children[1], worker.overdue ? `${state}, overdue` : worker.leaving ? `${state}, leaving` : state);
  const line = worker.state === "busy" ? worker.request.line || "nobody wants its answer any more" : "";
  setText(doing, line);
  doing.title = line;
  const facts = [`pid ${worker.pid}`];
  if (worker.memory !== null) facts.push(size(worker.memory));
  if (worker.generation !== latest.generation) facts.push(`generation ${worker.generation}`);
  if (worker.state === "busy" && worker.request.id) facts.push(worker.request.id);
  setText(more, facts.join(" · "));
  more.title = facts.join(" · ");
}

function aboutApp(app) {
  const asked = app.workers_min === app.workers_max ? `${app.workers_min}` : `${app.workers_min} to ${app.workers_max}`;
  const threads = app.threads > 1 ? ` with ${app.threads} threads each` : "";
  const waits = app.queue.waiting > 0 ? `${app.queue.waiting} of at most ${app.queue.max} wait, the oldest for ${length(app.queue.oldest_seconds)}`
                                      : "nobody waits";
  const scaled = app.workers_wanted === app.workers_min ? "" : `, ${app.workers_wanted} wanted`;
  return `${app.busy} busy; ${asked} configured${scaled}${threads}; ${waits}`;
}

function makeApp() {
  return make("section", {class: "card"}, make("div", {class: "head"}, make("h2"), make("p", {class: "quiet"})),
              make("ul", {class: "tiles"}));
}

const makeTile = () => make("li", {}, make("div", {}, make("b"), make("span", {class: "state"})),
                            make("p", {class: "doing"}), make("p", {class: "more"}));

function showApps(now) {
  fill(byId("apps"), now.apps, makeApp, (section, app) => {
    section.setAttribute("aria-label", `Workers of ${app.name}`);
    setText(section.children[0].children[0], `App ${app.name}`);
    setText(section.children[0].children[1], aboutApp(app));
    fill(section.children[1], [...app.workers.keys()], makeTile, (tile, index) => showTile(tile, app, index));
  });
}

// ---- routes ----

const CLASSES = ["1xx", "2xx", "3xx", "4xx", "5xx"];
const allOf = (route) => sum(CLASSES.map((name) => route[name]));
const nameOf = (route) => `${route.site}\n${route.route}`;

// What has come to its counts since those of `then`, if there are any.
function since(route, then) {
  const time = {buckets: route.time.buckets.map((many, index) => many - (then?.time.buckets[index] ?? 0))};
  for (const part of ["read", "queue", "app_first", "app", "send", "total"])
    time[part] = route.time[part] - (then?.time[part] ?? 0);
  const counts = {site: route.site, route: route.route, time};
  for (const name of CLASSES) counts[name] = route[name] - (then?.[name] ?? 0);
  return counts;
}

// So that `share` of the requests took no longer; the last bucket has no end.
function quantile(buckets, bounds, share) {
  let rest = share * sum(buckets);
  for (let index = 0; index < buckets.length; ++index) {
    if (rest > buckets[index] || buckets[index] === 0) {
      rest -= buckets[index];
      continue;
    }
    if (index >= bounds.length) break;
    const low = index === 0 ? 0 : bounds[index - 1];
    return low + (bounds[index] - low) * rest / buckets[index];
  }
  return bounds[bounds.length - 1];
}

function routesNow() {
  const then = span === "lately" && before.length > 0 ? before[0].routes : new Map();
  return latest.requests.filter((route) => route.time).map((route) => {
    const counts = since(route, then.get(nameOf(route)));
    const all = allOf(counts);
    return {...counts, all, mean: counts.time.total / all,
            late: quantile(counts.time.buckets, latest.bucket_seconds, 0.95)};
  }).filter((route) => route.all > 0);
}

const ORDERS = {
  slowest: (a, b) => b.late - a.late || b.mean - a.mean,
  failing: (a, b) => b["5xx"] - a["5xx"] || b["4xx"] - a["4xx"] || b.all - a.all,
  busiest: (a, b) => b.all - a.all,
};

function makeRoute() {
  const row = make("tr");
  row.append(make("th", {scope: "row"}, make("span"), " ", make("small")));
  for (let cell = 0; cell < 5; ++cell) row.append(make("td"));
  const split = make("div", {class: "split", role: "img"});
  for (const [, kind] of PARTS) split.append(make("i", {class: kind}));
  row.append(make("td", {}, split));
  return row;
}

function showRoute(row, route) {
  const [name, ...cells] = row.children;
  setText(name.children[0], route.route || "(the site's own)");
  setText(name.children[1], route.site);
  name.title = `${route.site} ${route.route}`;
  const texts = [number(route.all), number(route["4xx"]), number(route["5xx"]), length(route.mean), length(route.late)];
  texts.forEach((text, index) => setText(cells[index], text));
  setClass(cells[2], route["5xx"] > 0 ? "bad" : "");
  const {time} = route;
  const parts = [time.read, time.queue, time.app_first, Math.max(time.app - time.app_first, 0), time.send];
  const whole = sum(parts) || 1;
  const split = cells[5].firstChild;
  parts.forEach((part, index) => { split.children[index].style.width = `${100 * part / whole}%`; });
  split.setAttribute("aria-label", PARTS.map(([, , words], index) =>
    `${words} ${Math.round(100 * parts[index] / whole)} %`).join(", "));
  split.title = split.getAttribute("aria-label");
}

function showRoutes() {
  const routes = routesNow().sort(ORDERS[order]).slice(0, 12);
  fill(byId("routes"), routes, makeRoute, showRoute);
  byId("no-routes").hidden = routes.length > 0;
  byId("routes").closest(".scroll").hidden = routes.length === 0;
}

function keepRoutes(now) {
  before.push({at: Date.parse(now.now), routes: new Map(now.requests.filter((route) => route.time).map((route) => [nameOf(route), route]))});
  while (before.length > 1 && before[0].at < Date.parse(now.now) - LATELY * 1000) before.shift();
}

// ---- the rest ----

function showEvents(now) {
  fill(byId("events"), now.events, () => make("li", {}, make("time"), make("span")), (item, event) => {
    setClass(item, event.kind);
    item.children[0].dateTime = event.at;
    const at = new Date(event.at);
    const today = at.toDateString() === new Date(now.now).toDateString();
    setText(item.children[0], (today ? "" : `${at.toLocaleDateString()} `) + at.toLocaleTimeString());
    setText(item.children[1], event.text + (event.count > 1 ? ` (${number(event.count)} times)` : ""));
  });
}

function showConnections(now) {
  const states = Object.entries(now.connections.now).sort(([, a], [, b]) => b - a);
  const facts = [...states.map(([name, many]) => [name, number(many)]),
                 ["bodies and answers on disk", size(now.spool_bytes)],
                 ["lines that the access log lost", number(now.lost_log_lines)]];
  fill(byId("connections"), facts, () => make("div", {}, make("dt"), make("dd")), (row, [name, value]) => {
    setText(row.children[0], name);
    setText(row.children[1], value);
  });
}

function showCertificates(now) {
  byId("no-certificates").hidden = now.certificates.length > 0;
  fill(byId("certificates"), now.certificates, () => make("li", {}, make("div", {}, make("span"), make("small")), make("b")),
       (item, certificate) => {
         const days = Math.floor((Date.parse(certificate.not_after) - Date.parse(now.now)) / 86_400_000);
         setClass(item, days < 0 ? "over" : days < 21 ? "soon" : "");
         setText(item.children[0].children[0], certificate.names.join(", "));
         setText(item.children[0].children[1], certificate.file);
         setText(item.children[1], days < 0 ? "expired" : `${count(days, "day")} left`);
       });
}

function showHead(now) {
  setText(byId("name"), now.name);
  document.title = `${now.name}: status`;
  const up = (Date.parse(now.now) - Date.parse(now.started)) / 1000;
  const {done, failed} = now.reloads;
  const reloads = done + failed > 0 ? `, ${count(done, "reload")}${failed > 0 ? `, ${failed} failed` : ""}` : "";
  setText(byId("about"), `bundle ${now.version}, up ${length(up)}, generation ${now.generation}${reloads}`);
  health(now.not_ready === null ? "ready" : `not ready: ${now.not_ready}`, now.not_ready === null ? "good" : "bad");
}

function health(text, kind) {
  setText(byId("health"), text);
  setClass(byId("health"), `badge ${kind}`);
}

function show() {
  if (latest === null) return;
  showHead(latest);
  showFigures(latest);
  showCharts();
  showApps(latest);
  showRoutes();
  showEvents(latest);
  showConnections(latest);
  showCertificates(latest);
}

// ---- live ----

function hear() {
  const events = new EventSource("status/events");
  events.addEventListener("history", (event) => seconds.splice(0, seconds.length, ...JSON.parse(event.data)));
  events.addEventListener("message", (event) => {
    latest = JSON.parse(event.data);
    if (latest.traffic) seconds.push(latest.traffic);
    if (seconds.length > KEPT) seconds.shift();
    keepRoutes(latest);
    if (!paused) show();
  });
  events.addEventListener("error", () => {
    health(events.readyState === EventSource.CLOSED ? "refused, trying again" : "connection lost, trying again", "bad");
    if (events.readyState === EventSource.CLOSED) setTimeout(hear, AGAIN);
  });
}

byId("pause").addEventListener("click", ({target}) => {
  paused = !paused;
  target.setAttribute("aria-pressed", String(paused));
  setText(target, paused ? "Paused" : "Pause");
  if (!paused) show();
});

for (const button of document.querySelectorAll(".switch button"))
  button.addEventListener("click", () => {
    if (button.dataset.order) order = button.dataset.order;
    if (button.dataset.span) span = button.dataset.span;
    for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button));
    if (latest !== null) showRoutes();
  });

hear();
