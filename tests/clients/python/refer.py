#!/usr/bin/python3
"""Sends a referral and waits to hear what becomes of it:

    LSCP_ENDPOINT=host:port LSCP_CERT=… LSCP_KEY=… LSCP_CA=… LSCP_BOROUGH=barnet \
      refer.py referral.json

referral.json holds a safeguarding.referrals.v1.Contact. Needs Debian's python3-grpcio and
python3-protobuf, and modules that `generate.sh` makes, in PYTHONPATH.
"""

import os
import sys
import time
import uuid

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from safeguarding.referrals.v1 import contacts_service_pb2 as contacts
from safeguarding.referrals.v1 import contacts_service_pb2_grpc as contacts_grpc

BOROUGH = os.environ["LSCP_BOROUGH"]
PARENT = f"boroughs/{BOROUGH}"
# Who we are is what our certificate says; this says which borough is meant and what for.
METADATA = (("lscp-borough", BOROUGH), ("lscp-purpose", "safeguarding"))


def content(variable):
    with open(os.environ[variable], "rb") as file:
        return file.read()


def connect():
    credentials = grpc.ssl_channel_credentials(
        root_certificates=content("LSCP_CA"),
        private_key=content("LSCP_KEY"),
        certificate_chain=content("LSCP_CERT"),
    )
    return grpc.secure_channel(os.environ["LSCP_ENDPOINT"], credentials)


def submit(stub, contact):
    """Nobody knows whether a call that ended UNAVAILABLE had its effect. Repeated with the same
    request_id, it has it once."""
    request = contacts.SubmitContactRequest(
        parent=PARENT, contact=contact, request_id=str(uuid.uuid4())
    )
    wait = 0.2
    while True:
        try:
            return stub.SubmitContact(request, metadata=METADATA, timeout=15).referral
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE or wait > 5:
                raise
            time.sleep(wait)
            wait *= 2


def watch(stub):
    """What became of our referrals, from now on and for ever: a stream that ends is taken up where
    it ended. The first thing that comes out is None: from here on nothing is missed."""
    cursor = ""
    started = False
    while True:
        request = contacts.WatchMyReferralsRequest(parent=PARENT, start_cursor=cursor)
        stream = stub.WatchMyReferrals(request, metadata=METADATA)
        try:
            for message in stream:
                if not started:
                    yield None
                started = True
                yield from message.events
                cursor = message.cursor
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            time.sleep(0.5)
        finally:
            stream.cancel()


def explain(error):
    """Prints an error with its details: a google.rpc.Status in the trailer."""
    print(f"refused: {error.code().name}: {error.details()}", file=sys.stderr)
    trailers = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(trailers.get("grpc-status-details-bin", b""))
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            print(f"reason: {info.reason}", file=sys.stderr)
        bad_request = error_details_pb2.BadRequest()
        if detail.Unpack(bad_request):
            for violation in bad_request.field_violations:
                print(f"  {violation.field}: {violation.description}", file=sys.stderr)


def refer(file):
    with open(file, encoding="utf-8") as text:
        contact = json_format.Parse(text.read(), contacts.Contact())
    with connect() as channel:
        stub = contacts_grpc.ContactsServiceStub(channel)
        for event in watch(stub):
            if event is None:
                sent = submit(stub, contact)
                print(f"sent: {sent.name}")
                print(f"decision due: {sent.decision_due_time.ToJsonString()}", flush=True)
            elif event.referral.name == sent.name and event.referral.outcome:
                print(f"outcome: {contacts.ContactOutcome.Name(event.referral.outcome)}")
                print(f"feedback: {event.referral.feedback}")
                return


if __name__ == "__main__":
    try:
        refer(sys.argv[1])
    except grpc.RpcError as rpc_error:
        explain(rpc_error)
        sys.exit(1)
