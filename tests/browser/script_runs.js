// Says in `window.scriptRuns` whether the server still `owed` the page an answer (a run of its script that the browser has
// asked for and whose end has not arrived) and when the page last `changed`. Streamlit's own `data-test-script-state`
// changes only once a run begins, and the page takes a moment to draw what has arrived.
(() => {
  const RERUN = 11, NEW_SESSION = 4, SCRIPT_FINISHED = 6;  // fields of Streamlit's BackMsg and ForwardMsg
  const FOR_ANOTHER_RUN = 2;  // ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
  const VARINT = 0, EIGHT_BYTES = 1, BYTES = 2, FOUR_BYTES = 5;
  const runs = (window.scriptRuns = { owed: true, begun: false, changed: performance.now() });
  const change = () => (runs.changed = performance.now());
  new MutationObserver(change).observe(document, { subtree: true, childList: true, attributeFilter: ["data-stale"] });

  function* fields(message) {
    let place = 0;
    const varint = () => {
      for (let value = 0, scale = 1; ; scale *= 128) {
        const byte = message[place++];
        value += (byte & 127) * scale;
        if (!(byte & 128)) return value;
      }
    };
    while (place < message.length) {
      const tag = varint(), kind = tag % 8;
      const value = kind === VARINT || kind === BYTES ? varint() : undefined;
      yield { number: Math.floor(tag / 8), value };
      place += { [VARINT]: 0, [EIGHT_BYTES]: 8, [BYTES]: value, [FOUR_BYTES]: 4 }[kind];
    }
  }

  function sent(message) {
    for (const { number } of fields(message)) if (number === RERUN) Object.assign(runs, { owed: true, begun: false });
  }

  function received(message) {
    for (const { number, value } of fields(message)) {
      if (number === NEW_SESSION) runs.begun = true;
      if (number === SCRIPT_FINISHED && runs.begun) runs.owed = value === FOR_ANOTHER_RUN;
      if (number === SCRIPT_FINISHED) change();
    }
  }

  window.WebSocket = class extends window.WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", ({ data }) => { if (data instanceof ArrayBuffer) received(new Uint8Array(data)); });
    }
    send(data) {
      if (data instanceof Uint8Array) sent(data);
      super.send(data);
    }
  };
})();
