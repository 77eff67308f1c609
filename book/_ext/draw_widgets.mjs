// Draws widgets while the site is built: one line of JSON in (modules' sources, states, which to draw), one line out.
// A widget's own `render` draws, into linkedom's document, so that the static version is the same as the living one.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { parseHTML } = await import(pathToFileURL(process.argv[2]));
const { document, window } = parseHTML("<!doctype html><html><body></body></html>");
Object.assign(globalThis, { document, window });

class Model {
  constructor(state, models, files) {
    this.state = state;
    this.static = true;
    this.file = async (name) => files[name];
    this.widget_manager = { get_model: async (id) => models[id.replace("IPY_MODEL_", "")] };
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    this.state[name] = value;
  }
  save_changes() {}
  send() {}
  on() {}
  off() {}
}

async function draw({ views, states, modules, files = {} }) {
  globalThis.unrolledIds = 1e6; // the living widgets count from 0: their ids never meet these
  const models = {};
  for (const [id, state] of Object.entries(states)) models[id] = new Model(state, models, files[id]);
  const drawn = [];
  for (const id of views) {
    const { default: widget } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(modules[id])}`);
    const el = document.createElement("div");
    await widget.render({ model: models[id], el });
    drawn.push(el.innerHTML);
  }
  return { drawn, states };
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify(await draw(JSON.parse(line))));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.stack ?? error) }));
  }
}
