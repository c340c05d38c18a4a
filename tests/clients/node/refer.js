// Sends a referral and waits to hear what becomes of it:
//
//   LSCP_ENDPOINT=host:port LSCP_CERT=… LSCP_KEY=… LSCP_CA=… LSCP_BOROUGH=barnet
//   node refer.js referral.json
//
// referral.json holds a safeguarding.referrals.v1.Contact.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { setTimeout: pause } = require("node:timers/promises");
const grpc = require("@grpc/grpc-js");
const protoLoader = require("@grpc/proto-loader");

const PROTOS = path.join(__dirname, "../../../protos");
// Google's own protos, as Debian's golang-github-gogo-googleapis-dev installs them.
const GOOGLE = process.env.LSCP_GOOGLEAPIS || "/usr/share/gocode/src/github.com/gogo/googleapis";

const definitions = protoLoader.loadSync(
  [
    "safeguarding/referrals/v1/contacts_service.proto",
    "google/rpc/status.proto",
    "google/rpc/error_details.proto",
  ],
  { includeDirs: [PROTOS, GOOGLE], enums: String, longs: Number, defaults: true },
);
const { ContactsService } = grpc.loadPackageDefinition(definitions).safeguarding.referrals.v1;

// Who we are is what our certificate says; the metadata says which borough is meant and what for.
function connect() {
  const credentials = grpc.credentials.createSsl(
    fs.readFileSync(process.env.LSCP_CA),
    fs.readFileSync(process.env.LSCP_KEY),
    fs.readFileSync(process.env.LSCP_CERT),
  );
  return new ContactsService(process.env.LSCP_ENDPOINT, credentials);
}

function metadata() {
  const headers = new grpc.Metadata();
  headers.set("lscp-borough", process.env.LSCP_BOROUGH);
  headers.set("lscp-purpose", "safeguarding");
  return headers;
}

const parent = () => `boroughs/${process.env.LSCP_BOROUGH}`;

function call(client, method, request) {
  const options = { deadline: Date.now() + 15_000 };
  return new Promise((resolve, reject) =>
    client[method](request, metadata(), options, (error, reply) =>
      error ? reject(error) : resolve(reply),
    ),
  );
}

// Nobody knows whether a call that ended UNAVAILABLE had its effect. Repeated with the same
// requestId, it has it once.
async function submit(client, contact) {
  const request = { parent: parent(), contact, requestId: crypto.randomUUID() };
  for (let wait = 200; ; wait *= 2) {
    try {
      return (await call(client, "submitContact", request)).referral;
    } catch (error) {
      if (error.code !== grpc.status.UNAVAILABLE || wait > 5_000) throw error;
      await pause(wait);
    }
  }
}

// What became of our referrals, from now on and for ever: a stream that ends is taken up where it
// ended. The first thing that comes out is `null`: from here on nothing is missed.
async function* watch(client) {
  let cursor = "";
  let started = false;
  for (;;) {
    const stream = client.watchMyReferrals({ parent: parent(), startCursor: cursor }, metadata());
    try {
      for await (const message of stream) {
        if (!started) yield null;
        started = true;
        yield* message.events;
        cursor = message.cursor;
      }
    } catch (error) {
      if (error.code !== grpc.status.UNAVAILABLE) throw error;
      await pause(500);
    } finally {
      stream.cancel();
    }
  }
}

// The details of an error: a google.rpc.Status in the trailer, each detail of it an Any.
function detailsOf(error) {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!bytes) return [];
  return definitions["google.rpc.Status"].deserialize(bytes).details.flatMap((any) => {
    const name = any.type_url.split("/").pop();
    return name in definitions ? [{ name, ...definitions[name].deserialize(any.value) }] : [];
  });
}

function explain(error) {
  console.error(`refused: ${grpc.status[error.code] ?? error.code}: ${error.details ?? error}`);
  for (const detail of detailsOf(error)) {
    if (detail.name === "google.rpc.ErrorInfo") console.error(`reason: ${detail.reason}`);
    for (const violation of detail.fieldViolations ?? []) {
      console.error(`  ${violation.field}: ${violation.description}`);
    }
  }
}

async function main() {
  const contact = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
  const client = connect();
  let sent;
  for await (const event of watch(client)) {
    if (!event) {
      sent = await submit(client, contact);
      console.log(`sent: ${sent.name}`);
      const due = new Date(sent.decisionDueTime.seconds * 1000).toISOString();
      console.log(`decision due: ${due}`);
    } else if (event.referral.name === sent.name && event.referral.state === "STATE_DECIDED") {
      console.log(`outcome: ${event.referral.outcome}`);
      console.log(`feedback: ${event.referral.feedback}`);
      break;
    }
  }
  client.close();
}

main().catch((error) => {
  explain(error);
  process.exitCode = 1;
  process.exit();
});
