// Notes when the page last asked the server for a script run, and when the last run began and ended. What a message is, the number
// of its field tells: rerun_script of Streamlit's BackMsg, new_session and script_finished of its ForwardMsg.
(RERUN_SCRIPT, NEW_SESSION, SCRIPT_FINISHED) => {
  const fields = (message) => {
    const bytes = new Uint8Array(message.buffer ?? message, message.byteOffset ?? 0, message.byteLength);
    let place = 0;
    const number = () => {
      for (let value = 0, power = 1; ; power *= 128) {
        const byte = bytes[place++];
        value += (byte & 127) * power;
        if (byte < 128 || byte === undefined) return value;
      }
    };
    const found = new Set();
    while (place < bytes.length) {
      const tag = number();
      found.add(tag >> 3);
      if (tag % 8 === 2) place += number();
      else if (tag % 8 === 0) number();
      else place += tag % 8 === 1 ? 8 : 4;
    }
    return found;
  };
  window.runs = {};
  const sockets = new WeakSet(), send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (message) {
    if (!sockets.has(this)) this.addEventListener("message", ({data}) => {
      const found = fields(data);
      if (found.has(NEW_SESSION)) window.runs.began = performance.now();
      if (found.has(SCRIPT_FINISHED)) window.runs.ended = performance.now();
    });
    sockets.add(this);
    if (typeof message !== "string" && fields(message).has(RERUN_SCRIPT)) window.runs.asked = performance.now();
    return send.call(this, message);
  };
}
