// Calls a method with headers and bodies that no gRPC library would send, each on a
// connection of its own, and prints how each call ended: "name: grpc-status" or "name: reset".
"use strict";

const fs = require("node:fs");
const http2 = require("node:http2");

const HEADERS = {
  tab: { "x-invented": "a\tb" },
  "not-ascii": { "x-invented": "caf\u00e9 \u00ff" },
  "tracestate-tab": {
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    tracestate: "a=\tb",
  },
  "purpose-not-ascii": { "lscp-purpose": "caf\u00e9" },
  "borough-tab": { "lscp-borough": "bar\tnet" },
  "not-base64": { "x-invented-bin": "%%%" },
  "caller-not-base64": { "lscp-caller-bin": "%%%" },
  "token-not-ascii": { authorization: "Bearer caf\u00e9" },
  "timeout-malformed": { "grpc-timeout": "soon" },
  "odd-name": { "x!#$&'*+.^_`|~": "1" },
  "empty-value": { "x-invented": "" },
};

const [endpoint, path] = process.argv.slice(2);
const read = (variable) => fs.readFileSync(process.env[variable]);
const credentials = { ca: read("LSCP_CA"), cert: read("LSCP_CERT"), key: read("LSCP_KEY") };

const name = Buffer.from("boroughs/barnet");
const message = Buffer.concat([Buffer.from([0, 0, 0, 0, name.length + 2, 10, name.length]), name]);

const BODIES = {
  "no-message": Buffer.alloc(0),
  "half-a-message": message.subarray(0, 9),
  "two-messages": Buffer.concat([message, message]),
  "said-to-be-compressed": Buffer.concat([Buffer.from([1]), message.subarray(1)]),
  "said-to-be-huge": Buffer.from([0, 255, 255, 255, 255, 10]),
  "well-formed": message,
};

// Some of this ends its connection, and rightly.
function call(headers, body = message) {
  return new Promise((resolve) => {
    const session = http2.connect(`https://${endpoint}`, credentials);
    let status = "reset";
    const note = (received) => (status = received["grpc-status"] ?? status);
    session.on("error", () => {});
    session.on("close", () => resolve(status));
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      "lscp-borough": "barnet",
      "lscp-purpose": "safeguarding",
      ...headers,
    });
    stream.on("response", note);
    stream.on("trailers", note);
    stream.on("error", () => {});
    stream.on("close", () => session.close());
    stream.resume();
    stream.end(body);
  });
}

async function main() {
  for (const [title, headers] of Object.entries(HEADERS)) {
    console.log(`${title}: ${await call(headers)}`);
  }
  for (const [title, body] of Object.entries(BODIES)) {
    console.log(`${title}: ${await call({}, body)}`);
  }
}

main();
