// Says in `window.scriptRuns` how many runs of the script the browser has `asked` for since the last one began, whether one
// is `running`, whether another one `follows` it, whether it may be the answer to all that was asked before it began
// (`inOne`) or the first of several, and when the page last `changed`. Streamlit's own `data-test-script-state` changes only
// once a run begins, and the page takes a moment to draw what has arrived.
(() => {
  const RERUN = 11, NEW_SESSION = 4, SCRIPT_FINISHED = 6;  // fields of Streamlit's BackMsg and ForwardMsg
  const FOR_ANOTHER_RUN = 2;  // ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
  const VARINT = 0, EIGHT_BYTES = 1, BYTES = 2, FOUR_BYTES = 5;
  const runs = (window.scriptRuns = { asked: 0, running: true, follows: false, inOne: true, changed: performance.now() });
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
    for (const { number } of fields(message)) if (number === RERUN) runs.asked += 1;
  }

  function received(message) {
    for (const { number, value } of fields(message)) {
      if (number === NEW_SESSION) Object.assign(runs, { asked: 0, running: true, follows: false, inOne: runs.asked <= 1 });
      if (number === SCRIPT_FINISHED) Object.assign(runs, { running: false, follows: value === FOR_ANOTHER_RUN });
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
