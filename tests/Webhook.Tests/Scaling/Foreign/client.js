'use strict';
// Calls the external scaler with grpc-js, and with node's own HTTP/2 where gRPC has to be broken. Takes commands as JSON lines, answers as JSON lines.
//   client.js EXTERNALSCALER.PROTO HOST:PORT [ROOTS.PEM]
const fs = require('fs');
const http2 = require('http2');
const readline = require('readline');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [protoFile, address, roots] = process.argv.slice(2);
const definition = loader.loadSync(protoFile, { keepCase: true, longs: Number, defaults: true });
const { ExternalScaler } = grpc.loadPackageDefinition(definition).externalscaler;
const credentials = roots ? grpc.credentials.createSsl(fs.readFileSync(roots)) : grpc.credentials.createInsecure();
const plain = new ExternalScaler(address, credentials);
const zipped = new ExternalScaler(address, credentials, { 'grpc.default_compression_algorithm': 2 });
const open = new Map();

const say = (id, answer) => process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
const options = ({ deadline }) => (deadline === undefined ? {} : { deadline: Date.now() + deadline });

const commands = {
    unary({ id, method, request, deadline, zip }) {
        const call = (zip ? zipped : plain)[method](request, options({ deadline }), (error, reply) => {
            open.delete(id);
            say(id, error ? { code: error.code, details: error.details } : { code: 0, reply });
        });
        open.set(id, call);
    },

    // A method that the contract does not have.
    unknown({ id, path }) {
        plain.makeUnaryRequest(path, (b) => b, (b) => b, Buffer.alloc(0), (error) => say(id, error ? { code: error.code, details: error.details } : { code: 0 }));
    },

    stream({ id, request, deadline }) {
        const call = plain.StreamIsActive(request, options({ deadline }));
        open.set(id, call);
        call.on('data', (reply) => say(id, { reply }));
        call.on('error', () => {}); // the status tells the same
        call.on('status', ({ code, details }) => say(id, { code, details }));
    },

    cancel({ of }) {
        open.get(of).cancel();
    },

    // One request of these bytes, in DATA frames of the given pieces. With reset: the stream is broken off behind them.
    raw({ id, headers, pieces, reset }) {
        const session = http2.connect(`http://${address}`);
        const stream = session.request({
            ':method': 'POST', ':path': '/externalscaler.ExternalScaler/IsActive', 'content-type': 'application/grpc', te: 'trailers', ...headers,
        }, { endStream: false });
        const seen = { headers: {}, trailers: {}, body: '', endsWithHeaders: false };
        const close = (more) => {
            session.destroy();
            say(id, { ...seen, ...more });
        };
        stream.on('response', (given, flags) => {
            seen.headers = given;
            seen.endsWithHeaders = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
        });
        stream.on('trailers', (given) => { seen.trailers = given; });
        stream.on('data', (chunk) => { seen.body += chunk.toString('hex'); });
        stream.on('error', (error) => { seen.error = error.message; });
        stream.on('close', () => close({ rst: stream.rstCode }));
        pieces.forEach((piece) => stream.write(Buffer.from(piece, 'hex')));
        if (reset) {
            setImmediate(() => stream.close(http2.constants.NGHTTP2_CANCEL));
        } else {
            stream.end();
        }
    },

    // Says when the server asks whether we are still here, and whether it answers the same question.
    ping({ id }) {
        const session = http2.connect(`http://${address}`);
        session.on('connect', () => session.ping((error) => say(id, { answered: !error })));
        session.on('ping', () => {
            session.destroy();
            say(id, { asked: true });
        });
    },
};

readline.createInterface({ input: process.stdin })
    .on('line', (line) => {
        const command = JSON.parse(line);
        commands[command.do](command);
    })
    .on('close', () => process.exit(0));
