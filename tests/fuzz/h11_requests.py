"""Reads what parse_cli --batch reads and prints what h11 makes of it, in the same form.

Two things that RFC 9112 leaves to the server are set alike before comparing: an empty line before a
request line is skipped (2.2), and HTTP/1.0 connections are not kept here, which the line says with
"keep": false.
"""
import json
import struct
import sys

import h11


def next_request(connection, requests):
    """Reads one request whole. None, or why there is none."""
    request, body = None, b''
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            return 'more' if request or connection.trailing_data[0] else 'done'
        if isinstance(event, h11.ConnectionClosed):
            return 'done'
        if event is h11.PAUSED:
            return 'closed'
        if isinstance(event, h11.Request):
            request = event
        if isinstance(event, h11.Data):
            body += bytes(event.data)
        if isinstance(event, h11.EndOfMessage):
            requests.append({
                'method': request.method.decode('latin1'),
                'target': request.target.decode('latin1'),
                'minor': int(request.http_version.decode().split('.')[1]),
                # A proposed upgrade is not taken here; a tunnel would not be HTTP any more.
                'keep': connection.their_state in (h11.DONE, h11.MIGHT_SWITCH_PROTOCOL)
                        and request.method != b'CONNECT',
                'body': body.hex(),
            })
            return None


def read_stream(stream):
    requests, end = [], None
    rest = stream
    while end is None:
        if not rest:
            end = 'done'
            break
        # A fresh connection for each request: h11 wants an answer in between, and its state after
        # the request is all that matters here.
        connection = h11.Connection(h11.SERVER)
        connection.receive_data(rest[2:] if rest.startswith(b'\r\n') else rest)
        try:
            end = next_request(connection, requests)
        except h11.RemoteProtocolError as error:
            end = str(error)
        if end is None:
            rest = connection.trailing_data[0]
            if not requests[-1]['keep']:
                end = 'closed'
    return {'requests': requests, 'end': end}


def main():
    read = sys.stdin.buffer.read
    while size := read(4):
        print(json.dumps(read_stream(read(struct.unpack('>I', size)[0]))))


main()
