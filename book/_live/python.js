// Python for the page, loaded when first asked for: `unrolled.python`. run.js runs cells with it, widgets check answers.
(() => {
  "use strict";
  const u = (window.unrolled ??= {});
  if (u.python) return;
  const here = document.currentScript.src; // with ?v=…, so that the worker is of the same build
  const SECONDS = 5; // for checking an answer

  /** Why Python cannot run in this page, as a sentence; empty when nothing speaks against it. */
  function why() {
    if (location.protocol === "file:") return "Python cannot run here, because this page was opened from a folder.";
    if (typeof Worker === "undefined" || typeof WebAssembly === "undefined")
      return "Python cannot run here: this browser has no WebAssembly or no workers.";
    return "";
  }

  /** One Python. It answers one question at a time; what it says meanwhile goes to `listen(kind, text)`. */
  class Session {
    constructor() {
      this.worker = new Worker(new URL("worker.js" + new URL(here).search, here));
      this.worker.onmessage = ({ data }) => {
        if (data.kind === "answer") this.settle(data.value);
        else if (data.kind === "failed") this.end(data.text, { cannot: true });
        else if (data.kind === "broken") this.end(`Python stopped: ${data.text}`);
        else this.listen(data.kind, data.text);
      };
      this.worker.onerror = (event) => {
        event.preventDefault?.();
        this.end("Python stopped unexpectedly.");
      };
    }

    ask(question, listen) {
      return new Promise((resolve, reject) => {
        this.listen = listen;
        this.settle = resolve;
        this.fail = reject;
        if (this.ended) reject(this.ended);
        else this.worker.postMessage(question);
      });
    }

    /** Stop at once, whatever it is doing. Its variables are gone. */
    end(sentence, more) {
      this.worker.terminate();
      this.ended = Object.assign(new Error(sentence), more);
      this.fail?.(this.ended);
    }
  }

  let checker,
    turn = Promise.resolve();

  async function check(exercise, code, onStatus = () => {}) {
    if (why()) return { unavailable: why() };
    const verdict = (reply) => ({ passed: false, reply, output: "" });
    if (!checker || checker.ended) checker = new Session();
    const mine = checker;
    let timer;
    try {
      return await mine.ask({ op: "check", exercise, code }, (kind, text) => {
        if (kind === "status") onStatus(text);
        if (kind !== "checking") return;
        onStatus("checking…");
        const late = `Your function did not finish within ${SECONDS} seconds. Is there a loop that never ends?`;
        timer = setTimeout(() => mine.end(late), SECONDS * 1000);
      });
    } catch (problem) {
      return problem.cannot ? { unavailable: problem.message } : verdict(problem.message);
    } finally {
      clearTimeout(timer);
    }
  }

  u.python = {
    why,
    available: () => !why(),
    start: () => new Session(),
    check: (...question) => (turn = turn.then(() => check(...question))),
  };
})();
