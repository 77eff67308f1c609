// Python in a worker of its own, so that an endless loop stops nothing but itself. Started by python.js.
"use strict";

const send = (kind, text) => postMessage({ kind, text });
const place = (file) => new URL(file, self.location).href;
let python, page;

async function boot() {
  // The loader would wait for ever for a file that does not come.
  const wasm = await fetch(place("pyodide/pyodide.asm.wasm"), { method: "HEAD" }).catch(() => null);
  await wasm?.arrayBuffer(); // empty, but a browser calls what nobody reads a failed request
  if (!wasm) throw new Error("Python could not be fetched: is there a network?");
  if (!wasm.ok && wasm.status !== 405 && wasm.status !== 501)
    throw new Error(`This copy of the book was published without Python (${wasm.status}).`);
  send("status", "starting Python (8.8 MB, once)…");
  const archive = fetch(place("unrolled.zip" + self.location.search)).then((answer) => {
    if (!answer.ok) throw new Error(`unrolled.zip: ${answer.status}`);
    return answer.arrayBuffer();
  });
  archive.catch(() => {}); // reported where it is awaited
  try {
    importScripts(place("pyodide/pyodide.js"));
  } catch {
    throw new Error("pyodide.js could not be fetched: is there a network?");
  }
  const started = loadPyodide({
    indexURL: place("pyodide/"),
    packages: ["numpy"],
    env: { HOME: "/home/pyodide", MPLBACKEND: "module://in_page_figures", UNROLLED_DATA: "/data" },
  });
  const [zip] = await Promise.all([archive, started]); // whichever fails is reported at once
  python = await started;
  python.FS.mkdirTree("/data");
  python.unpackArchive(zip, "zip", {
    extractDir: python.runPython("import site; site.getsitepackages()[0]"),
  });
  python.setStdin({ error: true }); // input() has nobody to ask
  page = python.pyimport("in_page");
  page.begin(send);
  page.fetch_data(bring, send, "/data");
  python.runPython("import tqdm; tqdm.tqdm.monitor_interval = 0"); // its monitor is a thread
}

function bring(name, path) {
  const request = new XMLHttpRequest();
  request.open("GET", place("data/" + name), false); // Python waits; only this worker does
  request.responseType = "arraybuffer";
  try {
    request.send();
  } catch {
    return "is there a network?";
  }
  if (request.status !== 200) return `the server answered ${request.status}`;
  python.FS.writeFile(path, new Uint8Array(request.response));
  return "";
}

async function fetchPackages(code) {
  const names = page.packages(code).toJs();
  if (names.includes("matplotlib") && !python.loadedPackages.matplotlib) send("status", "fetching Matplotlib, 10 MB…");
  const silent = { messageCallback() {}, errorCallback: (text) => send("stderr", text + "\n") };
  if (names.length) await python.loadPackagesFromImports(names.map((name) => `import ${name}`).join("\n"), silent);
}

const answers = {
  plan: ({ codes, target, fresh }) => {
    const [given, ran] = [python.toPy(codes), python.toPy(fresh)];
    return python.pyimport("runnable").to_run(given, target, ran).toJs();
  },
  run: async ({ name, code }) => {
    await fetchPackages(code);
    send("status", "running…");
    return page.session.run(name, code);
  },
  check: async ({ exercise, code }) => {
    await fetchPackages(code);
    const exercises = python.pyimport("unrolled.exercises");
    send("checking", "");
    return JSON.parse(python.pyimport("json").dumps(exercises.check_in_process(exercise, code)));
  },
};

const ready = boot();
ready.catch(() => {}); // each question reports it

self.onmessage = async ({ data }) => {
  try {
    await ready;
  } catch (error) {
    return postMessage({ kind: "failed", text: error.message });
  }
  try {
    postMessage({ kind: "answer", value: await answers[data.op](data) });
  } catch (error) {
    postMessage({
      kind: "broken",
      text: String(error.message ?? error)
        .trim()
        .split("\n")
        .pop(),
    });
  }
};
